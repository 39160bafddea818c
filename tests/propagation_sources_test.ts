import { withTask } from "./_probes.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  CancelScope,
  type CancelSource,
  createTask,
  formatReason,
  propagateCancellation,
  sleep,
} from "../mod.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

// Every kind of source, on both sides

interface Kind {
  readonly name: string;
  make(): { source: CancelSource; cancel(): void; end(): Promise<unknown> };
}

const nothing = () => Promise.resolve();

const KINDS: Kind[] = [
  {
    name: "an event",
    make() {
      const source = new AsyncEvent();
      return { source, cancel: () => source.set(), end: nothing };
    },
  },
  {
    name: "a task",
    make() {
      const source = createTask(forever);
      return {
        source,
        cancel: () => void source.cancel(),
        end: () => cancelAndWait(source),
      };
    },
  },
  {
    name: "a controller",
    make() {
      const source = new AbortController();
      return { source, cancel: () => source.abort(), end: nothing };
    },
  },
  {
    name: "a scope",
    make() {
      const source = new CancelScope();
      return { source, cancel: () => void source.cancel(), end: nothing };
    },
  },
  {
    name: "a signal",
    make() {
      const controller = new AbortController();
      return {
        source: controller.signal,
        cancel: () => controller.abort(),
        end: nothing,
      };
    },
  },
];

const aborted = (source: CancelSource) =>
  source instanceof AbortSignal ? source.aborted : source.signal.aborted;

for (const from of KINDS) {
  for (const to of KINDS) {
    if (to.name === "a signal") continue;
    test(`propagateCancellation() goes from ${from.name} to ${to.name}`, async () => {
      const parent = from.make();
      const child = to.make();
      const propagation = propagateCancellation(parent.source, [child.source]);
      assertFalse(aborted(child.source));
      parent.cancel();
      assert(aborted(child.source));
      assertEquals((await propagation.done).status, "propagated");
      await Promise.all([parent.end(), child.end()]);
    });

    test(`propagateCancellation() from ${from.name} to ${to.name} is over when disposed of`, async () => {
      const parent = from.make();
      const child = to.make();
      const propagation = propagateCancellation(parent.source, [child.source]);
      propagation[Symbol.dispose]();
      assertFalse(aborted(child.source));
      assertFalse(aborted(parent.source));
      parent.cancel();
      assertFalse(aborted(child.source));
      assertEquals(await propagation.done, { status: "disposed" });
      await Promise.all([parent.end(), child.end()]);
    });

    test(`propagateCancellation() from ${from.name} that was cancelled before reaches ${to.name}`, async () => {
      const parent = from.make();
      const child = to.make();
      parent.cancel();
      propagateCancellation(parent.source, [child.source]);
      assert(aborted(child.source));
      await Promise.all([parent.end(), child.end()]);
    });
  }
}

test("propagateCancellation() takes whatever carries a signal as the parent", () => {
  const controller = new AbortController();
  const child = new AsyncEvent();
  propagateCancellation({ signal: controller.signal }, [child]);
  controller.abort();
  assert(child.isSet);
});

test("propagateCancellation() takes the context of a task as the parent", async () => {
  const child = new AsyncEvent();
  const task = createTask(async (context) => {
    propagateCancellation(context, [child]);
    await context.sleep(Infinity);
  });
  task.cancel();
  assert(child.isSet);
  await assertRejects(() => task, CancelledError);
});

// Reasons

test("propagateCancellation() carries the reason as a chain", async () => {
  const stop = new AsyncEvent();
  await withTask(async (middle) => {
    await withTask((last) => {
      propagateCancellation(stop, [middle]);
      propagateCancellation(middle, [last]);
      stop.set();
      assertEquals(
        formatReason(last.reason!),
        'cancelled with its parent "middle" <- cancelled with its parent <- cancelled by an event',
      );
      const { reason } = last;
      assertEquals(
        [reason?.kind, reason?.cause?.kind, reason?.cause?.cause?.kind],
        ["parent", "parent", "event"],
      );
      assertEquals(reason?.source, { name: "middle", id: middle.id });
      assertEquals(reason?.cause?.source, undefined);
    });
  }, { name: "middle" });
});

test("propagateCancellation() carries the words of whoever asked", async () => {
  await withTask((parent) => {
    const child = new AbortController();
    propagateCancellation(parent, [child]);
    parent.cancel("out of budget");
    const { reason } = child.signal;
    assertInstanceOf(reason, CancelledError);
    assertEquals(reason.reason.message, "out of budget");
    assertEquals(reason.reason.kind, "parent");
    assertNotStrictEquals(reason, parent.signal.reason);
  });
});

test("propagateCancellation() carries a foreign error by identity through every kind", async () => {
  const error = new Error("disk full");
  await withTask(async (task) => {
    const controller = new AbortController();
    const event = new AsyncEvent();
    const last = new AbortController();
    propagateCancellation(controller, [event]);
    propagateCancellation(event, [task]);
    propagateCancellation(task, [last]);
    controller.abort(error);
    assertStrictEquals(event.signal.reason, error);
    assertStrictEquals(task.signal.reason, error);
    assertStrictEquals(last.signal.reason, error);
    assertStrictEquals(await assertRejects(() => task), error);
  });
});

test("propagateCancellation() makes a reason of what is no error", async () => {
  await withTask((task) => {
    const controller = new AbortController();
    propagateCancellation(controller, [task]);
    controller.abort("just words");
    assertEquals(task.reason?.message, "just words");
  });
});

test("propagateCancellation() tells a timeout of the platform as one", async () => {
  await withTask((task) => {
    const controller = new AbortController();
    propagateCancellation(controller, [task]);
    const error = new DOMException("too late", "TimeoutError");
    controller.abort(error);
    assertStrictEquals(task.signal.reason, error);
    assertEquals(task.reason?.cause?.kind, "timeout");
  });
});

test("propagateCancellation() tells the reason in done", async () => {
  const parent = new AbortController();
  const propagation = propagateCancellation(parent, []);
  parent.abort("enough");
  const outcome = await propagation.done;
  assert(outcome.status === "propagated");
  assertEquals(outcome.reason.message, "enough");
});
