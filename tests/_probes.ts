/**
 * What the tests of the core watch with: turns of the event loop, failures
 * that nobody looked at, listeners on a signal, and what is left running.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  cancelAndWait,
  configure,
  createTask,
  sleep,
  type Task,
  type TaskOptions,
  type UnobservedFailure,
} from "../mod.ts";
import { settings } from "../src/settings.ts";

/** Listens to an abort as a bare platform listener does, for good. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) return listener();
  // deno-lint-ignore mdc/no-leaked-abort-listener -- the signal ends with its test
  signal.addEventListener("abort", listener); // eslint-disable-line mdc/no-leaked-abort-listener -- the signal ends with its test
}

export const never: Promise<never> = new Promise<never>(() => {});

/** Two macrotasks: whatever is due in the next one has happened. */
export async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(() => resolve()));
  await new Promise<void>((resolve) => setImmediate(() => resolve()));
}

/** A task that waits for its cancellation and holds no timer. */
export function idle(options?: TaskOptions): Task<void> {
  return createTask((context) => context.sleep(Infinity), options);
}

/** Resolves when a task has ended, in whatever way; counts as looking. */
export function ended(task: Task): Promise<void> {
  return task.then(() => {}, () => {});
}

/** Runs `body` with a hook that collects the failures nobody looked at. */
export async function withFailures(
  body: (seen: UnobservedFailure[]) => Promise<void>,
): Promise<void> {
  const seen: UnobservedFailure[] = [];
  const before = configure({
    onUnobservedFailure: (failure) => seen.push(failure),
  });
  try {
    await body(seen);
  } finally {
    configure(before);
  }
}

/** Runs `body` and gives what was thrown meanwhile with nobody to catch it. */
export async function uncaughtIn(
  body: () => unknown,
): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const host = globalThis as { queueMicrotask: (job: () => void) => void };
  const before = host.queueMicrotask;
  host.queueMicrotask = (job) =>
    before.call(globalThis, () => {
      try {
        job();
      } catch (error) {
        thrown.push(error);
      }
    });
  try {
    await body();
    await turn();
  } finally {
    host.queueMicrotask = before;
  }
  return thrown;
}

/** Asserts that the running tasks are these, by identity and in this order. */
export function assertTasks(expected: readonly Task[]): void {
  const actual = allTasks();
  assertEquals(
    actual.map((task) => task.name),
    expected.map((task) => task.name),
  );
  actual.forEach((task, i) => assertStrictEquals(task, expected[i]));
}

/** Asserts a synchronous refusal that leaves nothing running. */
export function assertRefused<E extends Error>(
  call: () => unknown,
  // deno-lint-ignore no-explicit-any -- the signature of assertThrows()
  kind: new (...args: any[]) => E,
  message: string,
): void {
  const before = allTasks();
  assertThrows(call, kind, message);
  assertTasks(before);
}

/** What a group rejects with; it must be an AggregateError. */
export function groupError(run: Promise<unknown>): Promise<AggregateError> {
  return assertRejects(() => run, AggregateError);
}

/** A controller, and how many listeners its signal has. */
export interface SpiedController {
  controller: AbortController;
  signal: AbortSignal;
  /** How many there are now. */
  readonly now: number;
  /** The most there ever were at once. */
  readonly most: number;
}

/** A controller whose signal counts its listeners. */
export function spy(): SpiedController {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  let most = 0;
  const add = signal.addEventListener;
  const remove = signal.removeEventListener;
  signal.addEventListener = (...args: unknown[]) => {
    listeners.add(args[1]);
    most = Math.max(most, listeners.size);
    return Reflect.apply(add, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners.delete(args[1]);
    return Reflect.apply(remove, signal, args);
  };
  return {
    controller,
    signal,
    get now() {
      return listeners.size;
    },
    get most() {
      return most;
    },
  };
}

/** Runs `body` where the current task isn't known after an `await`. */
export async function withoutContext(
  body: () => void | Promise<void>,
): Promise<void> {
  const before = settings.taskContext;
  settings.taskContext = false;
  try {
    await body();
  } finally {
    settings.taskContext = before;
  }
}

/** A task for a test, which is over at its end however the test goes. */
export async function withTask(
  body: (task: Task) => unknown,
  options: Parameters<typeof createTask>[1] = {},
): Promise<void> {
  const task = createTask(() => sleep(Infinity), options);
  try {
    await body(task);
  } finally {
    await cancelAndWait(task);
  }
}
