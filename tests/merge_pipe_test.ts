import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { abortable, createTask, moveOnAfter, sleep } from "@mdc/tasks";
import { Channel, ChannelClosedError, merge, pipe } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** Items in time; says when it was closed. */
async function* feed(
  items: readonly (readonly [number, string])[],
  closed: string[] = [],
): AsyncGenerator<string> {
  try {
    for (const [ms, item] of items) {
      await sleep(ms);
      yield item;
    }
  } finally {
    closed.push(items[0]?.[1] ?? "");
  }
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function collecting(): { items: string[]; stream: WritableStream<string> } {
  const items: string[] = [];
  const stream = new WritableStream<string>({
    write: (item) => void items.push(item),
  });
  return { items, stream };
}

test("merge() gives items in the order in which they come, until all have ended", async () => {
  await withVirtualClock(async () => {
    const a = feed([[10, "a1"], [30, "a2"]]);
    const b = feed([[20, "b1"], [5, "b2"]]);
    assertEquals(await listOf(merge(a, b)), ["a1", "b1", "b2", "a2"]);
  });
});

test("merge() takes channels, streams and plain iterables", async () => {
  const channel = new Channel<number>({ capacity: 1 });
  await channel.send(1);
  channel.close();
  const stream = new Blob(["x"]).stream();
  const all = await listOf<unknown>(merge<unknown>(channel, stream, [3]));
  assertEquals(all.length, 3);
  assertEquals(await listOf(merge()), []);
});

test("merge() closes all sources when its loop is left", async () => {
  await withVirtualClock(async () => {
    const closed: string[] = [];
    const a = feed([[1, "a"], [1, "a2"]], closed);
    const b = feed([[2, "b"], [1, "b2"]], closed);
    for await (const item of merge(a, b)) if (item === "b") break;
    assertEquals(closed.toSorted(), ["a", "b"]);
  });
});

test("merge() ends with the first error, and closes the others", async () => {
  await withVirtualClock(async (clock) => {
    const closed: string[] = [];
    const lost = new Error("lost");
    const broken = new Channel<string>();
    broken.close(lost);
    const slow = feed([[200, "slow"]], closed);
    const error = await listOf(merge(slow, broken)).catch((error) => error);
    assertStrictEquals(error, lost);
    assert(clock.now <= 1000);
  });
});

test("merge() is cut by the innermost scope, also while items are ready", async () => {
  const silent = new Channel<string>();
  const cut = await moveOnAfter(1, () => listOf(merge(silent)), {
    fallback: "cut",
  });
  assertEquals([cut, silent.waitingReceivers], ["cut", 0]);
  let taken = 0;
  const task = createTask(async () => {
    for await (const _ of merge([1, 2, 3])) {
      if (++taken === 1) task.cancel();
    }
  });
  await untilIdle();
  await assertRejects(() => task);
  assertEquals(taken, 1);
});

test("abortable(merge()) takes a signal, where no task is known", async () => {
  const silent = new Channel<string>();
  const controller = new AbortController();
  const loop = listOf(abortable(merge(silent), controller));
  await untilIdle();
  controller.abort(new Error("enough"));
  await assertRejects(() => loop, Error, "enough");
  await untilIdle();
  assertEquals(silent.waitingReceivers, 0);
});

test("pipe() sends all items to a web stream, and closes it", async () => {
  const { items, stream } = collecting();
  await pipe(["a", "b"], stream);
  assertEquals(items, ["a", "b"]);
  await assertRejects(() => stream.getWriter().write("c"));
});

test("pipe() sends a stream to a channel at the pace of its readers", async () => {
  const asked: number[] = [];
  const source = new ReadableStream<number>({
    pull(controller) {
      asked.push(asked.length);
      controller.enqueue(asked.length);
      if (asked.length === 5) controller.close();
    },
  }, { highWaterMark: 0 });
  const channel = new Channel<number>();
  const piping = pipe(source, channel);
  await untilIdle();
  assertEquals([asked.length, channel.waitingSenders], [1, 1]);
  assertEquals(await listOf(channel), [1, 2, 3, 4, 5]);
  await piping;
  assertEquals(channel.closed, true);
});

test("pipe() leaves its target open if it is told to", async () => {
  const channel = new Channel<string>({ capacity: 9 });
  await pipe(["a"], channel, { preventClose: true });
  await pipe(["b"], channel, { preventClose: true });
  assertEquals([channel.closed, channel.length], [false, 2]);
  const { items, stream } = collecting();
  await pipe(["c"], stream, { preventClose: true });
  await pipe(["d"], stream);
  assertEquals(items, ["c", "d"]);
});

test("pipe() fails its target with what the source fails with", async () => {
  const lost = new Error("lost");
  const source = new Channel<string>({ capacity: 1 });
  await source.send("a");
  source.close(lost);
  const target = new Channel<string>({ capacity: 2 });
  const error = await pipe(source, target).catch((error) => error);
  assertStrictEquals(error, lost);
  assertEquals(await target.receive(), "a");
  await assertRejects(() => target.receive(), Error, "lost");
});

test("pipe() closes its source when the target is closed", async () => {
  const closed: string[] = [];
  const target = new Channel<string>();
  const piping = pipe(feed([[0, "a"], [0, "b"]], closed), target);
  assertEquals(await target.receive(), "a");
  target.close();
  await assertRejects(() => piping, ChannelClosedError);
  assertEquals(closed, ["a"]);
});

test("pipe() that is cancelled tells its target, so that nobody waits for more", async () => {
  const source = new Channel<string>();
  const target = new Channel<string>();
  const receive = target.receive();
  const task = createTask(() => pipe(source, target));
  await untilIdle();
  task.cancel("enough");
  await assertRejects(() => task);
  await assertRejects(() => receive, Error, "enough");
  assertEquals([task.status, source.waitingReceivers], ["cancelled", 0]);
});

test("pipe() that is cancelled doesn't wait for a target that hangs", async () => {
  await withVirtualClock(async (clock) => {
    const stream = new WritableStream<string>({
      write: () => new Promise(() => {}),
    });
    const task = createTask(() => pipe(["a", "b", "c"], stream));
    await clock.idle();
    task.cancel("enough");
    await assertRejects(() => task, Error, "enough");
    assert(clock.now <= 1000);
  });
});

test("merge() and pipe() refuse wrong arguments at the door", () => {
  const { stream } = collecting();
  assertThrows(() => merge(5 as never), TypeError, "a source of merge()");
  const wrong: [unknown, unknown, unknown, string][] = [
    [
      5,
      stream,
      {},
      "the source of pipe(): expected a channel, a stream or an iterable, received 5",
    ],
    [
      [],
      {},
      {},
      "the target of pipe(): expected a channel or a WritableStream, received [Object]",
    ],
    [
      [],
      stream,
      { preventClose: 1 },
      "preventClose: expected true or false, received 1",
    ],
    [[], stream, { close: true }, 'unknown option "close"'],
  ];
  for (const [source, target, options, message] of wrong) {
    const call = () =>
      void pipe(source as [], target as Channel<never>, options as object);
    assertThrows(call, TypeError, message);
  }
});
