/**
 * 10,000 waiters of every kind that do nothing: they must hold no timer and
 * use no CPU. Prints the figures; exits with 1 if they don't hold.
 */
import {
  AsyncEvent,
  createTask,
  sleep,
  type Task,
  waitForOutcome,
} from "../mod.ts";
import { report } from "./_limits.ts";
import { collect, cpuTime } from "./_measure.ts";

const EACH = 2_500;
const OBSERVED_MS = 1_000;
/** What an idle process of a runtime may use by itself, in percent. */
const MOST_CPU = 2;

const never = new AsyncEvent();
const alsoNever = new AsyncEvent();
const endless = createTask((context) => context.sleep(Infinity));

const kinds: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
  (signal) => never.wait({ signal }),
  () => never.wait(),
  (signal) =>
    waitForOutcome(endless, {
      completionEvent: alsoNever,
      cancelEvent: never,
      signal,
      onStop: "leave",
      grace: 100,
    }),
  () => sleep(Infinity),
];

const host = globalThis as unknown as Record<
  string,
  ((...args: unknown[]) => unknown) | undefined
>;
const observe = host.setTimeout!;
let timers = 0;
for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
  const make = host[name];
  if (make === undefined) continue;
  host[name] = (...args) => {
    timers++;
    return make(...args);
  };
}

const controller = new AbortController();
const waiters: Task[] = [];
for (const wait of kinds) {
  for (let i = 0; i < EACH; i++) {
    waiters.push(createTask(() => wait(controller.signal)));
  }
}
collect();
// The tail of the start, such as compilation, is none of the waiters' doing.
await new Promise((resolve) => observe(resolve, 200));

const start = cpuTime();
await new Promise((resolve) => observe(resolve, OBSERVED_MS));
const cpu = (cpuTime() - start) / OBSERVED_MS * 100;
const armed = timers;
const idle = waiters.filter((waiter) => !waiter.done).length;

for (const waiter of waiters) waiter.cancel();
// Half of them listen to this signal in place of their task.
controller.abort();
endless.cancel();
let cancelled = 0;
for (const waiter of waiters) {
  await waiter.catch(() => {});
  if (waiter.cancelled) cancelled++;
}
await endless.catch(() => {});

report([
  { what: "timers", figure: armed, most: 0, unit: "" },
  { what: "CPU while idle", figure: cpu, most: MOST_CPU, unit: "%" },
  {
    what: "waiters that ended by themselves",
    figure: waiters.length - idle,
    most: 0,
    unit: "",
  },
  {
    what: "waiters that cancellation did not end",
    figure: waiters.length - cancelled,
    most: 0,
    unit: "",
  },
]);
