// Where the platform's own classes can't be changed.
import {
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  CancelScope,
  createTask,
  failAfter,
  moveOnAfter,
  Progress,
  propagateCancellation,
  run,
  shield,
  sleep,
  TaskGroup,
  TaskTracker,
  waitForOutcome,
} from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";

const errorOf = (work) => work.then(() => undefined, (error) => error);
const idle = ({ sleep }) => sleep(60_000);

const task = createTask(idle, { name: "download" });
console.log("cancel:", task.cancel("stop"));
console.log("rejects:", `${await errorOf(task)}`, task.status);

const stop = new AsyncEvent();
const watched = waitForOutcome(createTask(idle), { cancelEvent: stop });
stop.set();
console.log("event:", (await watched).status);

const controller = new AbortController();
const signalled = createTask(idle, { signal: controller.signal });
controller.abort();
await errorOf(signalled);
console.log("signal:", signalled.status, signalled.reason.kind);

console.log("given:", `${new CancelledError({ kind: "explicit", at: 0 })}`);

const late = await errorOf(failAfter(5, () => sleep(60_000)));
console.log("failAfter:", late.name, late.cause?.name);
console.log("moveOnAfter:", await moveOnAfter(5, () => sleep(60_000)));

const scope = new CancelScope();
scope.cancel("stop");
console.log(
  "scope:",
  await scope.run(() => sleep(60_000)),
  scope.cancelledCaught,
);

const failed = await errorOf(TaskGroup.run((group) => {
  group.spawn(idle);
  group.spawn(() => Promise.reject(new Error("disk full")));
}));
console.log("group:", failed.name, failed.errors.map(String).join());

const cleaned = createTask(async () => {
  try {
    await sleep(60_000);
  } finally {
    await shield(() => sleep(1));
    console.log("shield: cleaned up");
  }
});
console.log("join:", (await cancelAndWait(cleaned)).status);

const tracker = new TaskTracker();
tracker.spawn(idle);
console.log("tracker:", (await tracker.cancelAll()).succeeded);

const child = createTask(idle, { detached: true });
const link = propagateCancellation(stop, [child]);
await errorOf(child);
link[Symbol.dispose]();
console.log("propagation:", child.status);

const progress = new Progress({ total: 2 });
progress.advance();
console.log("progress:", progress.fraction);

try {
  await sleep(NaN);
} catch (error) {
  console.log("refused:", `${error}`);
}

await withVirtualClock(async (clock) => {
  await sleep(3_600_000);
  console.log("virtual:", clock.now);
});

// Reported on stderr, and the exit code is 1.
void createTask(() => Promise.reject(new Error("lost")), { name: "forgotten" });
await run(async () => {
  await sleep(20);
});
