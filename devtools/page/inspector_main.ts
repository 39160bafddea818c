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

/** What was told last, and when. */
let last: { readonly data: LiveData; readonly at: number } | undefined;

function draw(data: LiveData, since = 0): void {
  allowCancel = data.allowCancel;
  const { dropped, epoch, failures } = data;
  const elapsed = data.elapsed + since;
  const { spans } = live;
  timeline.update({ spans, elapsed, dropped, epoch });
  notes.draw(notesOf(spans, elapsed), failures);
}

function told(data: LiveData): void {
  last = { data, at: performance.now() };
  draw(data);
}

// While nothing changes nothing is told, but what runs gets older, and what was
// asked to stop becomes stuck.
setInterval(() => {
  if (last === undefined || document.hidden) return;
  if (live.spans.every(({ end }) => end !== undefined)) return;
  draw(last.data, performance.now() - last.at);
}, 1_000);

const events = new EventSource("events");
events.onopen = () => state.textContent = "live";
events.onerror = () => {
  // Nothing more is known of what runs.
  last = undefined;
  state.textContent = "not connected: the program has ended or is busy";
};
events.addEventListener("whole", ({ data }) => {
  const whole = JSON.parse(data) as LiveData;
  live.whole(whole);
  told(whole);
});
events.addEventListener("changes", ({ data }) => {
  const changes = JSON.parse(data) as LiveData;
  live.changes(changes);
  told(changes);
});
