import {
  assertEquals,
  assertGreaterOrEqual,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { failAfter, sleep, TimeoutError } from "@mdc/tasks";
import { earlierErrors, retry, type RetryOptions } from "@mdc/tasks/flow";
import { withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

const failure = (text: string | number) => new Error(`${text}`);

/** Calls `retry()` with a body that always fails; tells when it was called. */
async function failing(
  options: RetryOptions,
): Promise<{ at: number[]; error: unknown }> {
  const at: number[] = [];
  const error = await withVirtualClock((clock) =>
    retry((_, attempt) => {
      at.push(clock.now);
      throw failure(attempt);
    }, options).catch((error) => error)
  );
  return { at, error };
}

test("retry() gives the value of the first attempt that succeeds", async () => {
  await withVirtualClock(async (clock) => {
    const value = await retry((_, attempt) => {
      if (attempt < 3) throw failure(attempt);
      return `attempt ${attempt}`;
    });
    assertEquals(value, "attempt 3");
    assertEquals(clock.now, 3000);
    assertEquals(clock.timers, 0);
  });
});

test("retry() waits longer each time, up to maxDelay", async () => {
  const { at } = await failing({
    attempts: 6,
    delay: 100,
    factor: 3,
    maxDelay: 1000,
  });
  assertEquals(at, [0, 100, 400, 1300, 2300, 3300]);
});

test("retry() throws the last error itself, with the earlier ones reachable", async () => {
  const errors = [failure("a"), failure("b"), failure("c")];
  const error = await retry((_, attempt) => {
    throw errors[attempt - 1];
  }, { delay: 0 }).catch((error) => error);
  assertStrictEquals(error, errors[2]);
  assertEquals(earlierErrors(error), errors.slice(0, 2));
  assertEquals(earlierErrors(errors[0]), []);
  assertEquals(earlierErrors("text"), []);
});

test("earlierErrors() has those of a retry in a retry", async () => {
  const error = await retry(
    (_, outer) =>
      retry((_, inner) => {
        throw failure(`${outer}.${inner}`);
      }, { attempts: 2, delay: 0 }),
    { attempts: 2, delay: 0 },
  ).catch((error) => error);
  const messages = earlierErrors(error).map((each) => (each as Error).message);
  assertEquals(error.message, "2.2");
  assertEquals(messages, ["1.2", "2.1"]);
});

test("retry() takes the delay of a function as it is", async () => {
  const { at } = await failing({
    attempts: 3,
    delay: (error, attempt) =>
      Number((error as Error).message) * 50_000 + attempt,
    jitter: true,
  });
  assertEquals(at, [0, 50_001, 150_003]);
});

test("retry() leaves a part of the delay to chance", async () => {
  for (let i = 0; i < 50; i++) {
    const { at: [, second = 0] } = await failing({
      attempts: 2,
      delay: 1000,
      jitter: 0.25,
    });
    assertGreaterOrEqual(second, 750);
    assertLess(second, 1000.001);
  }
});

test("retry() doesn't try again what retryIf refuses, nor asks after the last", async () => {
  const asked: number[] = [];
  const calls: number[] = [];
  const call = (stop: number) =>
    assertRejects(() =>
      retry((_, attempt) => {
        calls.push(attempt);
        throw failure(attempt);
      }, {
        delay: 0,
        retryIf: (_, attempt) => {
          asked.push(attempt);
          return Promise.resolve(attempt < stop);
        },
      })
    );
  await call(2);
  await call(9);
  assertEquals(calls, [1, 2, 1, 2, 3]);
  assertEquals(asked, [1, 2, 1, 2]);
});

test("retry() tells of each failure that is followed by an attempt", async () => {
  const told: unknown[] = [];
  await failing({
    delay: 10,
    onRetry: async ({ error, attempt, delay }) => {
      await sleep(1);
      told.push([(error as Error).message, attempt, delay]);
    },
  });
  assertEquals(told, [["1", 1, 10], ["2", 2, 20]]);
});

test("retry() ends with what onRetry, retryIf or delay throws", async () => {
  const thrown = failure("in the callback");
  const callback = () => {
    throw thrown;
  };
  for (
    const options of [
      { onRetry: callback },
      { retryIf: callback },
      { delay: callback },
    ]
  ) {
    const { at, error } = await failing(options);
    assertStrictEquals(error, thrown);
    assertEquals(at.length, 1);
  }
});

test("retry() refuses a delay that makes no sense when it is given", async () => {
  const { error } = await failing({ delay: () => NaN });
  assertInstanceOf(error, RangeError);
  assertEquals(
    error.message,
    "Cannot use what delay of retry() returned: expected 0 or more milliseconds, received NaN",
  );
});

test("retry() ends with a TimeoutError when the time of all attempts is over", async () => {
  await withVirtualClock(async (clock) => {
    const error = await retry((_, attempt) => {
      throw failure(attempt);
    }, { attempts: Infinity, delay: 100, factor: 1, timeout: 250 })
      .catch((error) => error);
    assertInstanceOf(error, TimeoutError);
    assertEquals(clock.now, 250);
    assertEquals(earlierErrors(error).length, 3);
    assertEquals(clock.timers, 0);
  });
});

test("retry() tries again what a limit of a single attempt cut short", async () => {
  await withVirtualClock(async (clock) => {
    const value = await retry(
      (_, attempt) => failAfter(10, () => sleep(attempt < 3 ? 1000 : 5)),
      { delay: 1, factor: 1 },
    );
    assertEquals(value, undefined);
    assertEquals(clock.now, 27);
  });
});

test("retry() refuses wrong arguments at the door", () => {
  const wrong: [unknown, unknown, string][] = [
    [1, {}, "the body of retry(): expected a function, received 1"],
    [
      () => {},
      { attempts: 0 },
      "attempts: expected a whole number from 1 on, received 0",
    ],
    [
      () => {},
      { attempts: 1.5 },
      "attempts: expected a whole number from 1 on, received 1.5",
    ],
    [
      () => {},
      { delay: -1 },
      "delay: expected 0 or more milliseconds, received -1",
    ],
    [
      () => {},
      { delay: "1 s" },
      'delay: expected 0 or more milliseconds, received "1 s"',
    ],
    [
      () => {},
      { factor: 0 },
      "factor: expected a number from 1 on, received 0",
    ],
    [
      () => {},
      { maxDelay: NaN },
      "maxDelay: expected 0 or more milliseconds, received NaN",
    ],
    [
      () => {},
      { jitter: 2 },
      "jitter: expected a share from 0 to 1, received 2",
    ],
    [
      () => {},
      { jitter: "full" },
      'jitter: expected true or false, received "full"',
    ],
    [
      () => {},
      { retryIf: true },
      "retryIf: expected a function, received true",
    ],
    [
      () => {},
      { onRetry: null },
      "onRetry: expected a function, received null",
    ],
    [
      () => {},
      { timeout: -5 },
      "the timeout of retry(): expected 0 or more milliseconds, received -5",
    ],
    [
      () => {},
      { signal: {} },
      "the signal of retry(): expected an AbortSignal",
    ],
    [
      () => {},
      { attempt: 5 },
      'the options of retry(): unknown option "attempt"; did you mean "attempts"?',
    ],
    [() => {}, 5, "the options of retry(): expected an object, received 5"],
  ];
  for (const [body, options, message] of wrong) {
    assertThrows(
      () => void retry(body as () => void, options as RetryOptions),
      Error,
      `Cannot use ${message}`,
    );
  }
});
