// One cancellation reaches events, tasks and platform controllers alike.
import {
  AsyncEvent,
  createTask,
  formatReason,
  propagateCancellation,
} from "../mod.ts";

const shutdown = createTask(({ sleep }) => sleep(60_000), { name: "service" });
const event = new AsyncEvent();
const controller = new AbortController();
const task = createTask(({ sleep }) => sleep(60_000), { name: "poller" });

using link = propagateCancellation(shutdown, [event, controller]);
link.add(task);
{
  // Disposing of a link cancels nobody.
  using _short = propagateCancellation(shutdown, [new AsyncEvent()]);
}

shutdown.cancel("maintenance");
console.log("event:", event.isSet);
console.log("controller:", controller.signal.reason.message);
console.log("task:", task.status);
await Promise.allSettled([shutdown, task]);
if (task.reason) console.log(formatReason(task.reason));
console.log("link:", (await link.done).status);

// Output:
// event: true
// controller: cancelled with its parent "service": maintenance
// task: cancelling
// cancelled with its parent "service" <- cancelled: maintenance
// link: propagated
