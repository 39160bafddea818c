import { assertEquals, assertThrows } from "@std/assert";
import {
  AsyncEvent,
  CancelScope,
  configure,
  createTask,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  Task,
  TaskTracker,
  waitForOutcome,
} from "../mod.ts";
import { optionsOf } from "../src/core/options.ts";
import { withVirtualClock } from "../testing.ts";
import { assertRefused, ended, idle } from "./_probes.ts";
import { test } from "./_harness.ts";

interface Known {
  timeout?: number;
  signal?: unknown;
  reason?: string;
}
const KNOWN = ["timeout", "signal", "reason"] as const;

function read(value: unknown): Known {
  return optionsOf<Known>(value, "call()", KNOWN);
}

test("optionsOf() names the unknown option and the nearest known one", () => {
  const meant: Record<string, string | undefined> = {
    timeoutMs: "timeout",
    timeOut: "timeout",
    tiemout: "timeout",
    singal: "signal",
    abortSignal: "signal",
    grace: "timeout",
    concurrency: undefined,
  };
  for (const [name, near] of Object.entries(meant)) {
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    const error = assertThrows(() => read({ [name]: 1 }), TypeError);
    assertEquals(
      error.message,
      `Cannot use the options of call(): unknown option "${name}"${hint}`,
    );
  }
});

test("optionsOf() gives known options as they are, of any realm", () => {
  const options = { timeout: 5 };
  assertEquals(read(options), options);
  const bare = Object.assign(Object.create(null), { timeout: 5 });
  assertEquals(read(bare).timeout, 5);
  assertEquals(read(undefined), {});
});

test("optionsOf() reads anything but plain objects for its signal alone", () => {
  const { signal } = new AbortController();
  const scope = new CancelScope({ name: "never lent", deadline: 5 });
  for (const given of [signal, scope, new Request("http://localhost/")]) {
    assertEquals(Object.keys(read(given)), ["signal"]);
    assertEquals(read(given).signal, given);
  }
});

test("optionsOf() refuses a signal where there is none to give", () => {
  assertRefused(
    () => optionsOf(AbortSignal.abort(), "call()", []),
    TypeError,
    "Cannot use the options of call()",
  );
  assertRefused(() => read(5), TypeError, "received 5");
  assertRefused(() => read(null), TypeError, "received null");
});

test("unknown options are refused at every door, and nothing is started", async () => {
  let started = false;
  const body = () => {
    started = true;
  };
  const task = idle();
  const wrong = { unknown: 1 } as object;
  const calls: Record<string, () => unknown> = {
    createTask: () => createTask(body, wrong),
    "Task.from": () => Task.from(Promise.resolve(), wrong),
    sleep: () => sleep(1, wrong),
    "event.wait": () => new AsyncEvent().wait(wrong),
    waitForOutcome: () => waitForOutcome(task, wrong),
    CancelScope: () => new CancelScope(wrong),
    "scope.run": () => new CancelScope().run(body, wrong),
    failAfter: () => failAfter(1, body, wrong),
    moveOnAfter: () => moveOnAfter(1, body, wrong),
    shield: () => shield(body, wrong),
    "tracker.cancelAll": () => new TaskTracker().cancelAll(wrong),
    configure: () => configure(wrong),
    withVirtualClock: () => withVirtualClock(body, wrong),
  };
  for (const call of Object.values(calls)) {
    assertRefused(call, TypeError, 'unknown option "unknown"');
  }
  assertEquals(started, false);
  task.cancel();
  await ended(task);
});
