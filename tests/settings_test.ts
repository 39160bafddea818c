import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  configure,
  createTask,
  currentTask,
  InvalidStateError,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, turn, withFailures } from "./_probes.ts";

test("configure() returns the former settings, ready to be put back", () => {
  const hook = () => {};
  const before = configure({ creationSites: true, onUnobservedFailure: hook });
  assertEquals(before.creationSites, false);
  assertEquals(before.taskContext, true);
  const changed = configure(before);
  assertEquals(changed.creationSites, true);
  assertStrictEquals(changed.onUnobservedFailure, hook);
  const after = configure({});
  assertEquals(after, before);
});

test("configure() leaves what is absent", () => {
  const before = configure({ creationSites: true });
  assertEquals(configure({}).creationSites, true);
  assertEquals(configure({}).taskContext, true);
  configure(before);
});

test("configure() refuses wrong values and changes nothing", () => {
  const before = configure({});
  const call = (changes: unknown) => () => configure(changes as object);
  assertRefused(call(null), TypeError, "received null");
  assertRefused(call("on"), TypeError, 'received "on"');
  assertRefused(call({ taskContext: 1 }), TypeError, "received 1");
  assertRefused(call({ creationSites: "yes" }), TypeError, 'received "yes"');
  assertRefused(
    call({ creationSites: true, onUnobservedFailure: 5 }),
    TypeError,
    "received 5",
  );
  assertEquals(configure({}), before);
});

test("configure() hands out copies", () => {
  const copy = configure({});
  copy.creationSites = true;
  assertEquals(configure({}).creationSites, false);
});

test("configure() refuses to change taskContext after the first task", async () => {
  await createTask(() => {
    assert(currentTask());
    assertRefused(
      () => configure({ taskContext: false }),
      InvalidStateError,
      "Cannot set taskContext",
    );
    assert(currentTask());
    configure({ taskContext: true });
  });
});

test("configure() with creationSites makes failures know their place", async () => {
  await withFailures(async (seen) => {
    const before = configure({ creationSites: true });
    try {
      void createTask(function writer() {
        throw new Error("disk full");
      });
    } finally {
      configure(before);
    }
    await turn();
    assertEquals(seen.length, 1);
    const [first] = seen[0]!.place!.split("\n");
    assert(first?.includes("settings_test.ts"), seen[0]!.place);
  });
});

test("configure() without creationSites gives no place", async () => {
  await withFailures(async (seen) => {
    void createTask(() => Promise.reject(new Error("no")));
    await turn();
    assertEquals(seen.length, 1);
    assertEquals("place" in seen[0]!, false);
  });
});
