import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  AsyncEvent,
  configure,
  createTask,
  formatStuck,
  shield,
  sleep,
  type StuckReport,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { stuckReport } from "../src/run/stuck_report.ts";
import { taskNode } from "../src/task/task.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";

function reportOf(...tasks: Task[]): StuckReport {
  const nodes = tasks.map((task) => taskNode(task, "a test"));
  return stuckReport(nodes, { signal: undefined, grace: 100 });
}

/** Runs `body` on a virtual clock, with diagnostics on; an event frees all. */
async function withDiagnostics(
  body: (free: AsyncEvent) => Promise<void>,
): Promise<void> {
  const before = configure({ creationSites: true });
  const free = new AsyncEvent();
  try {
    await withVirtualClock(async () => {
      await body(free);
      free.set();
      await sleep(1_000_000);
    });
  } finally {
    configure(before);
  }
}

const deaf = { signal: new AbortController().signal };

/** Awaits a task, until all are freed. */
async function awaits(task: Task, free: AsyncEvent): Promise<void> {
  await Promise.race([task, free.wait(deaf)]);
}

test("the report of the stuck names the task that is waited for, while it runs", async () => {
  await withDiagnostics(async (free) => {
    const slow = createTask(() => sleep(50), { name: "slow" });
    const waiter = createTask(async () => {
      await slow;
      await free.wait(deaf);
    }, { name: "waiter" });
    await sleep(20);
    const { waitsFor, idle, checkpoint } = reportOf(waiter).tasks[0]!;
    assertEquals(waitsFor, { kind: "task", name: "slow", id: slow.id });
    assertEquals(checkpoint, 'task "slow"');
    assertEquals(idle, 20);
    assertStringIncludes(
      formatStuck(reportOf(waiter)),
      'task "waiter": 20 ms old, waits for task "slow" since 20 ms',
    );
    await sleep(40);
    assertEquals(reportOf(waiter).tasks[0]?.waitsFor, undefined);
    assertStringIncludes(
      formatStuck(reportOf(waiter)),
      'last wait: task "slow", 60 ms ago',
    );
  });
});

test("the report of the stuck names two tasks that wait for each other", async () => {
  await withDiagnostics(async (free) => {
    const tasks: Task[] = [];
    for (const [i, name] of ["a", "b"].entries()) {
      const body = async () => {
        await sleep(1);
        await awaits(tasks[1 - i]!, free);
      };
      tasks.push(createTask(body, { name }));
    }
    const other = createTask(() => awaits(tasks[0]!, free), { name: "c" });
    await sleep(2);
    const report = reportOf(other, ...tasks);
    const [a, b] = tasks.map(({ name, id }) => ({ name, id }));
    assertEquals(report.cycles, [[a!, b!]]);
    assertStringIncludes(
      formatStuck(report),
      '\n  tasks that wait for each other: "a" -> "b" -> "a"',
    );
    assertEquals(reportOf(other).cycles, [[a!, b!]]);
  });
});

test("the report of the stuck names a child that awaits its parent, which can't leave its group", async () => {
  await withDiagnostics(async (free) => {
    const parent: Task = createTask(() =>
      TaskGroup.run((group) => {
        const body = async () => {
          await sleep(1);
          await awaits(parent, free);
        };
        group.spawn(body, { name: "child" });
      }), { name: "parent" });
    await sleep(2);
    const cycle = reportOf(parent).cycles?.[0]?.map(({ name }) => name);
    assertEquals(cycle, ["parent", "child"]);
  });
});

test("the report of the stuck has no circle where tasks only wait in a row", async () => {
  await withDiagnostics(async (free) => {
    const a = createTask(() => free.wait(), { name: "a" });
    const b = createTask(() => awaits(a, free), { name: "b" });
    const c = createTask(() => awaits(b, free), { name: "c" });
    const d = createTask(() => awaits(b, free), { name: "d" });
    await sleep(1);
    assertEquals(reportOf(a, b, c, d).cycles, undefined);
  });
});

test("the report of the stuck names the shields that a task is in, and the rest of their grace", async () => {
  await withDiagnostics(async (free) => {
    const task = createTask(
      () => shield(() => free.wait(deaf), { grace: 500 }),
      { name: "closer" },
    );
    await sleep(1);
    assertEquals(reportOf(task).tasks[0]?.shields?.[0]?.rest, Infinity);
    task.cancel();
    await sleep(200);
    const { shields = [] } = reportOf(task).tasks[0]!;
    assertEquals(shields.map(({ rest }) => rest), [300]);
    const name = shields[0]?.name;
    assertStringIncludes(
      formatStuck(reportOf(task)),
      `, in shield "${name}" for another 300 ms`,
    );
    await sleep(400);
    assertStringIncludes(
      formatStuck(reportOf(task)),
      `, in shield "${name}", whose grace is over`,
    );
  });
});

test("the report of the stuck says why and where a task was cancelled before the end of the program", async () => {
  await withDiagnostics(async (free) => {
    const task = createTask(() => free.wait(deaf), { name: "deaf" });
    await sleep(1);
    task.cancel("maintenance");
    const report = reportOf(task);
    assertEquals(report.tasks[0]?.reason?.message, "maintenance");
    assertMatch(
      formatStuck(report),
      /\n {4}cancelled: maintenance\n {6}at .*stuck_report_test\.ts/,
    );
  });
});
