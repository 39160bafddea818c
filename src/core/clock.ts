import { shared } from "./shared.ts";

/**
 * The seam between the library and time. Every timer and every reading of
 * time goes through it, so that a virtual clock serves the whole library.
 */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Milliseconds since the epoch. */
  epoch(): number;
  /** Calls `callback` once after `ms` (finite); returns what cancels it. */
  schedule(callback: () => void, ms: number): () => void;
  /** Calls `callback` in a later macrotask. */
  yield(callback: () => void): void;
}

/** setTimeout fires at once for delays above this one. */
export const LONGEST_DELAY = 0x7fffffff;

function setTimer(callback: () => void, ms: number): () => void {
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

/** The clock of a test, whatever copy of the package put it in place. */
const inUse: { clock: Clock | undefined } = /* @__PURE__ */ shared<
  { clock: Clock | undefined }
>("clock", () => ({ clock: undefined }));

// Functions, so that a bundle has those that it calls.

/** Monotonic milliseconds. */
export function now(): number {
  return (inUse.clock ?? performance).now();
}

/** Milliseconds since the epoch. */
export function epoch(): number {
  return inUse.clock === undefined ? Date.now() : inUse.clock.epoch();
}

/** Calls `callback` once after `ms` (finite); returns what cancels it. */
export function schedule(callback: () => void, ms: number): () => void {
  return inUse.clock === undefined
    ? setTimer(callback, ms)
    : inUse.clock.schedule(callback, ms);
}

/** Calls `callback` in a later macrotask. */
export function later(callback: () => void): void {
  if (inUse.clock === undefined) macrotask(callback);
  else inUse.clock.yield(callback);
}

/** The clock in use, as an object. */
export const clock: Clock = { now, epoch, schedule, yield: later };

/** The platform's own time, as an object. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  schedule: setTimer,
  yield: macrotask,
};

/** Whether a test drives the clock. */
export function isVirtual(): boolean {
  return inUse.clock !== undefined;
}

/** Puts another clock in place, or the system's; returns what was there. */
export function setClock(next: Clock | undefined): Clock | undefined {
  const previous = inUse.clock;
  inUse.clock = next;
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
    const left = point - now();
    if (left <= 0 || left >= EARLIEST) return callback();
    // Platforms cut fractions off, and count from when their turn began.
    disarm = schedule(callback, Math.ceil(left) + 1);
  };
  let disarm = schedule(fired, point - now());
  return () => disarm();
}
