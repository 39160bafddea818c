import { EventEmitter } from "node:events";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { createTask, moveOnAfter, once, sleep } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, spy, turn } from "./_probes.ts";

/** An EventTarget that counts its listeners. */
class Target extends EventTarget {
  listeners = 0;
  override addEventListener(
    ...args: Parameters<EventTarget["addEventListener"]>
  ): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(
    ...args: Parameters<EventTarget["removeEventListener"]>
  ): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}

function count(emitter: EventEmitter): number {
  return emitter.eventNames()
    .reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

test("once() resolves with the event of a target, and leaves no listener", async () => {
  const target = new Target();
  const source = spy();
  const wait = once(target, "open", { signal: source.signal });
  assertEquals([target.listeners, source.now], [1, 1]);
  target.dispatchEvent(new Event("close"));
  const event = new Event("open");
  target.dispatchEvent(event);
  assertStrictEquals(await wait, event);
  assertEquals([target.listeners, source.now], [0, 0]);
});

test("once() resolves with the arguments of an emitter's event", async () => {
  const emitter = new EventEmitter();
  const wait = once(emitter, "exit");
  emitter.emit("exit", 1, "SIGTERM");
  assertEquals(await wait, [1, "SIGTERM"]);
  assertEquals(count(emitter), 0);
  const symbol = Symbol("event");
  const other = once(emitter, symbol);
  emitter.emit(symbol);
  assertEquals(await other, []);
});

test("once() rejects with an emitter's error that comes first", async () => {
  const emitter = new EventEmitter();
  const failure = new Error("refused");
  const wait = once(emitter, "connect");
  emitter.emit("error", failure);
  assertStrictEquals(await assertRejects(() => wait), failure);
  assertEquals(count(emitter), 0);
});

test("once() resolves with an error that it waits for", async () => {
  const emitter = new EventEmitter();
  const failure = new Error("refused");
  const wait = once(emitter, "error");
  emitter.emit("error", failure);
  assertEquals(await wait, [failure]);
  assertEquals(count(emitter), 0);
});

test("once() waits for the event that its filter takes", async () => {
  const target = new Target();
  const wait = once<MessageEvent<number>>(target, "message", {
    filter: ({ data }) => data > 1,
  });
  for (const data of [1, 2]) {
    target.dispatchEvent(new MessageEvent("message", { data }));
  }
  assertEquals((await wait).data, 2);
  const emitter = new EventEmitter();
  const other = once<[string, number]>(emitter, "change", {
    filter: (name, size) => name === "b" && size > 0,
  });
  emitter.emit("change", "a", 1);
  emitter.emit("change", "b", 1);
  assertEquals(await other, ["b", 1]);
  assertEquals([target.listeners, count(emitter)], [0, 0]);
});

test("once() rejects with what its filter throws", async () => {
  const failure = new Error("filter");
  const target = new Target();
  const wait = once(target, "open", {
    filter() {
      throw failure;
    },
  });
  target.dispatchEvent(new Event("open"));
  assertStrictEquals(await assertRejects(() => wait), failure);
  assertEquals(target.listeners, 0);
});

test("once() is cut by its scope, and leaves no listener", async () => {
  await withVirtualClock(async (clock) => {
    const target = new Target();
    const emitter = new EventEmitter();
    await moveOnAfter(50, () => once(target, "open"));
    await moveOnAfter(50, () => once(emitter, "open"));
    assertEquals(clock.now, 100);
    assertEquals([target.listeners, count(emitter)], [0, 0]);
    const task = createTask(() => once(emitter, "open"));
    task.cancel("enough");
    await assertRejects(() => task, Error, "enough");
    assertEquals(task.status, "cancelled");
  });
});

test("once() delivers an event of the tick of the cancellation", async () => {
  const controller = new AbortController();
  const target = new Target();
  const wait = once(target, "open", controller);
  controller.abort();
  target.dispatchEvent(new Event("open"));
  assertEquals((await wait).type, "open");
  await turn();
  assertEquals(target.listeners, 0);
});

test("once() rejects at the door and adds no listener", async () => {
  const target = new Target();
  const signal = AbortSignal.abort(new Error("before"));
  const wait = () => once(target, "open", { signal });
  await assertRejects(wait, Error, "before");
  assertEquals(target.listeners, 0);
});

test("once() that is cancelled before anybody awaits it doesn't end the process", async () => {
  const controller = new AbortController();
  void once(new Target(), "open", controller);
  controller.abort();
  void once(new Target(), "open", controller);
  await turn();
});

test("once() listens as a target to what is both", async () => {
  const { port1, port2 } = new MessageChannel();
  try {
    const wait = once<MessageEvent>(port1, "message");
    port1.start();
    port2.postMessage("hello");
    assertEquals((await wait).data, "hello");
  } finally {
    port1.close();
    port2.close();
  }
});

test("once() listens as an emitter to what can't dispatch", async () => {
  const socket = Object.assign(new EventEmitter(), {
    addEventListener() {},
    removeEventListener() {},
  });
  const wait = once(socket, "upgrade");
  socket.emit("upgrade", 1);
  assertEquals(await wait, [1]);
});

test("once() leaves no listener when listening throws or calls back at once", async () => {
  const failure = new Error("no error events");
  const emitter = new EventEmitter();
  const on = emitter.on.bind(emitter);
  emitter.on = (type, listener) => {
    if (type === "error") throw failure;
    return on(type, listener);
  };
  const source = spy();
  const wait = () => once(emitter, "open", { signal: source.signal });
  assertStrictEquals(await assertRejects(wait), failure);
  assertEquals([count(emitter), source.now], [0, 0]);
  const ready = new EventEmitter();
  ready.on("newListener", (type, listener) => {
    if (type === "ready") queueMicrotask(() => listener(1));
  });
  assertEquals(await once(ready, "ready", { signal: source.signal }), [1]);
  await sleep(0);
  assertEquals([count(ready), source.now], [1, 0]);
});

test("once() refuses what has no events, and unknown options", () => {
  const call = (...args: unknown[]) => () =>
    (once as (...args: unknown[]) => unknown)(...args);
  const target = new Target();
  assertRefused(call({}, "open"), TypeError, "received [Object]");
  assertRefused(call(null, "open"), TypeError, "received null");
  assertRefused(call(target), TypeError, "received undefined");
  assertRefused(call(target, Symbol("a")), TypeError, "received Symbol(a)");
  assertRefused(call(target, "open", { filter: 1 }), TypeError, "received 1");
  assertRefused(call(target, "open", { signal: 1 }), TypeError, "received 1");
  const wrong = call(target, "open", { filtre: () => true });
  assertRefused(wrong, TypeError, 'did you mean "filter"?');
  assertEquals(target.listeners, 0);
  assert(target instanceof EventTarget);
});
