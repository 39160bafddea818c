/**
 * Task bodies and surroundings that several test files need.
 *
 * @module
 */
import {
  configure,
  createTask,
  sleep,
  type Task,
  type UnobservedFailure,
} from "../mod.ts";

/** Never aborted: what waits for it ignores the cancellation of its task. */
const NEVER = new AbortController().signal;

/** A body that waits for its cancellation. */
export function forever(): Promise<void> {
  return sleep(Infinity);
}

/** A body that fails with `error`. */
export function fails(error: unknown): () => Promise<never> {
  return () => Promise.reject(error);
}

/** A body that gives `value` after a while. */
export function after<T>(ms: number, value: T): () => Promise<T> {
  return () => sleep(ms).then(() => value);
}

/** Sleeps without listening to anybody. */
export function deafSleep(ms: number): Promise<void> {
  return sleep(ms, { signal: NEVER });
}

/** A body that goes on for `ms` whatever it is asked. */
export function stubborn(ms: number): () => Promise<string> {
  return async () => {
    await deafSleep(ms);
    return "done anyway";
  };
}

/** A body that waits for its cancellation, then works for `ms` and ends. */
export function slowCleanup(ms: number): () => Promise<void> {
  return async () => {
    try {
      await sleep(Infinity);
    } finally {
      await deafSleep(ms);
    }
  };
}

/** A body that throws `error` when it is cancelled. */
export function failsInCleanup(error: Error): () => Promise<void> {
  return async () => {
    try {
      await sleep(Infinity);
    } catch {
      throw error;
    }
  };
}

/** Runs `body` while unobserved failures are collected instead of printed. */
export async function collectingFailures<T>(
  body: (failures: UnobservedFailure[]) => Promise<T>,
): Promise<T> {
  const failures: UnobservedFailure[] = [];
  const before = configure({
    onUnobservedFailure: (failure) => failures.push(failure),
  });
  try {
    return await body(failures);
  } finally {
    configure(before);
  }
}

/** Some macrotasks of the host, whatever clock is in use. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A task that is cancelled and then runs `cleanup`. */
export function cancelledAround(
  cleanup: () => Promise<unknown>,
): Task<unknown> {
  const task = createTask(async () => {
    try {
      await forever();
    } finally {
      await cleanup();
    }
  }, { name: "owner" });
  task.cancel("outer");
  return task;
}
/** What these are called. */
export function names(tasks: readonly { name: string }[]): string[] {
  return tasks.map(({ name }) => name);
}
