import { PassThrough, Readable } from "node:stream";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { abortable, createTask, map, moveOnAfter, sleep } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { never, turn } from "./_probes.ts";

/** A web stream that gives items and then hangs, and says how it was ended. */
function webStream(items: readonly string[], ends = false) {
  const cancelled: unknown[] = [];
  const stream = new ReadableStream<string>({
    start(controller) {
      for (const item of items) controller.enqueue(item);
      if (ends) controller.close();
    },
    cancel(reason) {
      cancelled.push(reason);
    },
  });
  return { stream, cancelled };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

/** How many listeners an emitter has. */
function listeners(emitter: Readable): number {
  return emitter.eventNames()
    .map((name) => emitter.listenerCount(name))
    .reduce((sum, count) => sum + count, 0);
}

test("abortable() reads a web stream to its end and gives back the lock", async () => {
  const { stream, cancelled } = webStream(["a", "b"], true);
  assertEquals(await collect(abortable(stream)), ["a", "b"]);
  assertEquals(stream.locked, false);
  assertEquals(cancelled, []);
});

test("abortable() cancels a web stream at once, with the cancellation", async () => {
  const { stream, cancelled } = webStream(["a"]);
  const controller = new AbortController();
  const reason = new Error("enough");
  const seen: string[] = [];
  const loop = (async () => {
    for await (const item of abortable(stream, controller)) seen.push(item);
  })();
  await turn();
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => loop), reason);
  assertEquals(seen, ["a"]);
  assertEquals(cancelled, [reason]);
  assertEquals(stream.locked, false);
});

test("abortable() cancels a web stream when the loop is left early", async () => {
  const { stream, cancelled } = webStream(["a", "b"]);
  for await (const item of abortable(stream)) {
    assertEquals(item, "a");
    break;
  }
  assertEquals(cancelled, [undefined]);
  assertEquals(stream.locked, false);
});

test("abortable() waits for the cancel() of a web stream for grace", async () => {
  await withVirtualClock(async (clock) => {
    const stream = new ReadableStream<string>({ cancel: () => never });
    await moveOnAfter(50, () => collect(abortable(stream, { grace: 100 })));
    assertEquals(clock.now, 150);
    assertEquals(clock.timers, 0);
  });
});

test("abortable() passes on the error of a web stream and gives back the lock", async () => {
  const failure = new Error("reset");
  const stream = new ReadableStream<string>({
    pull: () => Promise.reject(failure),
  });
  const loop = () => collect(abortable(stream));
  assertStrictEquals(await assertRejects(loop), failure);
  assertEquals(stream.locked, false);
});

test("abortable() rejects for a web stream that somebody else reads", async () => {
  const { stream, cancelled } = webStream(["a"]);
  const reader = stream.getReader();
  await assertRejects(() => collect(abortable(stream)), TypeError);
  const signal = AbortSignal.abort(new Error("before"));
  const loop = () => collect(abortable(stream, { signal }));
  await assertRejects(loop, Error, "before");
  assertEquals(cancelled, []);
  reader.releaseLock();
});

test("abortable() reads an emitter stream to its end", async () => {
  const stream = Readable.from(["a", "b"]);
  assertEquals(await collect(abortable(stream)), ["a", "b"]);
  await turn();
  assertEquals(stream.errored, null);
});

test("abortable() destroys an emitter stream at once, with the cancellation", async () => {
  await withVirtualClock(async (clock) => {
    const stream = new PassThrough();
    const errors: unknown[] = [];
    const listener = (error: unknown) => errors.push(error);
    stream.on("error", listener);
    stream.write("a");
    const controller = new AbortController();
    const loop = collect(abortable(stream, controller));
    await sleep(10);
    const reason = new Error("enough");
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => loop), reason);
    assertEquals(clock.now, 10);
    assert(stream.destroyed);
    await turn();
    assertEquals(errors, [reason]);
  });
});

test("abortable() destroys an emitter stream that nobody listens to without a crash", async () => {
  for (const begun of [false, true]) {
    const stream = new PassThrough();
    const controller = new AbortController();
    const items = abortable(stream, controller);
    const loop = begun ? items.next() : undefined;
    await turn();
    controller.abort(new Error("enough"));
    await assertRejects(() => loop ?? items.next(), Error, "enough");
    assert(stream.destroyed);
    await turn();
  }
});

test("abortable() destroys an emitter stream when the loop is left early, as a bare loop does", async () => {
  const streams = [new PassThrough(), new PassThrough()] as const;
  const [bare, ours] = streams;
  for (const stream of streams) stream.write("a");
  for await (const _ of bare) break;
  for await (const _ of abortable(ours)) break;
  assert(ours.destroyed);
  await turn();
  assertEquals(ours.errored, null);
  assertEquals(listeners(ours), listeners(bare));
});

test("map() takes the items of a web stream and of an emitter stream", async () => {
  const { stream } = webStream(["a", "b"], true);
  const upper = (text: string) => text.toUpperCase();
  assertEquals(await map(stream, upper), ["A", "B"]);
  assertEquals(await map(Readable.from(["a", "b"]), upper), ["A", "B"]);
});

test("map() ends a stream that hangs when it is cancelled", async () => {
  const { stream, cancelled } = webStream(["a"]);
  const emitter = new PassThrough();
  emitter.write("a");
  for (const source of [stream, emitter as AsyncIterable<unknown>]) {
    const task = createTask(() =>
      map<unknown, unknown>(source, (item) => item)
    );
    await turn();
    task.cancel("enough");
    await assertRejects(() => task, Error, "enough");
    assertEquals(task.status, "cancelled");
  }
  assertEquals(cancelled.length, 1);
  assertEquals(stream.locked, false);
  assert(emitter.destroyed);
});

test("map() refuses a stream that somebody else reads", () => {
  const { stream } = webStream(["a"]);
  stream.getReader();
  assertThrows(() => void map(stream, () => {}), TypeError);
});
