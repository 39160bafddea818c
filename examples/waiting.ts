// Waits end by value, event or time, and say which it was.
import {
  AsyncEvent,
  cancelAndWait,
  createTask,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";

const nap = (ms: number) => createTask(({ sleep }) => sleep(ms));

console.log((await waitForOutcome(nap(1))).status);

const late = nap(60_000);
console.log((await waitForOutcome(late, { timeout: 5 })).status, late.status);

const left = nap(60_000);
const patience = { timeout: 5, onStop: "leave" } as const;
console.log((await waitForOutcome(left, patience)).status, left.status);
console.log((await cancelAndWait(left, { reason: "no need" })).status);

// The work is done when it says so, not when its last line has run.
const saved = new AsyncEvent();
const worker = createTask(async ({ sleep }) => {
  saved.set();
  await sleep(1);
});
console.log(await waitWithCancellation(worker, { completionEvent: saved }));
console.log(worker.status);
await worker;

// Output:
// completed
// timed-out cancelled
// timed-out running
// cancelled
// true
// running
