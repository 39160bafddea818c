/**
 * A million short tasks under one parent that lives on: the heap must stay
 * flat, and no listener may be left on a signal. Prints the figures; exits
 * with 1 if they don't hold.
 */
import {
  abortable,
  allTasks,
  AsyncEvent,
  createTask,
  sleep,
  type TaskContext,
  waitForOutcome,
} from "../mod.ts";
import { report } from "./_limits.ts";
import { check, heapInUse } from "./_measure.ts";

const TASKS = 1_000_000;
const AT_ONCE = 1_000;
const MIB = 2 ** 20;
const MOST_GROWTH = 5;

/** Follows which listeners are on a signal. */
function watched(signal: AbortSignal): Set<unknown> {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      listeners.add(args[1]);
      addEventListener.apply(signal, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      listeners.delete(args[1]);
      removeEventListener.apply(signal, args);
    },
  });
  return listeners;
}

const foreign = new AbortController();
const foreignListeners = watched(foreign.signal);
const event = new AsyncEvent();
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
  const parentListeners = watched(context.signal);
  // The code is compiled and all tables have their size before we look.
  for (let i = 0; i < 50; i++) {
    context.signal.throwIfAborted();
    await batch(i);
  }
  await sleep(10);
  const before = heapInUse();
  ended = 0;
  for (let i = 0; i < TASKS / AT_ONCE; i++) {
    context.signal.throwIfAborted();
    await batch(i);
  }
  await sleep(10);
  return {
    change: Math.abs(heapInUse() - before) / MIB,
    ofParent: parentListeners.size,
    // The parent itself runs on.
    left: allTasks().length - 1,
  };
});
const { change, ofParent, left } = await parent;
check(ended === TASKS, `${ended} of ${TASKS} tasks ended`);

report([
  {
    what: "change of the heap",
    figure: change,
    most: MOST_GROWTH,
    unit: "MiB",
  },
  { what: "tasks left", figure: left, most: 0, unit: "" },
  { what: "listeners on its signal", figure: ofParent, most: 0, unit: "" },
  {
    what: "listeners on a foreign signal",
    figure: foreignListeners.size,
    most: 0,
    unit: "",
  },
]);
