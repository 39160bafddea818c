// What must hold between two copies of the package in one process: each case
// gets both, in either order.
import assert from "node:assert/strict";
import process from "node:process";
import { pathToFileURL } from "node:url";

const settled = (work) =>
  work.then((value) => ({ value }), (error) => ({ error }));
const idle = ({ sleep }) => sleep(60_000);

export const cases = {
  async "a limit of one cuts a wait of the other"(a, b) {
    const { error } = await settled(a.failAfter(5, () => b.sleep(60_000)));
    assert.equal(error?.name, "TimeoutError");
    assert.equal(await a.moveOnAfter(5, () => b.sleep(60_000)), undefined);
    const scope = new a.CancelScope({ deadline: a.currentTime() + 5 });
    await scope.run(() => b.abortable(new Promise(() => {})));
    assert.equal(scope.cancelledCaught, true);
  },

  async "cancel() of one cuts the waits of the other"(a, b) {
    for (
      const wait of [
        () => b.sleep(60_000),
        () => b.abortable(new Promise(() => {})),
        () => new b.AsyncEvent().wait(),
        () => b.moveOnAfter(60_000, () => a.sleep(60_000)),
      ]
    ) {
      const task = a.createTask(wait);
      task.cancel("stop");
      await settled(task);
      assert.equal(task.status, "cancelled", `${wait}`);
    }
  },

  async "a task that one makes in a body of the other is its child"(a, b) {
    let child;
    const parent = a.createTask(async () => {
      await a.checkpoint();
      child = b.createTask(idle, { name: "child" });
      await child;
    }, { name: "parent" });
    await a.sleep(5);
    assert.equal(child.parent, parent);
    parent.cancel("stop");
    await settled(parent);
    assert.equal(child.status, "cancelled");
    assert.equal(child.reason.kind, "parent");
    assert.equal(child.reason.cause.message, "stop");
  },

  async "currentTask() of one is the task of the other"(a, b) {
    let before, after;
    const task = a.createTask(async () => {
      before = b.currentTask();
      await new Promise((resolve) => setTimeout(resolve, 1));
      after = b.currentTask();
    });
    await task;
    assert.equal(before, task);
    assert.equal(after, task);
    assert.equal(b.currentTask(), undefined);
  },

  async "allTasks() of both lists the tasks of both, and no id twice"(a, b) {
    const tasks = [a.createTask(idle), b.createTask(idle), a.createTask(idle)];
    for (const copy of [a, b]) {
      const all = copy.allTasks();
      assert.deepEqual(tasks.map((task) => all.includes(task)), [
        true,
        true,
        true,
      ]);
    }
    assert.equal(new Set(tasks.map(({ id }) => id)).size, 3);
    for (const task of tasks) task.cancel();
    await Promise.allSettled(tasks);
  },

  async "a tracker takes tasks of the other"(a, b) {
    const tracker = new b.TaskTracker();
    const task = a.createTask(idle);
    tracker.add(task);
    const report = await tracker.cancelAll();
    assert.equal(report.succeeded, 1);
    assert.equal(report.failed, 0);
    assert.equal(task.status, "cancelled");
  },

  async "instanceof is true for tasks of the other"(a, b) {
    const task = a.createTask(() => 1);
    assert.ok(task instanceof b.Task);
    assert.equal(Promise.resolve() instanceof b.Task, false);
    await task;
  },

  async "instanceof is true for errors of the other"(a, b) {
    const task = a.createTask(idle);
    task.cancel("stop");
    const { error } = await settled(task);
    assert.ok(error instanceof b.CancelledError);
    const late = await settled(a.failAfter(5, () => a.sleep(60_000)));
    assert.ok(late.error instanceof b.TimeoutError);
    assert.equal(new Error() instanceof b.CancelledError, false);
  },

  async "waitForOutcome() and cancelAndWait() take tasks of the other"(a, b) {
    const value = await b.waitForOutcome(a.createTask(() => 1));
    assert.deepEqual([value.status, value.value], ["completed", 1]);
    const event = new b.AsyncEvent();
    const wait = a.waitForOutcome(b.createTask(idle), { cancelEvent: event });
    event.set();
    assert.equal((await wait).status, "cancelled");
    const ended = await b.cancelAndWait(a.createTask(idle));
    assert.equal(ended.status, "cancelled");
  },

  async "propagateCancellation() links events and tasks of the other"(a, b) {
    const event = new a.AsyncEvent();
    const task = a.createTask(idle);
    const link = b.propagateCancellation(event, [task]);
    event.set();
    await settled(task);
    assert.equal(task.status, "cancelled");
    link[Symbol.dispose]?.();
  },

  async "configure() of one counts for both"(a, b) {
    const seen = [];
    let before;
    await new Promise((resolve) => {
      before = a.configure({
        onUnobservedFailure({ error }) {
          if (seen.push(error.message) === 2) resolve();
        },
      });
      void b.createTask(() => Promise.reject(new Error("b is lost")));
      void a.createTask(() => Promise.reject(new Error("a is lost")));
    });
    b.configure(before);
    assert.deepEqual(seen.sort(), ["a is lost", "b is lost"]);
  },

  async "a failure that the other has looked at isn't reported"(a, b) {
    const seen = [];
    const before = a.configure({
      onUnobservedFailure: ({ error }) => seen.push(error.message),
    });
    const task = a.createTask(() => Promise.reject(new Error("disk full")));
    assert.equal((await b.waitForOutcome(task)).status, "failed");
    await new Promise((resolve) => setTimeout(resolve, 20));
    a.configure(before);
    assert.deepEqual(seen, []);
  },

  async "sources of the other end waits"(a, b) {
    const event = new b.AsyncEvent();
    const wait = settled(a.sleep(60_000, { signal: event }));
    event.set();
    assert.equal((await wait).error?.name, "AbortError");
    const task = b.createTask(idle);
    const other = a.createTask(idle, { signal: task });
    task.cancel("stop");
    await settled(task);
    await settled(other);
    assert.equal(other.status, "cancelled");
  },

  async "a time limit of one is known to the other"(a, b) {
    await a.failAfter(60_000, () => {
      const left = b.timeLeft();
      assert.ok(left > 0 && left <= 60_000, `${left}`);
    });
  },

  async "bindTask() of one knows the task of the other"(a, b) {
    let bound;
    const task = a.createTask(async () => {
      bound = b.bindTask(() => a.currentTask());
      await a.sleep(5);
    });
    assert.equal(bound(), task);
    await task;
  },

  async "a group in a body of the other ends with it"(a, b) {
    let child;
    const task = a.createTask(() =>
      b.TaskGroup.run((group) => {
        child = group.spawn(() => a.sleep(60_000));
      })
    );
    await a.sleep(5);
    task.cancel("stop");
    await settled(task);
    assert.equal(child.status, "cancelled");
    const { error } = await settled(b.TaskGroup.run((group) => {
      group.spawn(() => a.sleep(60_000));
      group.spawn(() => Promise.reject(new Error("disk full")));
    }));
    assert.deepEqual(error?.errors.map(String), ["Error: disk full"]);
  },

  async "combinators take tasks of the other"(a, b) {
    const first = a.createTask(() => 1);
    assert.deepEqual(await b.all([first, () => 2]), [1, 2]);
    const loser = a.createTask(idle);
    assert.equal(await b.race([loser, () => "won"]), "won");
    assert.equal(loser.status, "cancelled");
  },

  async "a cancellation of one is the other's too"(a, b) {
    const task = a.createTask(async () => {
      try {
        await a.sleep(60_000);
      } catch (error) {
        b.rethrowCancellation(error);
        return "swallowed";
      }
    });
    task.cancel(new RangeError("quota exceeded"));
    assert.equal((await settled(task)).error?.message, "quota exceeded");
    assert.equal(task.status, "cancelled");
  },

  async "a shield of one keeps the cancellation of the other away"(a, b) {
    const done = [];
    const task = a.createTask(async () => {
      try {
        await a.sleep(60_000);
      } finally {
        await b.shield(async () => {
          await a.sleep(1);
          done.push("cleaned up");
        });
      }
    });
    task.cancel("stop");
    await settled(task);
    assert.deepEqual(done, ["cleaned up"]);
  },
};

/** Runs a case, which has to end soon: what doesn't work mostly hangs. */
export async function runCase(title, a, b) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("hangs")), 2_000);
  });
  try {
    await Promise.race([cases[title](a, b), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs all cases with the copies that the command line names. */
async function main(names) {
  const copies = [];
  for (const name of names) copies.push(await import(name));
  const [a, b] = copies;
  assert.notEqual(a.createTask, b.createTask, "that is one copy");
  for (const title of Object.keys(cases)) {
    for (const pair of [[a, b], [b, a]]) {
      try {
        await runCase(title, ...pair);
      } catch (error) {
        const order = pair[0] === a ? "" : " (the other way round)";
        console.log(`failed: ${title}${order}: ${error}`);
        process.exitCode = 1;
      }
    }
  }
  console.log(`${Object.keys(cases).length} cases`);
  process.exit();
}

const [, program = "", ...names] = process.argv;
if (import.meta.url === pathToFileURL(program).href) await main(names);
