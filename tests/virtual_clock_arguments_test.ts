import { assertEquals, assertThrows } from "@std/assert";
import { InvalidStateError, sleep } from "../mod.ts";
import { type VirtualClockOptions, withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";

test("withVirtualClock() refuses a second one at the same time", async () => {
  await withVirtualClock(async (clock) => {
    let started = false;
    assertThrows(
      () =>
        void withVirtualClock(() => {
          started = true;
        }),
      InvalidStateError,
      "Cannot start a virtual clock: another one is in use",
    );
    assertEquals(started, false);
    await sleep(10);
    assertEquals(clock.now, 10);
  });
});

for (const wrong of [undefined, null, 5, "body", Promise.resolve()]) {
  test(`withVirtualClock() throws a TypeError when the body is ${String(wrong)}`, () => {
    assertThrows(
      () => void withVirtualClock(wrong as unknown as () => void),
      TypeError,
      "received",
    );
  });
}

const WRONG: [VirtualClockOptions, typeof RangeError, string][] = [
  [null as unknown as VirtualClockOptions, TypeError, "received null"],
  [{ autoAdvance: 1 as unknown as boolean }, TypeError, "received 1"],
  [{ epoch: "0" as unknown as number }, TypeError, 'received "0"'],
  [{ epoch: NaN }, RangeError, "received NaN"],
  [{ epoch: Infinity }, RangeError, "received Infinity"],
];

for (const [index, [options, ErrorClass, message]] of WRONG.entries()) {
  test(`withVirtualClock() throws a ${ErrorClass.name} that says ${message} for wrong options ${index}`, async () => {
    let started = false;
    assertThrows(
      () =>
        void withVirtualClock(() => {
          started = true;
        }, options),
      ErrorClass,
      message,
    );
    assertEquals(started, false);
    await sleep(0);
  });
}

const WRONG_TIMES: [unknown, typeof RangeError][] = [
  [NaN, RangeError],
  [-1, RangeError],
  [Infinity, RangeError],
  ["1", TypeError],
  [undefined, TypeError],
];

for (const [wrong, ErrorClass] of WRONG_TIMES) {
  test(`VirtualClock.advance() throws a ${ErrorClass.name} when given ${String(wrong)}`, async () => {
    await withVirtualClock((clock) => {
      assertThrows(
        () => void clock.advance(wrong as number),
        ErrorClass,
        "received",
      );
    });
  });
}
