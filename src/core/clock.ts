import { shared } from "./shared.ts";

/**
 * The seam between the library and time. Every timer and every reading of
 * time goes through `clock`, so that a virtual clock serves the whole library.
 */
export interface Clock {
  /** Monotonic milliseconds. */
  now: () => number;
  /** Milliseconds since the epoch. */
  epoch: () => number;
  /** Calls `callback` once after `ms` (finite); returns what cancels it. */
  schedule: (callback: () => void, ms: number) => () => void;
  /** Calls `callback` in a later macrotask. */
  yield: (callback: () => void) => void;
  /** Whether a test drives it. */
  virtual: boolean;
}

/** setTimeout fires at once for delays above this one. */
const LONGEST_DELAY = 2 ** 31 - 1;

function schedule(callback: () => void, ms: number): () => void {
  let handle: ReturnType<typeof setTimeout>;
  const arm = (left: number) => {
    handle = left > LONGEST_DELAY
      ? setTimeout(() => arm(left - LONGEST_DELAY), LONGEST_DELAY)
      : setTimeout(callback, left);
  };
  arm(ms);
  return () => clearTimeout(handle);
}

interface MacrotaskHost {
  setImmediate?: (callback: () => void) => unknown;
}

/** A macrotask without the clamping that browsers put on nested timers. */
function byMessage(): (callback: () => void) => void {
  const queue: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => queue.shift()?.();
  return (callback) => {
    queue.push(callback);
    port2.postMessage(undefined);
  };
}

let postMacrotask: ((callback: () => void) => void) | undefined;

/**
 * A macrotask of the host, whatever clock is in use. Like `setTimeout` it is
 * looked up at each call: a fake one that a test puts in place doesn't stay.
 */
export function macrotask(callback: () => void): void {
  const { setImmediate } = globalThis as unknown as MacrotaskHost;
  if (setImmediate !== undefined) {
    setImmediate(callback);
  } else {
    postMacrotask ??= byMessage();
    postMacrotask(callback);
  }
}

/** The platform's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  schedule,
  yield: macrotask,
  virtual: false,
};

/** The clock in use, of the process: whatever copy of the package asks. */
export const clock: Clock = /* @__PURE__ */ shared(
  "clock",
  () => ({ ...systemClock }),
);

/**
 * Puts another clock in place and returns the one that was there. Its own
 * properties are taken over: `clock` is the same object all the time.
 */
export function setClock(next: Clock): Clock {
  const previous = { ...clock };
  Object.assign(clock, next);
  return previous;
}

/** How much too early a platform's timer may fire, in milliseconds. */
const EARLIEST = 2;

/**
 * Calls `callback` once at a point of the clock, which lies ahead.
 *
 * A platform's timer may fire a little early; the rest is then waited for. One
 * that fires much too early is the fake one of a test, which leaves the
 * monotonic clock alone: for it the point has come.
 *
 * @returns What cancels it.
 */
export function scheduleAt(point: number, callback: () => void): () => void {
  const fired = () => {
    const left = point - clock.now();
    if (left > 0 && left < EARLIEST) disarm = clock.schedule(callback, left);
    else callback();
  };
  let disarm = clock.schedule(fired, point - clock.now());
  return () => disarm();
}
