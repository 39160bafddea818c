/// <reference lib="dom" />
import type { TimelineData } from "../recording/timeline_html.ts";
import { Timeline } from "./timeline.ts";

// The page of a recording: its data is in the page.
const text = document.getElementById("data")!.textContent!;
new Timeline(document.getElementById("timeline")!)
  .update(JSON.parse(text) as TimelineData);
