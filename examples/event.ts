// An event is a flag to wait for, and a source of cancellation.
import { AsyncEvent, createTask, waitForOutcome } from "../mod.ts";

const ready = new AsyncEvent();
const waiters = ["first", "second"].map((name) =>
  createTask(async () => {
    await ready.wait();
    console.log(name, "is awake");
  }, { name })
);
ready.set();
// Both wait since before, so the pulse wakes them, in the order they came.
ready.clear();
await Promise.all(waiters);
console.log("still set:", ready.isSet);

const stop = new AsyncEvent();
const endless = createTask(({ sleep }) => sleep(Infinity), { name: "endless" });
queueMicrotask(() => stop.set());
const outcome = await waitForOutcome(endless, { cancelEvent: stop });
if (outcome.status === "cancelled") {
  console.log("stopped:", endless.status, "by", outcome.reason.kind);
}
console.log("as a signal:", stop.signal.aborted);

// Output:
// first is awake
// second is awake
// still set: false
// stopped: cancelled by event
// as a signal: true
