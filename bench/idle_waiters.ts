/**
 * 10,000 waiters of every kind that do nothing: they must hold no timer and
 * use no CPU. Prints the figures; exits with 1 if they don't hold.
 */
import { createHook } from "node:async_hooks";
import process from "node:process";
import {
  AsyncEvent,
  createTask,
  sleep,
  type Task,
  waitForOutcome,
} from "../mod.ts";
import { cpuTime } from "./_measure.ts";

const EACH = 2_500;
const OBSERVED_MS = 1_000;
/** What an idle process of this runtime may use beside us, in percent. */
const MOST_CPU = 2;

const never = new AsyncEvent();
const endless = createTask((context) => context.sleep(Infinity));

const kinds: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
  (signal) => never.wait({ signal }),
  (signal) => sleep(Infinity, { signal }),
  (signal) => waitForOutcome(endless, { cancelEvent: never, signal }),
  () => sleep(Infinity),
];

let timersMade = 0;
const hook = createHook({
  init(_id, type) {
    if (type === "Timeout" || type === "Immediate") timersMade++;
  },
});

hook.enable();
const controller = new AbortController();
const waiters: Task[] = [];
for (const wait of kinds) {
  for (let i = 0; i < EACH; i++) {
    waiters.push(createTask(() => wait(controller.signal)));
  }
}
const before = timersMade;

const start = cpuTime();
await new Promise((resolve) => setTimeout(resolve, OBSERVED_MS));
const cpu = (cpuTime() - start) / OBSERVED_MS * 100;
hook.disable();
// One of them is the one above.
const woken = timersMade - before - 1;

for (const waiter of waiters) waiter.cancel();
// Most of them listen to this signal in place of their task.
controller.abort();
endless.cancel();
let cancelled = 0;
for (const waiter of waiters) {
  await waiter.catch(() => {});
  if (waiter.cancelled) cancelled++;
}
await endless.catch(() => {});

console.log(`waiters:             ${waiters.length}`);
console.log(`timers made by them: ${before}`);
console.log(`timers while idle:   ${woken}`);
console.log(`CPU while idle:      ${cpu.toFixed(2)} % of one core`);
console.log(`cancelled after all: ${cancelled}`);
const holds = before === 0 && woken === 0 && cpu < MOST_CPU &&
  cancelled === waiters.length;
console.log(holds ? "holds" : "VIOLATED");
process.exitCode = holds ? 0 : 1;
