import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { CancelledError, createTask } from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle, never, turn } from "./_probes.ts";

const failure = new Error("no");
const failing = () => createTask(() => Promise.reject(failure));

test("task.then() gives a promise of what the callbacks return", async () => {
  const derived = createTask(() => 1).then((value) => value + 1);
  assertInstanceOf(derived, Promise);
  assertEquals(await derived, 2);
  assertEquals(await failing().then(() => "no", () => "yes"), "yes");
});

test("task.then() without callbacks passes value and failure on", async () => {
  assertEquals(await createTask(() => 1).then(), 1);
  assertStrictEquals(await assertRejects(() => failing().then()), failure);
  assertEquals(await createTask(() => 1).then(null, null), 1);
});

test("task.then() calls back asynchronously, also when done", async () => {
  const task = createTask(() => 1);
  await task;
  const log: string[] = [];
  const derived = task.then(() => log.push("callback"));
  log.push("caller");
  await derived;
  assertEquals(log, ["caller", "callback"]);
});

test("task.then() callbacks run in order, after the state has changed", async () => {
  const task = createTask(() => 1);
  const log: string[] = [];
  await Promise.all([
    task.then(() => log.push(`first ${task.status}`)),
    task.then(() => log.push(`second ${task.status}`)),
  ]);
  assertEquals(log, ["first completed", "second completed"]);
});

test("task.catch() handles failure and cancellation", async () => {
  assertStrictEquals(await failing().catch((error) => error), failure);
  assertEquals(await createTask(() => 1).catch(() => 2), 1);
  const task = idle();
  task.cancel();
  assertInstanceOf(await task.catch((error) => error), CancelledError);
});

test("task.finally() runs in each case and changes nothing", async () => {
  let calls = 0;
  const count = () => void calls++;
  assertEquals(await createTask(() => 1).finally(count), 1);
  assertStrictEquals(
    await assertRejects(() => failing().finally(count)),
    failure,
  );
  const task = idle();
  task.cancel();
  await assertRejects(() => task.finally(count), CancelledError);
  assertEquals(calls, 3);
  assertEquals(await createTask(() => 1).finally(null), 1);
  assertEquals(await createTask(() => 1).finally(), 1);
});

test("task.finally() waits for its callback and passes its failure on", async () => {
  let finished = false;
  await createTask(() => 1).finally(async () => {
    await turn();
    finished = true;
  });
  assert(finished);
  const broken = () =>
    createTask(() => 1).finally(() => {
      throw failure;
    });
  assertStrictEquals(await assertRejects(broken), failure);
});

test("Promise.all() takes tasks", async () => {
  const values = await Promise.all([
    createTask(() => 1),
    createTask(async ({ checkpoint }) => (await checkpoint(), "two")),
    3,
  ]);
  assertEquals(values, [1, "two", 3]);
});

test("Promise.all() rejects with a task's failure; nothing else is reported", async () => {
  const other = idle();
  const all = Promise.all([other, failing(), failing()]);
  assertStrictEquals(await assertRejects(() => all), failure);
  other.cancel();
  await ended(other);
  await turn();
});

test("Promise.race(), any() and allSettled() take tasks", async () => {
  const slow = idle();
  assertEquals(await Promise.race([slow, createTask(() => "fast")]), "fast");
  assertEquals(await Promise.any([failing(), createTask(() => 1)]), 1);
  slow.cancel();
  const settled = await Promise.allSettled([
    slow,
    failing(),
    createTask(() => 1),
  ]);
  assertEquals(settled.map(({ status }) => status), [
    "rejected",
    "rejected",
    "fulfilled",
  ]);
});

test("Promise.resolve() of a task gives a native promise of its value", async () => {
  const promise = Promise.resolve(createTask(() => 1));
  assertInstanceOf(promise, Promise);
  assertEquals(await promise, 1);
});

test("task returned from an async function is awaited", async () => {
  const value = await (async () => await createTask(() => 1))();
  assertEquals(value, 1);
  const outer = createTask(() => createTask(() => 2));
  assertEquals(await outer, 2);
});

test("task that is cancelled or failed is no unhandled rejection", async () => {
  const seen: unknown[] = [];
  const note = (event: Event) => {
    event.preventDefault();
    seen.push((event as PromiseRejectionEvent).reason);
  };
  const noteInNode = (reason: unknown) => seen.push(reason);
  const listens = "addEventListener" in globalThis;
  if (listens) globalThis.addEventListener("unhandledrejection", note);
  const { default: process } = await import("node:process");
  process.on("unhandledRejection", noteInNode);
  const console = globalThis.console as { error: unknown };
  const before = console.error;
  console.error = () => {};
  try {
    idle().cancel();
    idle({ signal: AbortSignal.abort("text") });
    void createTask(() => Promise.reject(failure));
    void createTask(() => {
      throw failure;
    });
    void createTask(() => Promise.reject(new CancelledError()));
    createTask(async () => {
      void createTask(() => Promise.reject(failure));
      await never;
    }).cancel();
    await turn();
    await turn();
  } finally {
    console.error = before;
    process.off("unhandledRejection", noteInNode);
    if (listens) globalThis.removeEventListener("unhandledrejection", note);
  }
  assertEquals(seen, []);
});
