import process from "node:process";
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AsyncEvent,
  configure,
  createTask,
  currentTask,
  InvalidStateError,
  run,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks } from "./_probes.ts";
import { forever } from "./_bodies.ts";

// In the process of the tests

test("run() resolves with what main returns", async () => {
  assertEquals(await run(() => sleep(1).then(() => "value")), "value");
});

test("run() rejects with what main throws, by identity", async () => {
  const error = new RangeError("main");
  for (
    const main of [
      () => Promise.reject(error),
      () => {
        throw error;
      },
    ]
  ) {
    assertStrictEquals(await assertRejects(() => run(main)), error);
  }
});

test("run() makes main a task that belongs to nobody and is named after main", async () => {
  await createTask(async () => {
    await run(function serve({ name, shutdown }) {
      assertEquals(name, "serve");
      assertEquals(currentTask()?.name, "serve");
      assertEquals(currentTask()?.parent, undefined);
      assertFalse(shutdown.isSet);
      assert(shutdown instanceof AsyncEvent);
    });
  });
});

test("run() cancels what main left running, and waits for its cleanup", async () => {
  await withVirtualClock(async (clock) => {
    let child: Task | undefined;
    let detached: Task | undefined;
    await run(() => {
      child = createTask(slowCleanup(30));
      detached = createTask(slowCleanup(40), { detached: true });
    });
    assertEquals(clock.now, 40);
    assertEquals([child?.status, detached?.status], ["cancelled", "cancelled"]);
    assertEquals(detached?.reason?.kind, "shutdown");
    assertTasks([]);
  });
});

test("run() called in a task leaves that task alone", async () => {
  const caller = createTask(async () => {
    await run(() => {});
    return currentTask()?.cancelRequested;
  });
  assertEquals(await caller, false);
});

test("run() throws when a program is running already, and can be called again after it", async () => {
  const first = run(() => sleep(1));
  assertRefused(
    () => run(() => {}),
    InvalidStateError,
    "Cannot run: a program is running already",
  );
  await first;
  await run(() => Promise.reject(new Error("main"))).catch(() => {});
  assertEquals(await run(() => "again"), "again");
});

test("run() refuses bad arguments, and a program can run afterwards", async () => {
  const call = run as (...args: unknown[]) => unknown;
  const main = () => {};
  assertRefused(() => call("main"), TypeError, 'received "main"');
  assertRefused(() => call(main, null), TypeError, "received null");
  assertRefused(() => call(main, { signals: "SIGINT" }), TypeError, "SIGINT");
  assertRefused(() => call(main, { signals: [1] }), TypeError, "[Array]");
  const signals = (...signals: string[]) => () => call(main, { signals });
  assertRefused(signals("SIGNOPE"), TypeError, 'received "SIGNOPE"');
  assertRefused(signals("SIGTREM"), TypeError, 'did you mean "SIGTERM"?');
  assertRefused(signals("sigint"), TypeError, 'did you mean "SIGINT"?');
  assertRefused(signals("toString"), TypeError, 'received "toString"');
  assertRefused(signals("SIGINT", "SIGKILL"), TypeError, '"SIGKILL"');
  assertRefused(() => call(main, { exitCode: "0" }), TypeError, 'received "0"');
  assertRefused(() => call(main, { exitCode: 256 }), RangeError, "256");
  assertRefused(() => call(main, { exitCode: 0.5 }), RangeError, "0.5");
  assertRefused(() => call(main, { onSignal: 1 }), TypeError, "received 1");
  assertRefused(() => call(main, { onAlive: 1 }), TypeError, "received 1");
  assertRefused(
    () => call(main, { gracePeriod: 1 }),
    TypeError,
    'unknown option "gracePeriod"; did you mean "grace"?',
  );
  assertRefused(() => call(main, { drain: -1 }), RangeError, "received -1");
  assertRefused(() => call(main, { grace: NaN }), RangeError, "received NaN");
  assertRefused(() => call(main, { onStuck: 1 }), TypeError, "received 1");
  assertRefused(() => call(main, { diagnostics: 1 }), TypeError, "received 1");
  await run(main);
});

test("run() listens to the signals it is given, and stops when it ends", async () => {
  const count = () => process.listenerCount("SIGUSR2");
  const before = count();
  await run(() => assertEquals(count(), before + 1), { signals: ["SIGUSR2"] });
  assertEquals(count(), before);
  await run(() => Promise.reject(new Error("main")), { signals: ["SIGUSR2"] })
    .catch(() => {});
  assertEquals(count(), before);
});

test("run() remembers where tasks were created while it runs, unless told not to", async () => {
  const sites = () => configure({}).creationSites;
  assertFalse(sites());
  await run(() => assert(sites()));
  await run(() => assertFalse(sites()), { diagnostics: false });
  assertFalse(sites());
});

test("run() passes unobserved failures to the hook that is in place", async () => {
  // The exit code is looked at by a whole program; here it has to stay.
  const { exitCode } = process;
  const seen: unknown[] = [];
  const before = configure({
    onUnobservedFailure: ({ error }) => seen.push(error),
  });
  try {
    await run(() => void createTask(() => Promise.reject("lost")));
    assertEquals(seen, ["lost"]);
    assertEquals(process.exitCode, 1);
  } finally {
    configure(before);
    // Bun keeps what was set last when `undefined` is assigned.
    process.exitCode = exitCode ?? 0;
  }
});

test("run() tells a child of a swept task through whom its cancellation came", async () => {
  await withVirtualClock(async () => {
    let child: Task | undefined;
    await run(() => {
      const owner = createTask(async () => {
        child = createTask(forever);
        await child;
      }, { name: "owner" });
      void owner;
    });
    assertEquals(child?.reason?.kind, "parent");
    assertEquals(child?.reason?.cause?.kind, "shutdown");
  });
});
