/**
 * Whether the callbacks are those that a promise makes for what it is resolved
 * with: `await task`, `return task`, `Promise.all([task])`. They are native
 * and have no name; users' functions aren't both (bound ones have a name).
 */
export function isAwait(onfulfilled: unknown, onrejected: unknown): boolean {
  return isResolving(onfulfilled) && isResolving(onrejected);
}

function isResolving(callback: unknown): boolean {
  return typeof callback === "function" && callback.name === "" &&
    callback.length === 1 &&
    NATIVE.test(Function.prototype.toString.call(callback));
}

const NATIVE = /\{\s*\[native code\]\s*\}\s*$/;
