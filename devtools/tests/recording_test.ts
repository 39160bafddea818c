import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createTask, shield, sleep, TaskGroup } from "@mdc/tasks";
import { record, type Recording, type Span } from "@mdc/devtools/recording";
import { withVirtualClock } from "@mdc/tasks/testing";
import { test } from "../../tests/_harness.ts";

/** Records `body` on the virtual clock. */
async function recorded(
  body: () => Promise<unknown>,
  options?: Parameters<typeof record>[0],
): Promise<Recording> {
  return await withVirtualClock(async () => {
    const recording = record(options);
    await body();
    recording.stop();
    return recording;
  });
}

function byName(recording: Recording): Map<string, Span> {
  return new Map(recording.spans().map((span) => [span.name, span]));
}

test("record() keeps begin, end, status, owner and waits of each task", async () => {
  const recording = await recorded(() =>
    createTask(async () => {
      await sleep(3);
      await createTask(() => sleep(4), { name: "child" });
    }, { name: "parent" }).then()
  );
  const spans = byName(recording);
  const [parent, child] = [spans.get("parent")!, spans.get("child")!];
  assertEquals([parent.begin, parent.end, parent.status], [0, 7, "completed"]);
  assertEquals([child.begin, child.end, child.owner], [3, 7, parent.id]);
  assertEquals(parent.waits.map(({ what, begin, end }) => [what, begin, end]), [
    ["sleep()", 0, 3],
    ['task "child"', 3, 7],
  ]);
  assertEquals(parent.waits[1]?.on, child.id);
  assertEquals(recording.elapsed, 7);
});

test("record() keeps why and when something was cancelled, and what it failed with", async () => {
  const recording = await recorded(() =>
    TaskGroup.run(async (group) => {
      group.spawn(() => sleep(60), { name: "sibling" });
      group.spawn(async () => {
        await sleep(5);
        throw new RangeError("disk full");
      }, { name: "saver" });
      await sleep(60);
    }).catch(() => {})
  );
  const spans = byName(recording);
  const sibling = spans.get("sibling")!;
  assertEquals([sibling.status, sibling.cancelledAt], ["cancelled", 5]);
  assertEquals(sibling.reason?.[0]?.kind, "group");
  const { error, status } = spans.get("saver")!;
  assertEquals([status, error?.name, error?.message], [
    "failed",
    "RangeError",
    "disk full",
  ]);
});

test("record() knows what still runs, and what ran before it", async () => {
  await withVirtualClock(async () => {
    const before = createTask(() => sleep(60), { name: "before" });
    await sleep(5);
    const recording = record();
    const shielded = createTask(() => shield(() => sleep(20)), {
      name: "stubborn",
    });
    shielded.cancel();
    await sleep(5);
    const spans = byName(recording);
    recording[Symbol.dispose]();
    assertEquals(spans.get("before")?.earlier, true);
    assertEquals(spans.get("before")?.end, undefined);
    assertEquals(spans.get("stubborn")?.status, "cancelling");
    assert(recording.spans().some((span) => span.shielded));
    before.cancel();
    await Promise.allSettled([before, shielded]);
  });
});

test("record() bounds its memory: the oldest that have ended go, and it says how many", async () => {
  const recording = await recorded(async () => {
    for (let i = 0; i < 10; i++) await createTask(() => {}, { name: `t${i}` });
  }, { maxSpans: 3 });
  assertEquals(recording.spans().map(({ name }) => name), ["t7", "t8", "t9"]);
  assertEquals(recording.dropped, 7);
});

test("record() keeps the newest waits of a task, and says how many went", async () => {
  const recording = await recorded(() =>
    createTask(async () => {
      for (let i = 0; i < 10; i++) await sleep(1);
    }, { name: "loop" }).then(), { maxWaits: 2 });
  const span = byName(recording).get("loop")!;
  assertEquals(span.waits.map(({ begin }) => begin), [8, 9]);
  assertEquals(span.droppedWaits, 8);
});

test("a stopped recording records nothing more", async () => {
  await withVirtualClock(async () => {
    const recording = record();
    recording.stop();
    await createTask(() => sleep(5));
    assertEquals(recording.spans(), []);
    assertEquals(recording.elapsed, 0);
  });
});

test("record() keeps nothing of the program: errors and reasons are texts", async () => {
  const hostile = Object.assign(new Error("x".repeat(1_000_000)), {
    toString() {
      throw new Error("no text");
    },
  });
  const recording = await recorded(() =>
    createTask(() => Promise.reject(hostile), { name: "n".repeat(1_000_000) })
      .catch(() => {})
  );
  const text = JSON.stringify(recording.spans());
  assert(text.length < 20_000, `${text.length} characters`);
  assertStringIncludes(text, "(1000000 characters)");
});

test("record() takes what can't be shown as an error", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const recording = await recorded(() =>
    createTask(() => Promise.reject(proxy), { name: "odd" }).catch(() => {})
  );
  assertEquals(
    byName(recording).get("odd")?.error?.message,
    "(can't be shown)",
  );
});

test("record() refuses unknown options and bad limits", () => {
  assertThrows(
    () => record({ maxSpan: 5 } as never),
    TypeError,
    'unknown option "maxSpan"',
  );
  assertThrows(
    () => record({ maxSpans: 0 }),
    RangeError,
    "Cannot use maxSpans: expected 1 or more, received 0",
  );
  assertThrows(() => record({ maxWaits: "5" as never }), TypeError, "maxWaits");
});
