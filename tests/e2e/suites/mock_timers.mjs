// Time limits under timers that a user's test has replaced, in three ways:
// by node:test, by Sinon with all that it knows, and by Sinon with setTimeout
// only, which leaves performance.now() alone. No runner: Sinon would take its
// ticks away, too.
import assert from "node:assert/strict";
import { mock } from "node:test";
import process from "node:process";
import { setTimeout as realDelay } from "node:timers/promises";
import FakeTimers from "@sinonjs/fake-timers";
import {
  AsyncEvent,
  CancelScope,
  checkpoint,
  configure,
  createTask,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  TimeoutError,
  waitForOutcome,
  waitWithCancellation,
} from "@mdc/tasks";

const passed = [];

async function test(name, body) {
  try {
    await body();
    passed.push(name);
  } catch (error) {
    console.log(`failed: ${name}\n  ${error}`);
    process.exitCode = 1;
  }
}

const fakes = {
  "node:test": () => {
    mock.timers.enable({ apis: ["setTimeout", "setImmediate", "Date"] });
    return {
      advance: (ms) => mock.timers.tick(ms),
      restore: () => mock.timers.reset(),
    };
  },
  "Sinon": () => sinon({}),
  "Sinon with toFake": () => sinon({ toFake: ["setTimeout", "clearTimeout"] }),
};

function sinon(options) {
  const clock = FakeTimers.install(options);
  return {
    advance: (ms) => clock.tickAsync(ms),
    restore: () => clock.uninstall(),
  };
}

/** How something ends in real time, which is short. */
async function end(work) {
  const given = new AbortController();
  const { signal } = given;
  try {
    return await Promise.race([
      work.then((value) => ({ value }), (error) => ({ error })),
      realDelay(500, { hangs: true }, { signal }),
    ]);
  } finally {
    given.abort();
  }
}

const cases = {
  "sleep() resolves": {
    start: () => sleep(1_000),
    check: ({ value }) => assert.equal(value, undefined),
  },
  "waitForOutcome() times out": {
    start: () =>
      waitForOutcome(createTask(({ sleep }) => sleep(60_000)), {
        timeout: 1_000,
      }),
    check: ({ value }) => assert.equal(value?.status, "timed-out"),
  },
  "waitWithCancellation() times out": {
    start: () =>
      waitWithCancellation(createTask(({ sleep }) => sleep(60_000)), {
        cancelEvent: new AsyncEvent(),
        timeout: 1_000,
      }),
    check: ({ value }) => assert.equal(value, false),
  },
  "failAfter() throws": {
    start: () => failAfter(1_000, () => sleep(60_000)),
    check: ({ error }) => assert.ok(error instanceof TimeoutError, `${error}`),
  },
  "failAfter() throws in a task": {
    start: () =>
      createTask(() => failAfter(1_000, () => new AsyncEvent().wait())),
    check: ({ error }) => assert.ok(error instanceof TimeoutError, `${error}`),
  },
  "moveOnAfter() moves on": {
    start: () => moveOnAfter(1_000, () => sleep(60_000)),
    check: (end) => assert.deepEqual(end, { value: undefined }),
  },
  "a deadline that is moved comes": {
    start: () => {
      const scope = new CancelScope();
      return scope.run(() => {
        scope.deadline = performance.now() + 1_000;
        return sleep(60_000);
      });
    },
    check: (end) => assert.deepEqual(end, { value: undefined }),
    // A point in time is one of performance.now(), whose pace only one fakes.
    only: ["Sinon"],
  },
  "the grace of shield() ends": {
    start: () => {
      const task = createTask(() =>
        shield(() => sleep(60_000), { grace: 900 })
      );
      task.cancel("stop");
      return task;
    },
    check: ({ error }) => assert.equal(error?.name, "AbortError"),
  },
};

for (const [name, install] of Object.entries(fakes)) {
  for (const [behaviour, { start, check, only }] of Object.entries(cases)) {
    if (only !== undefined && !only.includes(name)) continue;
    await test(`${name}: ${behaviour}`, async () => {
      const { advance, restore } = install();
      try {
        const work = start();
        work.then(() => {}, () => {});
        for (let i = 0; i < 4; i++) {
          await realDelay(1);
          await advance(500);
        }
        const ended = await end(work);
        assert.equal(ended.hangs, undefined, "hangs");
        check(ended);
      } finally {
        restore();
      }
    });
  }

  await test(`${name}: a limit that isn't reached doesn't cut`, async () => {
    const { advance, restore } = install();
    try {
      const work = failAfter(1_000, async () => {
        await sleep(400);
        return "in time";
      });
      work.then(() => {}, () => {});
      await advance(400);
      assert.deepEqual(await end(work), { value: "in time" });
    } finally {
      restore();
    }
  });

  await test(`${name}: real timers serve again afterwards`, async () => {
    const { advance, restore } = install();
    const fake = checkpoint();
    await advance(1);
    restore();
    assert.deepEqual(await end(fake), { value: undefined });
    assert.deepEqual(await end(checkpoint()), { value: undefined });
    assert.deepEqual(await end(sleep(1)), { value: undefined });
    const seen = [];
    const before = configure({
      onUnobservedFailure: ({ error }) => seen.push(error.message),
    });
    void createTask(() => Promise.reject(new Error("lost")));
    await realDelay(20);
    configure(before);
    assert.deepEqual(seen, ["lost"]);
  });
}

const expected = Object.keys(fakes).length * (Object.keys(cases).length + 1);
console.log(passed.length === expected + 1 ? "all passed" : passed.join("\n"));
