import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
} from "@std/assert";
import { CancelScope, createTask, currentTask, type Task } from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, turn, withoutContext } from "./_probes.ts";

test("createTask() makes the current task the parent", async () => {
  let child: Task<void> | undefined;
  const parent = createTask(async ({ checkpoint }) => {
    await checkpoint();
    child = createTask(() => {});
    await child;
  });
  assertEquals(parent.parent, undefined);
  await parent;
  assertStrictEquals(child!.parent, parent);
});

test("createTask() in the eager part of a child belongs to the child", async () => {
  let inner: Task<void> | undefined;
  let middle: Task<void> | undefined;
  const outer = createTask(() => {
    middle = createTask(() => void (inner = createTask(() => {})));
    return middle;
  });
  await outer;
  await inner;
  assertStrictEquals(middle!.parent, outer);
  assertStrictEquals(inner!.parent, middle);
});

test("task.cancel() reaches children and grandchildren, not the parent", async () => {
  const top = idle();
  const middle = idle({ parent: top });
  const bottom = idle({ parent: middle });
  const sibling = idle({ parent: top });
  middle.cancel();
  await Promise.all([middle, bottom].map(ended));
  assertEquals(
    [top, middle, bottom, sibling].map((task) => task.status),
    ["running", "cancelled", "cancelled", "running"],
  );
  top.cancel();
  await Promise.all([top, sibling].map(ended));
  assertEquals(sibling.status, "cancelled");
});

test("createTask() detached belongs to nobody", async () => {
  let free: Task<void> | undefined;
  const parent = createTask(async ({ sleep }) => {
    free = idle({ detached: true });
    await sleep(Infinity);
  });
  assertEquals(free!.parent, undefined);
  parent.cancel();
  await ended(parent);
  assertEquals(free!.status, "running");
  free!.cancel();
  await ended(free!);
});

test("createTask() with detached false has its parent as always", async () => {
  const parent = idle();
  const child = idle({ parent, detached: false });
  assertStrictEquals(child.parent, parent);
  parent.cancel();
  await Promise.all([parent, child].map(ended));
});

test("createTask() takes another parent than the current task", async () => {
  const owner = idle({ name: "owner" });
  let child: Task<void> | undefined;
  const creator = createTask(() => {
    child = idle({ parent: owner });
  });
  await creator;
  assertStrictEquals(child!.parent, owner);
  owner.cancel();
  await Promise.all([owner, child!].map(ended));
  assertEquals(child!.status, "cancelled");
});

test("createTask() refuses detached together with parent", async () => {
  const parent = idle();
  assertRefused(
    () => createTask(() => {}, { parent, detached: true }),
    TypeError,
    "both parent and detached",
  );
  parent.cancel();
  await ended(parent);
});

test("createTask() refuses a parent that has ended", async () => {
  const parent = createTask(() => {}, { name: "gone" });
  await parent;
  assertRefused(
    () => createTask(() => {}, { parent }),
    TypeError,
    'its parent "gone" has ended',
  );
});

test("createTask() under a cancelled parent starts, with its signal aborted", async () => {
  const parent = idle({ name: "parent" });
  parent.cancel("enough");
  let seen: boolean | undefined;
  const child = createTask(({ signal }) => {
    seen = signal.aborted;
    return "ran";
  }, { parent });
  assertEquals(seen, true);
  assertEquals(child.reason?.source?.name, "parent");
  assertEquals(await child, "ran");
  assert(child.cancelRequested);
  await ended(parent);
});

test("task whose parent ends first hangs on the next ancestor that runs", async () => {
  const top = idle();
  const gate = Promise.withResolvers<void>();
  const middle = createTask(() => gate.promise, { parent: top });
  const bottom = idle({ parent: middle });
  gate.resolve();
  await middle;
  assertEquals(bottom.status, "running");
  assertStrictEquals(bottom.parent, top);
  top.cancel();
  await Promise.all([top, bottom].map(ended));
  assertEquals(bottom.status, "cancelled");
});

test("task whose whole line has ended belongs to nobody and runs on", async () => {
  let child: Task<void> | undefined;
  await createTask(() =>
    createTask(() => {
      child = idle();
    })
  );
  assertEquals(child!.parent, undefined);
  assertEquals(child!.status, "running");
  child!.cancel();
  await ended(child!);
});

test("task adopted by a cancelled ancestor is cancelled", async () => {
  const release = Promise.withResolvers<void>();
  const top = createTask(() => release.promise, { name: "top" });
  const gate = Promise.withResolvers<void>();
  let late: Task<void> | undefined;
  const middle = createTask(async () => {
    await gate.promise;
    late = idle();
  }, { parent: top });
  top.cancel();
  gate.resolve();
  await middle;
  await ended(late!);
  assertEquals(late!.status, "cancelled");
  release.resolve();
  await top;
});

test("task that leaves a shielded scope for a cancelled task is cancelled", async () => {
  const gate = Promise.withResolvers<void>();
  let child: Task<void> | undefined;
  const task = createTask(() =>
    new CancelScope({ shield: true }).run(() => {
      child = idle();
      return gate.promise;
    })
  );
  task.cancel("enough");
  assertEquals(child!.status, "running");
  gate.resolve();
  await ended(task);
  assertEquals(child!.reason?.message, "enough");
  await ended(child!);
  assertEquals(child!.status, "cancelled");
});

test("task that completes leaves its children running and known", async () => {
  let child: Task<void> | undefined;
  const parent = createTask(() => void (child = idle({ name: "lingerer" })));
  await parent;
  assertEquals(parent.status, "completed");
  assertFalse(child!.done);
  child!.cancel();
  await ended(child!);
});

test("task that fails doesn't fail or cancel its parent and siblings", async () => {
  const parent = idle();
  const sibling = idle({ parent });
  const child = createTask(() => Promise.reject(new Error("no")), { parent });
  await ended(child);
  await turn();
  assertEquals([parent.status, sibling.status], ["running", "running"]);
  parent.cancel();
  await Promise.all([parent, sibling].map(ended));
});

test("createTask() without taskContext links by explicit parents only", async () => {
  await withoutContext(async () => {
    let seen: unknown = "not run";
    const parent = createTask(async ({ sleep, checkpoint }) => {
      await checkpoint();
      seen = currentTask();
      await sleep(Infinity);
    });
    const implicit = createTask(({ sleep }) => sleep(Infinity));
    const explicit = createTask(({ sleep }) => sleep(Infinity), { parent });
    await turn();
    assertEquals(seen, undefined);
    assertEquals(implicit.parent, undefined);
    assertStrictEquals(explicit.parent, parent);
    parent.cancel("enough");
    await Promise.all([parent, explicit].map(ended));
    assertEquals(explicit.reason?.message, "enough");
    assertEquals(implicit.status, "running");
    implicit.cancel();
    await ended(implicit);
  });
});
