import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  abortable,
  AsyncEvent,
  cancelAndWait,
  CancelScope,
  type CancelSource,
  checkpoint,
  createTask,
  isCancellation,
  sleep,
  Task,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, ended, idle, never } from "./_probes.ts";

interface Made {
  source: CancelSource;
  cancel: () => void;
  /** Lets go of what the source itself holds. */
  end: () => Promise<void>;
}

/** Each kind of cancel source, not cancelled yet. */
const kinds: Record<string, () => Made> = {
  AbortSignal: () => {
    const controller = new AbortController();
    return {
      source: controller.signal,
      cancel: () => controller.abort(),
      end: () => Promise.resolve(),
    };
  },
  AbortController: () => {
    const controller = new AbortController();
    return {
      source: controller,
      cancel: () => controller.abort(),
      end: () => Promise.resolve(),
    };
  },
  AsyncEvent: () => {
    const event = new AsyncEvent();
    return {
      source: event,
      cancel: () => event.set(),
      end: () => Promise.resolve(),
    };
  },
  Task: () => {
    const task = idle({ name: "source" });
    return {
      source: task,
      cancel: () => void task.cancel(),
      end: () => (task.cancel(), ended(task)),
    };
  },
  CancelScope: () => {
    const scope = new CancelScope();
    return {
      source: scope,
      cancel: () => void scope.cancel(),
      end: () => Promise.resolve(),
    };
  },
  "an object that carries a signal": () => {
    const controller = new AbortController();
    return {
      source: { signal: controller.signal },
      cancel: () => controller.abort(),
      end: () => Promise.resolve(),
    };
  },
  "a signal of a polyfill": () => {
    const controller = new AbortController();
    const { signal } = controller;
    const polyfill = {
      get aborted() {
        return signal.aborted;
      },
      get reason() {
        return signal.reason;
      },
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
    };
    return {
      source: polyfill as unknown as AbortSignal,
      cancel: () => controller.abort(),
      end: () => Promise.resolve(),
    };
  },
};

/** Each wait that takes a signal. */
const waits: Record<string, (signal: CancelSource) => Promise<unknown>> = {
  "sleep()": (signal) => sleep(60_000, { signal }),
  "checkpoint()": (signal) => checkpoint({ signal }),
  "abortable()": (signal) => abortable(never, { signal }),
  "event.wait()": (signal) => new AsyncEvent().wait({ signal }),
};

for (const [wait, start] of Object.entries(waits)) {
  for (const [kind, make] of Object.entries(kinds)) {
    test(`${wait} is cancelled by ${kind}, before and during the wait`, async () => {
      const { source, cancel, end } = make();
      const during = start(source);
      cancel();
      const error = await assertRejects(() => during, Error);
      assert(isCancellation(error, source));
      const before = await assertRejects(() => start(source), Error);
      assert(isCancellation(before, source));
      await end();
    });
  }
}

for (const [kind, make] of Object.entries(kinds)) {
  test(`createTask() is cancelled by ${kind}, before and during its life`, async () => {
    const { source, cancel, end } = make();
    const early = idle({ signal: source });
    cancel();
    const late = idle({ signal: source });
    await Promise.all([early, late].map(ended));
    assertEquals([early.status, late.status], ["cancelled", "cancelled"]);
    await end();
  });

  test(`waitForOutcome() takes ${kind} as signal, cancel and completion event`, async () => {
    const task = idle({ name: "worker" });
    const one = make();
    const signalled = waitForOutcome(task, { completionEvent: one.source });
    one.cancel();
    assertEquals((await signalled).status, "signalled");

    const two = make();
    const rejected = waitForOutcome(task, {
      signal: two.source,
      onStop: "leave",
    });
    two.cancel();
    await assertRejects(() => rejected, Error);

    const three = make();
    const cancelled = waitForOutcome(task, { cancelEvent: three.source });
    three.cancel();
    assertEquals((await cancelled).status, "cancelled");
    assertEquals(task.status, "cancelled");
    await Promise.all([one, two, three].map((made) => made.end()));
  });

  test(`AsyncEvent.from() is set by ${kind}`, async () => {
    const { source, cancel, end } = make();
    const event = AsyncEvent.from(source);
    cancel();
    assert(event.isSet);
    await end();
  });
}

test("Request is a cancel source", async () => {
  const controller = new AbortController();
  const request = new Request("http://localhost/", controller);
  const nap = sleep(60_000, { signal: request });
  controller.abort();
  await assertRejects(() => nap, DOMException);
});

test("sources of all kinds are refused with what was received", async () => {
  const task = idle();
  const wrong: [unknown, string][] = [
    [5, "5"],
    ["soon", '"soon"'],
    [0, "0"],
    [true, "true"],
    [Symbol("s"), "Symbol(s)"],
    [() => {}, "function"],
    [{}, "[Object]"],
    [{ signal: null }, "[Object]"],
    [{ signal: { aborted: 1 } }, "[Object]"],
    [Object.create(null), "an object"],
    [Promise.resolve(), "[Promise]"],
    [new EventTarget(), "[EventTarget]"],
  ];
  const calls: ((value: CancelSource) => unknown)[] = [
    ...Object.values(waits),
    (signal) => createTask(() => {}, { signal }),
    (signal) => Task.from(never, { signal }),
    (signal) => waitForOutcome(task, { signal }),
    (cancelEvent) => waitForOutcome(task, { cancelEvent }),
    (completionEvent) => waitForOutcome(task, { completionEvent }),
    (signal) => waitWithCancellation(task, { signal }),
    (cancelEvent) => waitWithCancellation(task, { cancelEvent }),
    (completionEvent) => waitWithCancellation(task, { completionEvent }),
    (source) => AsyncEvent.from(source),
  ];
  for (const call of calls) {
    for (const [value, shown] of wrong) {
      assertRefused(
        () => call(value as CancelSource),
        TypeError,
        `received ${shown}`,
      );
    }
  }
  assertEquals(task.status, "running");
  await cancelAndWait(task);
  assertTasks([]);
});
