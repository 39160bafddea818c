import { settings } from "../settings.ts";
import { alive, type CancelNode, root } from "./node.ts";

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
 * Calls `body` in a place, there and in everything that it starts. The node of
 * the place is the current one.
 */
export function runAt<A extends unknown[], R>(
  place: Place,
  body: (...args: A) => R,
  ...args: A
): R {
  if (storage === undefined) storage = find();
  return storage === null ? body(...args) : storage.run(place, body, ...args);
}

/**
 * Calls `body` with `node` as the current node, there and in everything that
 * it starts.
 */
export function runIn<A, R>(
  node: CancelNode,
  body: (argument: A) => R,
  argument: A,
): R {
  if (!settings.taskContext) return body(argument);
  return runAt({ node }, body, argument);
}

/**
 * The innermost node whose code is running and that has not ended, or
 * `undefined` outside of any task (and where the runtime can't know it).
 */
export function currentNode(): CancelNode | undefined {
  if (storage === undefined || storage === null || !settings.taskContext) {
    return undefined;
  }
  const node = storage.getStore()?.node;
  if (node === undefined || node === null) return undefined;
  const live = alive(node);
  return live === root ? undefined : live;
}
