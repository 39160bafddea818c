import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  abortable,
  AsyncEvent,
  createTask,
  sleep,
  type Task,
  TaskGroup,
} from "@mdc/tasks";
import {
  type Finding,
  formatFinding,
  watch,
  type WatchOptions,
} from "@mdc/devtools/watchdog";
import { test } from "../../tests/_harness.ts";

/** Keeps the event loop. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** What is found while `body` runs, and the event that it sets. */
async function found(
  body: (first: AsyncEvent) => Promise<unknown>,
  options: WatchOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const first = new AsyncEvent();
  const watching = watch({
    blocked: Infinity,
    ignoring: Infinity,
    ...options,
    onFinding: (finding) => {
      findings.push(finding);
      first.set();
    },
  });
  try {
    await body(first);
  } finally {
    watching.unsubscribe();
  }
  return findings;
}

test("watch() tells whose code kept the event loop, with its owners", async () => {
  const findings = await found((first) =>
    createTask(async () => {
      await createTask(async () => {
        await sleep(1);
        block(60);
      }, { name: "cruncher" });
      await first.wait();
    }, { name: "service" }).then(), { blocked: 50 });
  // On a busy machine others may be found as well.
  const finding = findings.find((each) =>
    each.status === "blocked" && each.task.name === "cruncher"
  );
  assert(finding?.status === "blocked");
  assertEquals(finding.task.path, ["service", "cruncher"]);
  assert(finding.elapsed >= 50);
  assertMatch(
    formatFinding(finding),
    /^Task "service > cruncher" \(#\d+\) ran \d+ ms without a checkpoint$/,
  );
});

test("watch() tells of the first stretch of a body too", async () => {
  const findings = await found(async (first) => {
    await createTask(() => block(60), { name: "eager" });
    await first.wait();
  }, { blocked: 50 });
  assert(
    findings.some((each) =>
      each.status === "blocked" && each.task.name === "eager"
    ),
  );
});

test("watch() tells nothing of a task that waits for long", async () => {
  const findings = await found(
    () => createTask(() => sleep(60), { name: "idle" }).then(),
    { blocked: 50 },
  );
  assertEquals(findings, []);
});

test("watch() tells who ignores its cancellation, once", async () => {
  const findings = await found(async (first) => {
    const stop = new AsyncEvent();
    // The watchdog itself keeps no program alive.
    const alive = setInterval(() => {}, 1_000);
    const task = createTask(() => stop.wait({ signal: null }), {
      name: "deaf",
    });
    task.cancel();
    await first.wait();
    clearInterval(alive);
    stop.set();
    await task;
  }, { ignoring: 5 });
  assertEquals(findings.map(({ status }) => status), ["ignoring"]);
  assertMatch(
    formatFinding(findings[0]!),
    /^Task "deaf" \(#\d+\) ignores its cancellation for \d+ ms$/,
  );
});

test("watch() tells nothing of a task that ends in time", async () => {
  const findings = await found(async () => {
    const task = createTask(() => sleep(60_000));
    task.cancel();
    await task.catch(() => {});
    await sleep(10);
  }, { ignoring: 5 });
  assertEquals(findings, []);
});

test("watch() tells of tasks that wait for each other", async () => {
  const findings = await found(async (first) => {
    const tasks: Task<unknown>[] = [];
    const waitFor = (other: number) => async () => {
      await sleep(1);
      await abortable(tasks[other]!);
    };
    tasks.push(createTask(waitFor(1), { name: "egg" }));
    tasks.push(createTask(waitFor(2), { name: "chick" }));
    tasks.push(createTask(waitFor(0), { name: "hen" }));
    await first.wait();
    for (const task of tasks) task.cancel();
    await Promise.allSettled(tasks);
  }, {});
  const [finding, ...more] = findings;
  assert(finding?.status === "deadlock");
  assertEquals(
    finding.tasks.map(({ name }) => name).toSorted(),
    ["chick", "egg", "hen"],
  );
  assertMatch(formatFinding(finding), /^Tasks wait for each other: "/);
  assertEquals(more, []);
});

test("watch() tells of a child that waits for the task whose group waits for it", async () => {
  const findings = await found(async (first) => {
    const owner: Task<unknown> = createTask(async () => {
      await TaskGroup.run((group) => {
        group.spawn(async () => {
          await sleep(1);
          await abortable(owner);
        }, { name: "child" });
      });
    }, { name: "owner" });
    await first.wait();
    owner.cancel();
    await owner.catch(() => {});
  }, {});
  const [finding] = findings;
  assert(finding?.status === "deadlock");
  assertEquals(finding.tasks.map(({ name }) => name).toSorted(), [
    "child",
    "owner",
  ]);
});

test("watch() doesn't take a wait for several things for a circle", async () => {
  const findings = await found(async () => {
    const open = new AsyncEvent();
    const tasks: Task<unknown>[] = [];
    tasks.push(createTask(async () => {
      await sleep(1);
      await Promise.race([abortable(tasks[1]!), open.wait()]);
    }));
    tasks.push(createTask(async () => {
      await sleep(1);
      await abortable(tasks[0]!);
    }));
    await sleep(5);
    open.set();
    await Promise.all(tasks);
  }, {});
  assertEquals(findings, []);
});

test("watch() refuses unknown options and bad limits", () => {
  assertThrows(
    () => watch({ block: 5 } as never),
    TypeError,
    'unknown option "block"',
  );
  assertThrows(
    () => watch({ ignoring: -1 }),
    RangeError,
    "Cannot use ignoring: expected 0 or more, received -1",
  );
  assertThrows(() => watch({ onFinding: 5 as never }), TypeError, "onFinding");
});
