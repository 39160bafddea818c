/**
 * A million short tasks under one parent that lives on: the heap must stay
 * flat, and no listener may be left on a signal. Prints the figures; exits
 * with 1 if they don't hold.
 */
import process from "node:process";
import {
  abortable,
  AsyncEvent,
  createTask,
  sleep,
  type TaskContext,
  waitForOutcome,
} from "../mod.ts";
import { heapInUse } from "./_measure.ts";

const TASKS = 1_000_000;
const AT_ONCE = 1_000;
const MOST_GROWTH = 5 * 2 ** 20;

/** Counts the listeners that are on a signal. */
function watched(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      count++;
      addEventListener.apply(signal, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      count--;
      removeEventListener.apply(signal, args);
    },
  });
  return () => count;
}

const foreign = new AbortController();
const foreignListeners = watched(foreign.signal);
const event = new AsyncEvent();
let parentListeners = () => 0;
let ended = 0;

/** Every kind of short wait, one after the other. */
const bodies: readonly ((context: TaskContext) => Promise<unknown>)[] = [
  async () => {
    await null;
  },
  ({ abortable }) => abortable(Promise.resolve()),
  () => abortable(Promise.resolve(), { signal: foreign.signal }),
  async ({ signal }) => {
    const wait = event.wait({ signal: foreign.signal });
    event.set();
    event.clear();
    await wait;
    return signal.aborted;
  },
  () => waitForOutcome(createTask(() => Promise.resolve(1))),
];

async function batch(index: number): Promise<void> {
  const tasks = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const body = bodies[(index + i) % bodies.length]!;
    // A foreign signal for every second one, besides the parent's.
    const options = i % 2 === 0 ? undefined : { signal: foreign.signal };
    tasks.push(createTask(body, options));
  }
  for (const task of tasks) {
    await task;
    ended++;
  }
}

const parent = createTask(async (context) => {
  parentListeners = watched(context.signal);
  // The code is compiled and all tables have their size before we look.
  for (let i = 0; i < 50; i++) await batch(i);
  await sleep(10);
  const before = heapInUse();
  ended = 0;
  for (let i = 0; i < TASKS / AT_ONCE; i++) await batch(i);
  await sleep(10);
  return heapInUse() - before;
});
const growth = await parent;

console.log(`tasks:                          ${ended}`);
console.log(
  `growth of the heap:             ${(growth / 2 ** 20).toFixed(3)} MiB`,
);
console.log(`listeners on the parent signal: ${parentListeners()}`);
console.log(`listeners on a foreign signal:  ${foreignListeners()}`);
const holds = ended === TASKS && growth <= MOST_GROWTH &&
  parentListeners() === 0 && foreignListeners() === 0;
console.log(holds ? "holds" : "VIOLATED");
process.exitCode = holds ? 0 : 1;
