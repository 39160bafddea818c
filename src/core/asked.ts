import { type Cancellation, recordOfError } from "./cancellation.ts";
import { CANCELLING, type CancelNode, SHIELDED } from "./node.ts";
import { isCancelledError, isObject, looksAborted } from "./shapes.ts";
import { shared } from "./shared.ts";

/** The request that an error of ours passes on, at whatever level. */
function requestBehind(error: unknown): Cancellation | undefined {
  return isCancelledError(error) ? recordOfError(error)?.request : undefined;
}

/**
 * Whether `error` is the cancellation of `record`: its error or reason by
 * identity, a `CancelledError` in whose chain it is, or an abort error that a
 * platform function made (`fetch`, the file system) because of its signal.
 */
export function isOf(error: unknown, record: Cancellation): boolean {
  if (record.is(error)) return true;
  return isCancelledError(error)
    ? requestBehind(error) === record.request
    : looksAborted(error);
}

/**
 * Whether `error` is a cancellation that was asked of `node`, or of something
 * above it. An abort error that says nothing of its origin counts only if the
 * cancellation reaches `node`: in a shield it is the failure of that call.
 */
export function wasAskedOf(error: unknown, node: CancelNode): boolean {
  const ours = isCancelledError(error);
  const request = requestBehind(error);
  const aborted = !ours && looksAborted(error);
  let reaches = true;
  for (let at: CancelNode | null = node; at !== null; at = at.up) {
    const { bits, record } = at;
    if ((bits & CANCELLING) !== 0 && record !== null) {
      if (record.is(error) || record.request === request) return true;
      if (aborted && reaches) return true;
    }
    if ((bits & SHIELDED) !== 0) reaches = false;
  }
  return false;
}

/** Whether `error` is a `CancelledError` that nobody was cancelled with yet. */
export function isSelfMade(error: unknown): boolean {
  return isCancelledError(error) && recordOfError(error) === undefined;
}

/** The task in whose scope a cancellation was asked that left the scope. */
const left: WeakMap<object, object> = /* @__PURE__ */ shared(
  "left",
  () => new WeakMap(),
);

/** Remembers that a cancellation leaves a scope of `task` as an error. */
export function leavesScope(error: unknown, task: object | undefined): void {
  if (task === undefined || !isObject(error)) return;
  left.set(error, task);
}

/** The task whose scope a cancellation has left. */
export function leftScopeOf(error: object): object | undefined {
  return left.get(error);
}
