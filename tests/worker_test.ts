/** The core in a worker: a web worker under Deno, worker_threads elsewhere. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  type CancelReason,
  createTask,
  isCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { assertTasks, ended } from "./_probes.ts";

/** The parent's side of a worker. */
interface Handle {
  /** The next message of the worker. */
  next(): Promise<unknown>;
  post(message: unknown): void;
  terminate(): Promise<void>;
}

/** Starts a module of tests/workers. */
async function start(name: string): Promise<Handle> {
  const url = new URL(`workers/${name}.ts`, import.meta.url);
  const received: unknown[] = [];
  const arrived = new AsyncEvent();
  const take = (message: unknown) => {
    received.push(message);
    arrived.set();
  };
  const fail = (error: unknown) => take({ kind: "error", error });
  const next = async () => {
    while (received.length === 0) {
      arrived.clear();
      await arrived.wait();
    }
    return received.shift();
  };
  if ("Deno" in globalThis) {
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }) => take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message);
    };
    return {
      next,
      post: (message) => worker.postMessage(message),
      // deno-lint-ignore require-await -- the other kind of worker is awaited
      terminate: async () => worker.terminate(),
    };
  }
  const { Worker: Thread } = await import("node:worker_threads");
  const worker = new Thread(url);
  worker.on("message", take);
  worker.on("error", fail);
  return {
    next,
    post: (message) => worker.postMessage(message),
    terminate: async () => void await worker.terminate(),
  };
}

/** What the service posts. */
interface Message {
  kind: string;
  tasks?: number;
  in?: string;
  error?: Error;
  reason?: CancelReason;
}

test("the tests of the core pass in a worker", async () => {
  const worker = await start("tests");
  try {
    const { passed, failures } = await worker.next() as {
      passed: number;
      failures: string[];
    };
    assertEquals(failures, []);
    assertGreater(passed, 700);
  } finally {
    await worker.terminate();
  }
});

test("a worker has tasks of its own, which the parent doesn't know", async () => {
  const worker = await start("service");
  try {
    assertEquals(await worker.next(), { kind: "ready", tasks: 1_001 });
    assertTasks([]);
  } finally {
    await worker.terminate();
  }
});

test("a worker that is told to stop cleans up, and knows who asked", async () => {
  const worker = await start("service");
  try {
    await worker.next();
    const parent = createTask(({ sleep }) => sleep(60_000), { name: "parent" });
    parent.cancel("no longer needed");
    await ended(parent);
    worker.post(parent.reason);
    assertEquals(await worker.next(), { kind: "cleanup", in: "service" });
    const { kind, reason } = await worker.next() as Message;
    assertEquals(kind, "end");
    assertEquals(reason, parent.reason);
  } finally {
    await worker.terminate();
  }
});

test("a CancelledError that is posted loses its reason; a reason doesn't, and makes one again", async () => {
  const worker = await start("service");
  try {
    await worker.next();
    const sent: CancelReason = {
      kind: "parent",
      source: { id: 7, name: "owner" },
      at: 2,
      cause: { kind: "explicit", message: "stop", at: 1 },
    };
    worker.post(sent);
    await worker.next();
    const { error, reason } = await worker.next() as Message;
    assert(error instanceof Error);
    assertEquals(error instanceof CancelledError, false);
    assertEquals(error.message, new CancelledError(sent).message);
    assertEquals(isCancellation(error), false);
    const again = new CancelledError(reason);
    assertEquals(again.reason, sent);
    assert(isCancellation(again));
  } finally {
    await worker.terminate();
  }
});

test("a worker that is terminated leaves nothing in the parent", async () => {
  const worker = await start("service");
  const waiter = createTask(async ({ abortable }) => {
    await worker.next();
    // The worker says nothing more; who waits is let go by its cancellation.
    await abortable(worker.next());
  });
  try {
    assertTasks([waiter]);
  } finally {
    await worker.terminate();
  }
  waiter.cancel("the worker is gone");
  await ended(waiter);
  assertEquals(waiter.status, "cancelled");
  assertTasks([]);
});
