import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { Channel, ChannelClosedError } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** Nobody waits at either end. */
function assertIdle(channel: Channel<unknown>): void {
  assertEquals([channel.waitingSenders, channel.waitingReceivers], [0, 0]);
}

test("Channel keeps as many items as it has room for, then lets senders wait", async () => {
  const channel = new Channel<number>({ capacity: 2 });
  const accepted: number[] = [];
  const sends = [1, 2, 3, 4].map((item) =>
    channel.send(item).then(() => accepted.push(item))
  );
  await untilIdle();
  assertEquals(accepted, [1, 2]);
  assertEquals([channel.length, channel.waitingSenders], [2, 2]);
  const received: number[] = [];
  for (let i = 0; i < 4; i++) received.push(await channel.receive());
  await Promise.all(sends);
  assertEquals(received, [1, 2, 3, 4]);
  assertEquals(accepted, [1, 2, 3, 4]);
  assertIdle(channel);
});

test("Channel without capacity hands over: who sends waits for who receives", async () => {
  const channel = new Channel<string>();
  let sent = false;
  const send = channel.send("item").then(() => sent = true);
  await untilIdle();
  assertEquals([sent, channel.length], [false, 0]);
  assertEquals(await channel.receive(), "item");
  await send;
  const receive = channel.receive();
  await channel.send("next");
  assertEquals(await receive, "next");
  assertIdle(channel);
});

test("Channel gives items to receivers in the order in which they came", async () => {
  const channel = new Channel<number>({ capacity: 1 });
  const receives = [0, 1, 2].map((who) =>
    channel.receive().then((item) => `${who}: ${item}`)
  );
  for (const item of [10, 20, 30]) await channel.send(item);
  assertEquals(await Promise.all(receives), ["0: 10", "1: 20", "2: 30"]);
});

test("channel.trySend() and tryReceive() never wait", async () => {
  const channel = new Channel<number | undefined>({ capacity: 1 });
  assertEquals(channel.tryReceive(), undefined);
  assertEquals([channel.trySend(undefined), channel.trySend(2)], [true, false]);
  assertEquals(channel.tryReceive(), { value: undefined });
  const receive = channel.receive();
  assertEquals([channel.trySend(3), channel.length], [true, 0]);
  assertEquals(await receive, 3);
  channel.close();
  assertEquals(channel.trySend(4), false);
});

test("channel.close() leaves what was accepted, and refuses what waits", async () => {
  const channel = new Channel<number>({ capacity: 1 });
  await channel.send(1);
  const waiting = channel.send(2);
  channel.close();
  channel.close(new Error("ignored"));
  const error = await assertRejects(() => waiting, ChannelClosedError);
  assertEquals(error.message, "Cannot send: the channel is closed");
  await assertRejects(() => channel.send(3), ChannelClosedError);
  assertEquals([channel.closed, channel.length], [true, 1]);
  assertEquals(await channel.receive(), 1);
  const end = await assertRejects(() => channel.receive(), ChannelClosedError);
  assertEquals(end.message, "Cannot receive: the channel is closed");
  assertIdle(channel);
});

test("channel.close() with an error gives it to receivers, and to senders as the cause", async () => {
  const channel = new Channel<number>();
  const lost = new Error("connection lost");
  const receives = [channel.receive(), channel.receive()];
  const loop = (async () => {
    for await (const _ of channel);
  })();
  await untilIdle();
  channel.close(lost);
  for (const wait of [...receives, loop, channel.receive()]) {
    assertStrictEquals(await wait.catch((error) => error), lost);
  }
  const error = await channel.send(1).catch((error) => error);
  assertInstanceOf(error, ChannelClosedError);
  assertStrictEquals(error.cause, lost);
  assertIdle(channel);
});

test("Channel ends the loops of all its readers, of whom each item reaches one", async () => {
  const channel = new Channel<number>({ capacity: 3 });
  const seen: number[][] = [[], [], []];
  const readers = seen.map(async (own) => {
    for await (const item of channel) {
      own.push(item);
      await untilIdle();
    }
  });
  for (let item = 0; item < 20; item++) await channel.send(item);
  channel.close();
  await Promise.all(readers);
  assertEquals(
    seen.flat().toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, item) => item),
  );
  assert(seen.every(({ length }) => length > 0));
});

test("a loop over a channel that is left doesn't close it", async () => {
  const channel = new Channel<number>({ capacity: 2 });
  await channel.send(1);
  await channel.send(2);
  for await (const item of channel) {
    assertEquals(item, 1);
    break;
  }
  assertEquals(await channel.receive(), 2);
  assertIdle(channel);
});

test("Channel serves 100,000 receivers without a timer, whoever is cancelled", async () => {
  await withVirtualClock(async (clock) => {
    const channel = new Channel<number>();
    const controllers = [new AbortController(), new AbortController()];
    let [sum, cancelled] = [0, 0];
    const waits = Array.from(
      { length: 100_000 },
      (_, index) =>
        channel.receive(controllers[index % 2]!)
          .then((item) => sum += item, () => cancelled++),
    );
    assertEquals([channel.waitingReceivers, clock.timers], [100_000, 0]);
    controllers[0]!.abort();
    await untilIdle();
    for (let i = 0; i < 50_000; i++) assert(channel.trySend(1));
    await Promise.all(waits);
    assertEquals([sum, cancelled], [50_000, 50_000]);
    assertIdle(channel);
  });
});

test("Channel refuses wrong arguments at the door", () => {
  const make = (options: unknown) => () => new Channel(options as object);
  const channel = new Channel<number>();
  const wrong: [() => unknown, string][] = [
    [
      make({ capacity: -1 }),
      "capacity: expected a whole number from 0 on, received -1",
    ],
    [make({ capacity: 0.5 }), "received 0.5"],
    [make({ capacity: "1" }), 'received "1"'],
    [make({ size: 1 }), 'the options of Channel: unknown option "size"'],
    [make(5), "the options of Channel: expected an object, received 5"],
    [
      () => channel.close("over" as never),
      'the error of channel.close(): expected an Error, received "over"',
    ],
    [
      () => void channel.send(1, { sginal: 1 } as object),
      'unknown option "sginal"; did you mean "signal"?',
    ],
    [
      () => void channel.receive(5 as never),
      "the options of channel.receive()",
    ],
    [
      () => channel.values({ signal: 1 } as object),
      "the signal of channel.values()",
    ],
  ];
  for (const [call, message] of wrong) assertThrows(call, Error, message);
  assertEquals(new Channel({ capacity: Infinity }).capacity, Infinity);
  assertEquals(channel.closed, false);
});
