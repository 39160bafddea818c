import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  configure,
  createTask,
  currentTask,
  sleep,
  type Task,
} from "@mdc/tasks";
import { debounce, type Paced, throttle } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** What was called with which text, and when. */
function log(): { calls: string[]; handler: (text: string) => void } {
  const calls: string[] = [];
  return { calls, handler: (text) => void calls.push(text) };
}

/** Calls at these times, in order; then waits until all is over. */
async function callAt(
  handler: (text: string) => void,
  times: readonly number[],
): Promise<void> {
  let now = 0;
  for (const time of times) {
    await sleep(time - now);
    now = time;
    handler(`${time}`);
  }
  await sleep(10_000);
}

test("debounce() calls once when it is silent, with the latest arguments", async () => {
  await withVirtualClock(async (clock) => {
    const calls: string[] = [];
    const late = debounce((text: string) => {
      calls.push(`${text} at ${clock.now}`);
    }, 100);
    await callAt(late, [0, 60, 120, 500]);
    assertEquals(calls, ["120 at 220", "500 at 600"]);
    assertEquals([late.pending, clock.timers], [false, 0]);
  });
});

test("debounce() is put off no longer than maxWait", async () => {
  await withVirtualClock(async (clock) => {
    const calls: string[] = [];
    const late = debounce(
      (text: string) => {
        calls.push(`${text} at ${clock.now}`);
      },
      100,
      { maxWait: 150 },
    );
    await callAt(late, [0, 60, 120, 180, 240]);
    assertEquals(calls, ["120 at 150", "240 at 330"]);
  });
});

test("throttle() calls at once, then not before its time, with the latest arguments", async () => {
  await withVirtualClock(async (clock) => {
    const calls: string[] = [];
    const rare = throttle((text: string) => {
      calls.push(`${text} at ${clock.now}`);
    }, 100);
    await callAt(rare, [0, 30, 60, 130, 500]);
    assertEquals(calls, ["0 at 0", "60 at 100", "130 at 200", "500 at 500"]);
    assertEquals([rare.pending, clock.timers], [false, 0]);
  });
});

test("throttle() leaves the last call out if it is told to", async () => {
  await withVirtualClock(async (clock) => {
    const calls: string[] = [];
    const rare = throttle(
      (text: string) => {
        calls.push(`${text} at ${clock.now}`);
      },
      100,
      { trailing: false },
    );
    await callAt(rare, [0, 30, 60, 130, 150]);
    assertEquals(calls, ["0 at 0", "130 at 130"]);
  });
});

for (
  const [name, make] of [["debounce", debounce], [
    "throttle",
    throttle,
  ]] as const
) {
  test(`${name}() doesn't call a handler again that runs`, async () => {
    await withVirtualClock(async () => {
      let running = 0;
      const seen: string[] = [];
      const handler = make(async (text: string) => {
        assertEquals(running++, 0);
        await sleep(500);
        seen.push(text);
        running--;
      }, 100);
      await callAt(handler, [0, 150, 300, 450]);
      assertEquals(seen, ["0", "450"]);
    });
  });

  test(`${name}().flush() makes the call that is due, and waits for it`, async () => {
    await withVirtualClock(async (clock) => {
      const seen: string[] = [];
      const handler = make(async (text: string) => {
        await sleep(10);
        seen.push(text);
      }, 1000);
      await handler.flush();
      handler("first");
      handler("second");
      await handler.flush();
      assertEquals(seen.at(-1), "second");
      assertEquals([handler.pending, clock.timers], [false, 0]);
      assertEquals(clock.now <= 20, true);
    });
  });

  test(`${name}().flush() rejects with what the handler throws`, async () => {
    const handler = make(async (text: string) => {
      await untilIdle();
      throw new Error(text);
    }, 10);
    handler("no");
    await assertRejects(() => handler.flush(), Error, "no");
    assertEquals(handler.pending, false);
  });

  test(`${name}().cancel() drops what is due; who asks again gets a call`, async () => {
    await withVirtualClock(async (clock) => {
      const { calls, handler } = log();
      const paced = make(handler, 100);
      assertEquals(paced.cancel(), false);
      paced("a");
      paced("b");
      const before = calls.length;
      assertEquals([paced.pending, paced.cancel("stop")], [true, true]);
      assertEquals([paced.pending, paced.cancel()], [false, false]);
      paced("c");
      await sleep(1000);
      assertEquals(calls.slice(before), ["c"]);
      paced("d");
      paced("e");
      paced[Symbol.dispose]();
      await sleep(1000);
      assertEquals(calls.includes("e"), false);
      assertEquals(clock.timers, 0);
    });
  });

  test(`${name}() belongs to the scope in which it was made, wherever it is called`, async () => {
    await withVirtualClock(async (clock) => {
      const { calls, handler } = log();
      let paced: Paced<[string]> | undefined;
      let parent: Task | undefined;
      const owner = createTask(async (context) => {
        paced = make(
          (text: string) => {
            parent = currentTask()?.parent;
            handler(text);
          },
          100,
          { parent: context },
        );
        await sleep(60_000);
      }, { name: "owner" });
      paced!("a");
      await sleep(150);
      assertEquals([calls, parent?.name], [["a"], "owner"]);
      paced!("b");
      paced!("c");
      const before = calls.length;
      owner.cancel();
      await owner.catch(() => {});
      await clock.idle();
      assertEquals(calls.length, before);
      assertEquals(clock.timers, 0);
    });
  });

  test(`${name}() whose owner is cancelled makes no call`, async () => {
    await withVirtualClock(async () => {
      const { calls, handler } = log();
      let paced: Paced<[string]> | undefined;
      const owner = createTask(async () => {
        paced = make(handler, 0);
        await sleep(60_000).catch(() => {});
        paced!("late");
        await untilIdle();
      });
      owner.cancel();
      await owner;
      assertEquals(calls, []);
    });
  });

  test(`${name}() tells its owner of a failure that nobody looked at`, async () => {
    const told: string[] = [];
    const before = configure({
      onUnobservedFailure: ({ error, name }) => {
        told.push(`${name}: ${(error as Error).message}`);
      },
    });
    try {
      await withVirtualClock(() =>
        createTask(async () => {
          const handler = make(function save() {
            throw new Error("disk full");
          }, 10);
          handler();
          await sleep(100);
        })
      );
      await untilIdle();
      assertEquals(told, ["save: disk full"]);
    } finally {
      configure(before);
    }
  });

  test(`${name}() refuses wrong arguments at the door`, () => {
    const handler = () => {};
    const wrong: [unknown, unknown, object, string][] = [
      [1, 1, {}, `the handler of ${name}(): expected a function, received 1`],
      [
        handler,
        -1,
        {},
        `the time of ${name}(): expected 0 or more milliseconds, received -1`,
      ],
      [handler, 1, { name: 1 }, "name: expected a string, received 1"],
      [
        handler,
        1,
        { wait: 1 },
        `the options of ${name}(): unknown option "wait"`,
      ],
    ];
    for (const [call, ms, options, message] of wrong) {
      assertThrows(
        () => make(call as () => void, ms as number, options),
        Error,
        message,
      );
    }
  });
}

test("debounce() and throttle() refuse options of the wrong type", () => {
  const debounced = () => debounce(() => {}, 1, { maxWait: NaN });
  assertThrows(debounced, RangeError, "maxWait");
  const throttled = () => throttle(() => {}, 1, { trailing: 1 as never });
  assertThrows(throttled, TypeError, "trailing");
});
