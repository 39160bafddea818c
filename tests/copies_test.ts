/** Two copies of the library in one process, the second in another folder. */
import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import * as own from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { loadCopy } from "./_copy.ts";
import { test } from "./_harness.ts";
import { cases, runCase } from "./e2e/suites/copies.mjs";

const copy = await loadCopy();

test("the copy is another one", () => {
  assertNotStrictEquals(copy.createTask, own.createTask);
  assert(Object.keys(cases).length > 0);
});

test("the virtual clock of one is the clock of both copies", async () => {
  await withVirtualClock(async (clock) => {
    await copy.sleep(3_600_000);
    assertEquals(clock.now, 3_600_000);
    assertEquals(copy.currentTime(), own.currentTime());
  });
});

for (const title of Object.keys(cases)) {
  test(`between two copies, ${title}`, () => runCase(title, own, copy));
  test(`between two copies, the other way round, ${title}`, () =>
    runCase(title, copy, own));
}
