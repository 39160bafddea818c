import { assert, assertEquals } from "@std/assert";
import {
  abortable,
  AsyncEvent,
  CancelScope,
  checkpoint,
  createTask,
  currentTime,
  failAfter,
  map,
  once,
  shield,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { subscribe } from "../trace.ts";
import { test } from "./_harness.ts";
import { recording } from "./_recording.ts";

/** Runs `body` with a recording observer and gives the lines. */
async function observe(body: () => Promise<unknown>): Promise<string[]> {
  const { log, observer } = recording();
  await withVirtualClock(async () => {
    const subscription = subscribe(observer);
    try {
      await body();
    } finally {
      subscription.unsubscribe();
    }
  });
  return log;
}

test("subscribe() tells start, wait, end of a wait, and end of a task", async () => {
  const log = await observe(() =>
    createTask(() => sleep(5), { name: "nap" }).then()
  );
  assertEquals(log, [
    "nap started as task",
    "nap waits for timer: sleep()",
    "nap resumed: sleep()",
    "nap completed",
  ]);
});

test("subscribe() tells what each kind of wait is for", async () => {
  const event = new AsyncEvent();
  const target = new EventTarget();
  const log = await observe(async () => {
    const waits = [
      createTask(() => sleep(1), { name: "a" }),
      createTask(() => checkpoint(), { name: "b" }),
      createTask(() => event.wait(), { name: "c" }),
      createTask(() => once(target, "go"), { name: "d" }),
      createTask(() => abortable(new Promise((done) => done(1))), {
        name: "e",
      }),
    ];
    event.set();
    target.dispatchEvent(new Event("go"));
    await Promise.all(waits);
  });
  assertEquals(log.filter((line) => line.includes("waits")), [
    "a waits for timer: sleep()",
    "b waits for turn: checkpoint()",
    "c waits for event: event.wait()",
    'd waits for event: once("go")',
    "e waits for promise: abortable()",
  ]);
  assertEquals(log.filter((line) => line.includes("resumed")).length, 5);
});

test("subscribe() names the task that another one awaits, with its id", async () => {
  const targets: unknown[] = [];
  let id = "";
  await withVirtualClock(async () => {
    const subscription = subscribe({
      waiting: ({ name, for: target }) => {
        if (name === "outer") targets.push(target);
      },
    });
    await createTask(async () => {
      const inner = createTask(() => sleep(5), { name: "inner" });
      id = String(inner.id);
      await inner;
    }, { name: "outer" });
    subscription.unsubscribe();
  });
  assertEquals(targets, [{ kind: "task", what: 'task "inner"', id }]);
});

test("subscribe() tells each node that a cancellation reaches, then how it ends", async () => {
  const log = await observe(async () => {
    const parent = createTask(async () => {
      await createTask(() => sleep(60_000), { name: "child" });
    }, { name: "parent" });
    parent.cancel("stop");
    await parent.catch(() => {});
  });
  const fate = log.filter((line) => /cancell/.test(line));
  assertEquals(fate, [
    "parent cancelling: explicit",
    "child cancelling: parent",
    "child cancelled",
    "parent cancelled",
  ]);
});

test("subscribe() tells of scopes, shields and groups, and whose they are", async () => {
  const owners = new Map<string, string | undefined>();
  const kinds = new Map<string, string>();
  const ids = new Map<string, string>();
  await withVirtualClock(async () => {
    const subscription = subscribe({
      started: ({ id, name, kind, owner }) => {
        owners.set(name, owner);
        kinds.set(name, kind);
        ids.set(name, id);
      },
    });
    await createTask(async () => {
      await new CancelScope({ name: "scope" }).run(() =>
        TaskGroup.run(async (group) => {
          group.spawn(() => sleep(1), { name: "child" });
          await sleep(1);
        }, { name: "group" })
      );
    }, { name: "task" });
    subscription.unsubscribe();
  });
  assertEquals([...kinds], [
    ["task", "task"],
    ["scope", "scope"],
    ["group", "group"],
    ["child", "task"],
  ]);
  assertEquals([...owners], [
    ["task", undefined],
    ["scope", ids.get("task")],
    ["group", ids.get("scope")],
    ["child", ids.get("group")],
  ]);
});

test("subscribe() tells the end of everything that it told the start of", async () => {
  const open = new Map<string, string>();
  await withVirtualClock(async () => {
    const subscription = subscribe({
      started: ({ id, name }) => open.set(id, name),
      ended: ({ id }) => open.delete(id),
    });
    await createTask(async () => {
      await failAfter(5, () => sleep(60)).catch(() => {});
      await shield(() => sleep(1));
      await map([1, 2, 3], () => sleep(1), { concurrency: 2 });
      await TaskGroup.run(async (group) => {
        group.spawn(() => Promise.reject(new Error("no")));
        await sleep(60);
      }).catch(() => {});
    });
    subscription.unsubscribe();
  });
  assertEquals([...open.values()], []);
});

test("subscribe() pairs the beginning and the end of each wait", async () => {
  const open = new Set<number>();
  let waits = 0;
  await withVirtualClock(async () => {
    const subscription = subscribe({
      waiting: ({ wait }) => {
        waits++;
        open.add(wait);
      },
      resumed: ({ wait }) => open.delete(wait),
    });
    const event = new AsyncEvent();
    await createTask(async () => {
      await Promise.all([sleep(1), sleep(2), event.wait({ signal: null })]
        .slice(0, 2));
      const task = createTask(() => event.wait());
      task.cancel();
      await task.catch(() => {});
      await abortable(Promise.reject(new Error("no"))).catch(() => {});
      await map([1, 2], () => checkpoint(), { concurrency: 2 });
    });
    await sleep(1);
    subscription.unsubscribe();
  });
  assert(waits >= 6, `${waits} waits`);
  assertEquals(open.size, 0);
});

test("subscribe() tells what a task failed with", async () => {
  const error = new Error("disk full");
  const errors: unknown[] = [];
  const subscription = subscribe({
    ended: (event) => errors.push(event.error),
  });
  await createTask(() => Promise.reject(error)).catch(() => {});
  subscription.unsubscribe();
  assertEquals(errors, [error]);
});

test("subscribe() tells what runs already first, owners before what is theirs", async () => {
  await withVirtualClock(async () => {
    const parent = createTask(async () => {
      await createTask(() => sleep(60_000), { name: "child" });
    }, { name: "parent" });
    const { log, observer } = recording();
    subscribe(observer).unsubscribe();
    parent.cancel();
    await parent.catch(() => {});
    assertEquals(log, [
      "parent started as task, earlier",
      "child started as task, earlier",
    ]);
  });
});

test("subscribe() gives times on the clock of currentTime()", async () => {
  await withVirtualClock(async () => {
    const times: number[] = [];
    const begin = currentTime();
    const subscription = subscribe({
      started: ({ at }) => times.push(at - begin),
      ended: ({ at }) => times.push(at - begin),
    });
    await createTask(() => sleep(7));
    subscription.unsubscribe();
    assertEquals(times, [0, 7]);
  });
});
