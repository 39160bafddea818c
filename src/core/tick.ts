/**
 * How many turns of the microtask queue belong to one tick: a promise that was
 * resolved before them has passed through an async function and its task.
 */
const TICK = 4;

/** Calls back when everything that was ready in this tick has settled. */
export function afterTick(callback: () => void): void {
  let left = TICK;
  const turn = () => --left === 0 ? callback() : queueMicrotask(turn);
  queueMicrotask(turn);
}
