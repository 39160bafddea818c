/// <reference lib="dom" />
import type { LiveData } from "../inspector/live_recording.ts";
import { Live, notesOf } from "./live.ts";
import { NoteLists } from "./notes.ts";
import { Timeline } from "./timeline.ts";

// The page of the inspector: what it shows comes as server-sent events.
const state = document.getElementById("state")!;
const live = new Live();
let allowCancel = false;
const timeline = new Timeline(document.getElementById("timeline")!, {
  cancel: async (id, reason) => {
    if (!allowCancel) return "This inspector only shows";
    const answer = await fetch("cancel", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, ...(reason === "" ? {} : { reason }) }),
    });
    return await answer.text();
  },
  canCancel: () => allowCancel,
});
const notes = new NoteLists(
  document.getElementById("notes")!,
  (id) => timeline.showId(id),
);

function draw(data: LiveData): void {
  allowCancel = data.allowCancel;
  const { elapsed, dropped, epoch, failures } = data;
  const { spans } = live;
  timeline.update({ spans, elapsed, dropped, epoch });
  notes.draw(notesOf(spans, elapsed), failures);
}

const events = new EventSource("events");
events.onopen = () => state.textContent = "live";
events.onerror = () =>
  state.textContent = "not connected: the program has ended or is busy";
events.addEventListener("whole", ({ data }) => {
  const whole = JSON.parse(data) as LiveData;
  live.whole(whole);
  draw(whole);
});
events.addEventListener("changes", ({ data }) => {
  const changes = JSON.parse(data) as LiveData;
  live.changes(changes);
  draw(changes);
});
