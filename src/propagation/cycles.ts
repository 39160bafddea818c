import { isNode, isWithin } from "../core/node.ts";
import { shared } from "../core/shared.ts";
import { type CancelSource, toSource } from "../core/source.ts";
import { isSignal } from "../core/validate.ts";
import { isEvent } from "../event.ts";

/** What each object passes its cancellation on to, to find cycles. */
const targetsOf: WeakMap<object, Map<object, number>> = /* @__PURE__ */ shared(
  "targets",
  () => new WeakMap(),
);
/** How many links lead to each object. */
const linksTo: WeakMap<object, number> = /* @__PURE__ */ shared(
  "links",
  () => new WeakMap(),
);

/** What stands for a source in the search for cycles. */
export function identity(value: CancelSource): object {
  return isEvent(value) ? value : toSource(value, "a source");
}

/** Whether `at` is `to`, or what aborts it if that is one of our signals. */
function owns(at: object, to: object): boolean {
  if (at === to) return true;
  if (!isSignal(to)) return false;
  const node = isEvent(at) ? toSource(at, "a source") : at;
  return isNode(node) && node.controller?.signal === to;
}

/** Whether `at` is `to`, or above it in the tree of tasks. */
function covers(at: object, to: object): boolean {
  return owns(at, to) ||
    (isNode(to) && isNode(at) && isWithin(to, at));
}

/** Whether any link may lead to `to`; whose a signal is can't be known. */
function isTarget(to: object): boolean {
  if (isSignal(to)) return true;
  let at: object | null = to;
  while (at !== null && !linksTo.has(at)) {
    at = isNode(at) ? at.up : null;
  }
  return at !== null;
}

/** Whether the cancellation of `from` would reach `to`. */
export function reaches(from: object, to: object): boolean {
  if (covers(from, to)) return true;
  if (!isTarget(to)) return false;
  const seen = new Set<object>([from]);
  for (const at of seen) {
    if (covers(at, to)) return true;
    for (const next of targetsOf.get(at)?.keys() ?? []) seen.add(next);
  }
  return false;
}

/** Adds to a count, which is absent instead of 0. */
function count<K extends object>(
  counts: Map<K, number> | WeakMap<K, number>,
  key: K,
  change: 1 | -1,
): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

/** Notes that `parent` passes its cancellation on to `child`. */
export function remember(parent: object, child: object): void {
  let targets = targetsOf.get(parent);
  if (targets === undefined) targetsOf.set(parent, targets = new Map());
  count(targets, child, 1);
  count(linksTo, child, 1);
}

/** Takes back one `remember()`. */
export function forget(parent: object, child: object): void {
  count(targetsOf.get(parent)!, child, -1);
  count(linksTo, child, -1);
}
