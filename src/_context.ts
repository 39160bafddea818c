import { alive, type CancelNode, root } from "./_node.ts";
import { settings } from "./settings.ts";

interface Storage {
  run<A, R>(node: CancelNode, body: (argument: A) => R, argument: A): R;
  getStore(): CancelNode | undefined;
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
 * Calls `body` with `node` as the current node, there and in everything that
 * it starts.
 */
export function runIn<A, R>(
  node: CancelNode,
  body: (argument: A) => R,
  argument: A,
): R {
  if (!settings.taskContext) return body(argument);
  if (storage === undefined) storage = find();
  return storage === null ? body(argument) : storage.run(node, body, argument);
}

/**
 * The innermost node whose code is running and that has not ended, or
 * `undefined` outside of any task (and where the runtime can't know it).
 */
export function currentNode(): CancelNode | undefined {
  if (storage === undefined || storage === null || !settings.taskContext) {
    return undefined;
  }
  const node = storage.getStore();
  if (node === undefined) return undefined;
  const live = alive(node);
  return live === root ? undefined : live;
}
