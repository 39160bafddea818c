/**
 * What the portable tests use of Node's modules, for a page: the bundle takes
 * this module in their place.
 *
 * @module
 */
import assert from "assert";

/** The tests that the bundle registered, in order. */
export const registered: {
  name: string;
  body: () => void | Promise<void>;
}[] = [];

/** In place of `node:test`. */
export function test(name: string, body: () => void | Promise<void>): void {
  registered.push({ name, body });
}

/** In place of `node:util`; by the port of Node's own comparison. */
export function isDeepStrictEqual(actual: unknown, expected: unknown): boolean {
  try {
    assert.deepStrictEqual(actual, expected);
    return true;
  } catch {
    return false;
  }
}

/** For messages only. */
export function inspect(value: unknown): string {
  if (value instanceof Error) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

export function stripVTControlCharacters(text: string): string {
  return text;
}

/** In place of `node:timers`: a macrotask that no timer's clamp delays. */
export function setImmediate(body: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    body();
  };
  port2.postMessage(undefined);
}

export default assert;
