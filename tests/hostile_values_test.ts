/** Values that throw when somebody looks at them: a message still tells. */
import { assertEquals, assertThrows } from "@std/assert";
import { failAfter } from "../mod.ts";
import { show } from "../src/core/validate.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

function refuse(): never {
  throw new RangeError("nobody looks at me");
}

/** Has every trap throw. */
const traps = new Proxy({}, { get: () => refuse });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const HOSTILE: Record<string, [value: unknown, shown: string]> = {
  "a revoked proxy": [revoked(), "an object"],
  "a proxy whose traps throw": [new Proxy({}, traps), "an object"],
  "a function behind a proxy whose traps throw": [
    new Proxy(refuse, traps),
    "a function",
  ],
  "an object whose constructor throws": [
    Object.defineProperty({}, "constructor", { get: refuse }),
    "an object",
  ],
  "an object whose constructor has a name that throws": [
    { constructor: Object.defineProperty({}, "name", { get: refuse }) },
    "an object",
  ],
  "an object whose constructor has a name that can't be text": [
    { constructor: { name: { toString: refuse } } },
    "an object",
  ],
  "an object whose constructor has a symbol as its name": [
    { constructor: { name: Symbol("name") } },
    "an object",
  ],
  "a function whose name throws": [
    Object.defineProperty(() => {}, "name", { get: refuse }),
    "a function",
  ],
  "a function whose name can't be text": [
    Object.defineProperty(() => {}, "name", { value: { toString: refuse } }),
    "a function",
  ],
  "an object that can't be text": [
    { toString: refuse, [Symbol.toPrimitive]: refuse },
    "[Object]",
  ],
  "an object without a prototype": [Object.create(null), "an object"],
};

for (const [title, [value, shown]] of Object.entries(HOSTILE)) {
  test(`a message shows ${title}`, () => {
    assertEquals(show(value), shown);
    assertThrows(
      () => failAfter(value as number, () => 1),
      TypeError,
      `expected a number of milliseconds, received ${shown}`,
    );
  });
}

test("task.cancel() refuses a hostile value, and the task can be cancelled afterwards", async () => {
  for (const [value, shown] of Object.values(HOSTILE)) {
    const task = idle();
    assertThrows(
      () => task.cancel(value as string),
      TypeError,
      `received ${shown}`,
    );
    assertEquals(task.status, "running");
    task.cancel("stop");
    await ended(task);
    assertEquals(task.status, "cancelled");
  }
});
