import { inForce } from "./in_force.ts";
import { alive, type CancelNode, isWithin, type Place, root } from "./node.ts";
import { shared } from "./shared.ts";

interface Storage {
  run<A extends unknown[], R>(
    place: Place,
    body: (...args: A) => R,
    ...args: A
  ): R;
  getStore(): Place | undefined;
}

interface Host {
  process?: {
    getBuiltinModule?: (
      name: string,
    ) => { AsyncLocalStorage?: new () => Storage } | undefined;
  };
}

/** The context of the process, whatever copy of the package asks for it. */
interface Context {
  /** `undefined` until the first task; `null` where the runtime has none. */
  storage: Storage | null | undefined;
  /**
   * The node whose synchronous part runs, where the runtime can't follow
   * `await`: restored by whoever set it, in `finally`.
   */
  entered: CancelNode | undefined;
}

const context: Context = /* @__PURE__ */ shared<Context>(
  "context",
  () => ({ storage: undefined, entered: undefined }),
);

function find(): Storage | null {
  const host = globalThis as unknown as Host;
  const hooks = host.process?.getBuiltinModule?.("node:async_hooks");
  const AsyncLocalStorage = hooks?.AsyncLocalStorage;
  return AsyncLocalStorage === undefined ? null : new AsyncLocalStorage();
}

/** Whether the runtime follows `await`, timers and callbacks for us. */
export function followsAwait(): boolean {
  if (!inForce.taskContext) return false;
  if (context.storage === undefined) context.storage = find();
  return context.storage !== null;
}

/**
 * Calls `body` in a place: there, and where the runtime can follow it also in
 * everything that it starts. The node of the place is the current one.
 */
export function runAt<A extends unknown[], R>(
  place: Place,
  body: (...args: A) => R,
  ...args: A
): R {
  if (followsAwait()) return context.storage!.run(place, body, ...args);
  return enter(place.node as CancelNode, body, ...args);
}

/** Calls `body` with `node` as the current node for its synchronous part. */
export function enter<A extends unknown[], R>(
  node: CancelNode,
  body: (...args: A) => R,
  ...args: A
): R {
  const before = context.entered;
  context.entered = node;
  try {
    return body(...args);
  } finally {
    context.entered = before;
  }
}

/**
 * Calls `body` with `node` as the current node, there and in everything that
 * it starts.
 */
export function runIn<A extends unknown[], R>(
  node: CancelNode,
  body: (...args: A) => R,
  ...args: A
): R {
  if (!followsAwait()) return enter(node, body, ...args);
  return runAt(node.place ??= { node, above: null }, body, ...args);
}

/** The place of the current node: it can be kept without keeping the node. */
export function currentPlace(): Place | undefined {
  const node = currentNode();
  return node === undefined ? undefined : node.place ??= { node, above: null };
}

/** The node of a place, or of the nearest place above whose node runs. */
export function nodeAt(place: Place): CancelNode | undefined {
  let at: Place | null = place;
  while (at !== null && at.node === null) at = at.above;
  if (at === null || at.node === null) return undefined;
  // Shortened, so that the way isn't kept, nor walked again.
  if (at !== place && place.node === null) place.above = at;
  const live = alive(at.node);
  return live === root ? undefined : live;
}

/**
 * The innermost node whose code is running and that has not ended, or
 * `undefined` outside of any task (and after an `await` where the runtime
 * can't follow it).
 */
export function currentNode(): CancelNode | undefined {
  const { storage, entered } = context;
  if (storage && inForce.taskContext) {
    const place = storage.getStore();
    return place === undefined ? undefined : nodeAt(place);
  }
  if (entered === undefined) return undefined;
  const live = alive(entered);
  return live === root ? undefined : live;
}

/**
 * The node that a context of `node` speaks for: the innermost that runs, if it
 * lies in `node`, else `node` itself.
 */
export function innermost(node: CancelNode): CancelNode {
  const current = currentNode();
  return current !== undefined && current !== node && isWithin(current, node)
    ? current
    : node;
}

/** Takes an ending node out of its place; the place above stands for it. */
export function vacate(node: CancelNode): void {
  const { place } = node;
  if (place === null) return;
  let at = node.up;
  while (at !== null && at.place === null) at = at.up;
  place.node = null;
  place.above = at === null ? null : at.place;
  node.place = null;
}
