import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createTask, sleep, TaskGroup } from "@mdc/tasks";
import { type Logger, logTasks, type LogTasksOptions } from "@mdc/devtools/log";
import { withVirtualClock } from "@mdc/tasks/testing";
import { test } from "../../tests/_harness.ts";

interface Line {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

/** What is logged of `body` on the virtual clock. */
async function logged(
  body: () => Promise<unknown>,
  options?: LogTasksOptions,
): Promise<Line[]> {
  const lines: Line[] = [];
  const at = (level: string) => (fields: never, message: never) =>
    lines.push({ level, fields, message });
  const logger: Logger = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  await withVirtualClock(async () => {
    const logging = logTasks(logger, options);
    await body();
    logging.unsubscribe();
  });
  return lines;
}

/** A parent whose child is cancelled, and a task that fails. */
async function program(): Promise<void> {
  const parent = createTask(async () => {
    await createTask(() => sleep(60), { name: "child" });
  }, { name: "parent" });
  await sleep(5);
  parent.cancel("stop");
  await parent.catch(() => {});
  await createTask(() => Promise.reject(new Error("no")), { name: "bad" })
    .catch(() => {});
}

test("logTasks() writes a line a start, a cancellation and an end, each at its level", async () => {
  const lines = await logged(program);
  assertEquals(lines.map(({ level, message }) => `${level}: ${message}`), [
    'debug: task "parent" started',
    'debug: task "child" started',
    'info: task "parent" was asked to stop: stop',
    'info: task "child" was asked to stop: stop',
    'info: task "child" cancelled',
    'info: task "parent" cancelled',
    'debug: task "bad" started',
    'error: task "bad" failed: Error: no',
  ]);
});

test("logTasks() gives id, owner, time and the chain of reasons as fields", async () => {
  const lines = await logged(program);
  const parent = lines[0]!.fields;
  assertEquals(lines[1]!.fields["owner"], parent["id"]);
  const { elapsed, reason } = lines[4]!.fields;
  assertEquals(elapsed, 5);
  assertEquals((reason as { kind: string }[]).map(({ kind }) => kind), [
    "parent",
    "explicit",
  ]);
});

test("logTasks() calls the console with the message first", async () => {
  const { info } = console;
  const calls: unknown[][] = [];
  console.info = (...words) => calls.push(words);
  try {
    const logging = logTasks(console, {
      levels: { started: "info", completed: null },
    });
    await createTask(() => {}, { name: "task" });
    logging.unsubscribe();
  } finally {
    console.info = info;
  }
  assertEquals(calls.length, 1);
  assertEquals(calls[0]![0], 'task "task" started');
});

test("logTasks() changes levels, and leaves an event out", async () => {
  const lines = await logged(
    () => createTask(() => {}, { name: "task" }).then(),
    { levels: { started: null, completed: "warn" } },
  );
  assertEquals(lines.map(({ level, message }) => `${level}: ${message}`), [
    'warn: task "task" completed',
  ]);
});

test("logTasks() logs scopes and groups when it is told to", async () => {
  const body = () =>
    TaskGroup.run(async () => await sleep(1), { name: "crew" });
  assertEquals((await logged(body)).length, 0);
  const lines = await logged(body, { kinds: ["group"] });
  assertEquals(lines.map(({ message }) => message), [
    'group "crew" started',
    'group "crew" completed',
  ]);
});

test("logTasks() logs a sample of whole tasks, and every failure", async () => {
  const lines = await logged(async () => {
    for (let i = 0; i < 1_000; i++) await createTask(() => {});
    await createTask(() => Promise.reject(new Error("no"))).catch(() => {});
  }, { sample: 0.25 });
  const started = lines.filter(({ fields }) => fields["event"] === "started");
  const completed = lines.filter(({ fields }) =>
    fields["event"] === "completed"
  );
  assertEquals(
    started.length - completed.length <= 1 && started.length > 200 &&
      started.length < 300,
    true,
    `${started.length} of 1,000`,
  );
  assertEquals(lines.at(-1)?.fields["event"], "failed");
});

test("logTasks() writes out what would control a terminal", async () => {
  const lines = await logged(() =>
    createTask(() => {}, { name: "\u001b[2Jgone\nfake line" }).then()
  );
  assertMatch(
    lines[0]!.message,
    /^task "\\u001b\[2Jgone\\nfake line" started$/,
  );
});

test("logTasks() refuses a logger without a level, an unknown option and a bad sample", () => {
  assertThrows(
    () => logTasks({ info() {} } as never),
    TypeError,
    "expected a logger with a method debug(), received an object without it",
  );
  assertThrows(
    () => logTasks(console, { level: {} } as never),
    TypeError,
    'unknown option "level"',
  );
  assertThrows(
    () => logTasks(console, { sample: 2 }),
    RangeError,
    "Cannot use sample: expected at most 1, received 2",
  );
});
