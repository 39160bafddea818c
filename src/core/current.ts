import { settings } from "../settings.ts";
import { alive, type CancelNode, isWithin, root } from "./node.ts";

/**
 * What asynchronous contexts carry. They live as long as the last timer or
 * promise that was made in them, so a task that ends takes itself out of its
 * place and puts its parent there: no context keeps an ended task alive.
 */
export interface Place {
  node: CancelNode | null;
}

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

/** `undefined` until the first task; `null` where the runtime has none. */
let storage: Storage | null | undefined;

function find(): Storage | null {
  const host = globalThis as unknown as Host;
  const hooks = host.process?.getBuiltinModule?.("node:async_hooks");
  const AsyncLocalStorage = hooks?.AsyncLocalStorage;
  return AsyncLocalStorage === undefined ? null : new AsyncLocalStorage();
}

/**
 * The node whose synchronous part runs, where the runtime can't follow
 * `await`: restored by whoever set it, in `finally`.
 */
let entered: CancelNode | undefined;

/** Whether the runtime follows `await`, timers and callbacks for us. */
export function followsAwait(): boolean {
  if (!settings.taskContext) return false;
  if (storage === undefined) storage = find();
  return storage !== null;
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
  if (followsAwait()) return storage!.run(place, body, ...args);
  return enter(place.node as CancelNode, body, ...args);
}

/** Calls `body` with `node` as the current node for its synchronous part. */
export function enter<A extends unknown[], R>(
  node: CancelNode,
  body: (...args: A) => R,
  ...args: A
): R {
  const before = entered;
  entered = node;
  try {
    return body(...args);
  } finally {
    entered = before;
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
  return runAt({ node }, body, ...args);
}

/**
 * The innermost node whose code is running and that has not ended, or
 * `undefined` outside of any task (and after an `await` where the runtime
 * can't follow it).
 */
export function currentNode(): CancelNode | undefined {
  const node = storage && settings.taskContext
    ? storage.getStore()?.node
    : entered;
  if (node === undefined || node === null) return undefined;
  const live = alive(node);
  return live === root ? undefined : live;
}

/**
 * The node that a context of `node` speaks for: the innermost that runs, if it
 * lies in `node`, else `node` itself.
 */
export function innermost(node: CancelNode): CancelNode {
  const current = currentNode();
  return current !== undefined && isWithin(current, node) ? current : node;
}
