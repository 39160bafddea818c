import { assert, assertEquals, assertRejects } from "@std/assert";
import { abortable, createTask, moveOnAfter } from "@mdc/tasks";
import { Channel } from "@mdc/tasks/flow";
import { checkLeaks, untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** Nobody waits at either end. */
function assertIdle(channel: Channel<unknown>): void {
  assertEquals([channel.waitingSenders, channel.waitingReceivers], [0, 0]);
}

test("Channel loses no item when a receiver is cancelled in the tick of the hand-over", async () => {
  for (const way of ["receive", "loop", "abortable"]) {
    for (const first of ["send", "cancel"]) {
      const channel = new Channel<string>({ capacity: 1 });
      const got: string[] = [];
      const task = createTask(async ({ checkpoint }) => {
        if (way === "receive") got.push(await channel.receive());
        else {
          const items = way === "loop" ? channel : abortable(channel);
          for await (const item of items) got.push(item);
        }
        await checkpoint();
      });
      await untilIdle();
      if (first === "cancel") task.cancel();
      assert(channel.trySend("item"));
      if (first === "send") task.cancel();
      await assertRejects(() => task);
      const left = channel.tryReceive();
      if (left !== undefined) got.push(left.value);
      assertEquals(got, ["item"], `${way}, ${first} first`);
      assertIdle(channel);
    }
  }
});

test("Channel takes the item of a sender that is cancelled back", async () => {
  const channel = new Channel<number>();
  const task = createTask(() => channel.send(1));
  await untilIdle();
  assertEquals(channel.waitingSenders, 1);
  task.cancel();
  await assertRejects(() => task);
  assertEquals(channel.tryReceive(), undefined);
  assertIdle(channel);
});

test("an item that was taken in the tick in which its sender is cancelled was sent", async () => {
  for (const first of ["take", "cancel"]) {
    const channel = new Channel<number>();
    let sent = false;
    const task = createTask(async () => {
      await channel.send(1);
      sent = true;
    });
    await untilIdle();
    if (first === "cancel") task.cancel();
    assertEquals(channel.tryReceive(), { value: 1 });
    if (first === "take") task.cancel();
    await task;
    assert(sent, first);
  }
});

test("Channel refuses who was cancelled before, though there is an item or room", async () => {
  const channel = new Channel<number>({ capacity: 2 });
  await channel.send(1);
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => channel.receive({ signal }), Error, "before");
  await assertRejects(() => channel.send(2, { signal }), Error, "before");
  const loop = channel.values({ signal });
  await assertRejects(() => loop.next(), Error, "before");
  assertEquals(channel.length, 1);
});

test("a wait at a channel is cut by the innermost scope", async () => {
  await withVirtualClock(async (clock) => {
    const channel = new Channel<number>();
    const waits = [
      () => channel.receive().then(() => "item"),
      () => channel.send(1).then(() => "sent"),
      async () => {
        for await (const _ of channel);
        return "end";
      },
    ];
    for (const wait of waits) {
      assertEquals(await moveOnAfter(10, wait, { fallback: "cut" }), "cut");
    }
    assertEquals([clock.now, clock.timers], [30, 0]);
    assertIdle(channel);
  });
});

test("channel.values() takes a signal, where no task is known", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const seen: number[] = [];
  const loop = (async () => {
    for await (const item of channel.values(controller)) seen.push(item);
  })();
  await channel.send(1);
  controller.abort(new Error("enough"));
  await assertRejects(() => loop, Error, "enough");
  assertEquals(seen, [1]);
  assertIdle(channel);
});

test("abortable(channel) leaves no reader behind that would swallow an item", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const loop = (async () => {
    for await (const _ of abortable(channel, controller));
  })();
  await untilIdle();
  assertEquals(channel.waitingReceivers, 1);
  controller.abort(new Error("enough"));
  await assertRejects(() => loop, Error, "enough");
  assertIdle(channel);
});

test("waits at a channel that nobody awaits are no unhandled rejections when cancelled", async () => {
  await checkLeaks(async () => {
    const channel = new Channel<number>();
    const other = new Channel<number>();
    const controller = new AbortController();
    void channel.receive(controller);
    void other.send(1, controller);
    void channel.values(controller).next();
    await untilIdle();
    controller.abort(new Error("a reason of its own"));
    await untilIdle();
    assertIdle(channel);
    assertIdle(other);
  });
});
