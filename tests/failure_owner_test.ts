/**
 * Whose a failure is: the nearest task's, whatever scopes lie between, until
 * somebody has looked.
 */
import { assertEquals } from "@std/assert";
import {
  AsyncEvent,
  cancelAndWait,
  CancelScope,
  createTask,
  failAfter,
  moveOnAfter,
  shield,
  type Task,
  TaskGroup,
  TaskTracker,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { turn, withFailures } from "./_probes.ts";

const failure = new Error("disk full");
const job = () =>
  createTask(async () => {
    await null;
    throw failure;
  }, { name: "job" });

type Between = (body: () => Promise<void>) => Promise<unknown>;

const SCOPES: Record<string, Between> = {
  "failAfter()": (body) => failAfter(60_000, body),
  "moveOnAfter()": (body) => moveOnAfter(60_000, body),
  "CancelScope.run()": (body) => new CancelScope().run(body),
  "shield()": (body) => shield(body),
  "the body of a group": (body) => TaskGroup.run(body),
  "a scope in a scope": (body) =>
    failAfter(60_000, () => new CancelScope().run(body)),
};

for (const [where, between] of Object.entries(SCOPES)) {
  test(`a failure in ${where} is handled by a late await in the same task`, async () => {
    await withFailures(async (seen) => {
      const caught: unknown[] = [];
      await createTask(async () => {
        const made: Task[] = [];
        await between(async () => {
          made.push(job());
          await turn();
        });
        await turn();
        await made[0]!.then(() => {}, (error) => caught.push(error));
      });
      await turn();
      assertEquals([caught, seen], [[failure], []]);
    });
  });

  test(`a failure in ${where} that nobody awaits is reported once, when the task ends`, async () => {
    await withFailures(async (seen) => {
      const task = createTask(async () => {
        await between(async () => {
          void job();
          await turn();
        });
        await turn();
        assertEquals(seen, []);
      });
      await task;
      assertEquals(seen.map(({ name, error }) => [name, error]), [
        ["job", failure],
      ]);
      await turn();
      assertEquals(seen.length, 1);
    });
  });
}

test("a failure in a scope outside of any task is reported after the scope", async () => {
  await withFailures(async (seen) => {
    await new CancelScope().run(async () => {
      void job();
      await turn();
      assertEquals(seen, []);
    });
    await turn();
    assertEquals(seen.map(({ name }) => name), ["job"]);
  });
});

/** A child that fails in the turn in which its owner ends. */
async function failsWithItsOwner(
  look: (child: Task) => Promise<unknown>,
): Promise<unknown> {
  const go = new AsyncEvent();
  const children: Task[] = [];
  const owner = createTask(async () => {
    children.push(createTask(async () => {
      await go.wait();
      throw failure;
    }, { name: "child" }));
    await go.wait();
  });
  const looked = look(children[0]!);
  go.set();
  const result = await looked;
  await owner;
  await turn();
  return result;
}

test("a failure that waitForOutcome() delivers isn't reported when the owner ends in the same turn", async () => {
  await withFailures(async (seen) => {
    const status = await failsWithItsOwner(async (child) =>
      (await waitForOutcome(child)).status
    );
    assertEquals([status, seen], ["failed", []]);
  });
});

test("a failure that cancelAndWait() delivers isn't reported when the owner ends in the same turn", async () => {
  await withFailures(async (seen) => {
    const go = new AsyncEvent();
    const children: Task[] = [];
    const owner = createTask(async () => {
      children.push(createTask(async ({ sleep }) => {
        await sleep(Infinity).catch(() => go.set());
        throw failure;
      }));
      await go.wait();
    });
    const { status } = await cancelAndWait(children[0]!);
    await owner;
    await turn();
    assertEquals([status, seen], ["failed", []]);
  });
});

test("a failure that waitWithCancellation() gives as false is reported when the owner ends in the same turn", async () => {
  await withFailures(async (seen) => {
    const result = await failsWithItsOwner(waitWithCancellation);
    assertEquals([result, seen.map(({ name }) => name)], [false, ["child"]]);
  });
});

test("a root task's failure that a tracker took over before its report is reported once", async () => {
  await withFailures(async (seen) => {
    // eslint-disable-next-line mdc/require-tracker-disposal -- close() is what is tested
    const tracker = new TaskTracker();
    const task = createTask(() => Promise.reject(failure), { name: "root" });
    while (!task.done) await null;
    tracker.add(task);
    await turn();
    tracker.close();
    await turn();
    assertEquals(seen.map(({ name }) => name), ["root"]);
  });
});
