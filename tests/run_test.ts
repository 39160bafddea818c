import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
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
import { program } from "./_run_programs.ts";

const here = new URL(".", import.meta.url);
const programs = new URL("programs/", here);

const forever = () => sleep(Infinity);

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

// As whole programs

program(
  "run() ends a program with its value and exit code 0",
  "run_exit_0_with_the_value.ts",
  {},
  ["the value of main"],
);

program(
  "run() turns SIGINT into a cancellation of kind signal, waits for the cleanup, and exits with 130",
  "run_exit_130_on_sigint.ts",
  { ready: "SIGINT" },
  [
    "ready",
    "signal: SIGINT",
    "cancelled by a signal of the operating system: SIGINT",
    "cleaned up",
  ],
);

program(
  "run() lets the program drain at SIGTERM before anything is cancelled, and exits with 143",
  "run_exit_143_after_the_drain_on_sigterm.ts",
  { "job 2 begins": "SIGTERM" },
  [
    "ready",
    "job 1 begins",
    "job 1 is done",
    "job 2 begins",
    "job 2 is done",
    "cancelled: false",
  ],
);

program(
  "run() cancels what still runs when the drain is over",
  "run_exit_143_when_the_drain_is_over.ts",
  { ready: "SIGTERM" },
  ["ready", "draining", "cancelled: signal"],
);

program(
  "run() ends services after the ordinary tasks, the last one first, at a signal",
  "run_exit_143_in_the_order_of_services.ts",
  { ready: "SIGTERM" },
  [
    "ready",
    "request is asked to end",
    "request has ended",
    "server is asked to end",
    "server has ended",
    "database is asked to end",
    "database has ended",
  ],
);

program(
  "run() exits in bounded time and names every stuck task: name, age, place, last wait",
  "run_exit_143_names_the_stuck.ts",
  { ready: "SIGTERM" },
  ["ready"],
  new RegExp(
    [
      "^2 tasks have not ended within 100 ms after SIGTERM:",
      '  task "poller": \\d+ ms old, last wait: sleep\\(\\), \\d+ ms ago',
      "    created",
      "      at .*serve .*run_exit_143_names_the_stuck\\.ts:4:.*",
      '(?:.*\\n)*  task "legacy": \\d+ ms old, has not waited in this library',
      "    created",
      "      at .*serve .*run_exit_143_names_the_stuck\\.ts:8:",
    ].join("\\n"),
  ),
);

program(
  "run() gives the report of the stuck to onStuck, without diagnostics if there are none",
  "run_exit_143_tells_onstuck.ts",
  { ready: "SIGTERM" },
  ["ready", "SIGTERM 50 name,idlegacy"],
);

program(
  "run() names who is stuck when main has ended, and exits with 1",
  "run_exit_1_when_stuck_at_the_end.ts",
  {},
  ["main has ended"],
  /^1 task has not ended within 50 ms after the end of the program:\n {2}task "forgotten": /,
);

program(
  "run() exits with 1 when a task failed and nobody looked, and keeps main's value",
  "run_exit_1_unobserved_failure.ts",
  {},
  ["value"],
  /^Task "writer" failed and nobody looked at it:[^]*\b[Ee]rror: disk full\n/,
);

program(
  "run() leaves an error of main to its caller: not caught, it is exit code 1",
  "run_exit_1_when_main_throws.ts",
  {},
  [],
  /RangeError: main is broken/,
);

program(
  "run() reports what main throws after a signal, because its caller won't see it",
  "run_exit_130_reports_what_main_throws.ts",
  { ready: "SIGINT" },
  ["ready"],
  /^Task "serve" failed and nobody looked at it:[^]*\bRangeError: can't close\n/,
);

program(
  "run() exits at once at the second signal",
  "run_exit_143_second_signal_is_immediate.ts",
  { ready: "SIGINT", draining: "SIGTERM" },
  ["ready", "draining"],
);

program(
  "run() refuses to run inside of itself",
  "run_exit_0_refuses_a_nested_run.ts",
  {},
  [
    "InvalidStateError: Cannot run: a program is running already",
    "one after the other",
  ],
);

test("every program of run() is run by a test", () => {
  const files = readdirSync(programs).filter((name) => name.startsWith("run_"));
  const tests = readdirSync(here).filter((name) =>
    /^run_.*test\.ts$/.test(name)
  )
    .map((name) => readFileSync(new URL(name, here), "utf8")).join();
  assertEquals(files.filter((name) => !tests.includes(`"${name}"`)), []);
  assertStringIncludes(files.join(), "run_exit_143_names_the_stuck.ts");
});
