import { assertEquals } from "@std/assert";
import { Channel } from "@mdc/tasks/flow";
import fc from "fast-check";
import { test } from "./_harness.ts";
import { compare, numbered, pick, plain, settle } from "./_models.ts";

interface Sender {
  readonly id: number;
  readonly item: number;
}

/** What a channel does, without promises. */
class Model {
  readonly capacity: number;
  next = 0;
  closed = false;
  items: number[] = [];
  senders: Sender[] = [];
  receivers: number[] = [];
  leaving: number[] = [];
  readonly sent: number[] = [];
  readonly received: (readonly [number, number])[] = [];
  readonly rejected: number[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }
  /** Hands an item over, or keeps it. */
  offer(item: number): boolean {
    const receiver = this.receivers.shift();
    if (receiver !== undefined) this.received.push([receiver, item]);
    else if (this.items.length < this.capacity) this.items.push(item);
    else return false;
    return true;
  }
  take(): number | undefined {
    const kept = this.items.shift();
    const sender = this.senders.shift();
    if (sender === undefined) return kept;
    this.sent.push(sender.id);
    if (kept === undefined) return sender.item;
    this.items.push(sender.item);
    return kept;
  }
  close(): void {
    this.closed = true;
    this.rejected.push(...this.senders.map(({ id }) => id), ...this.receivers);
    this.senders = [];
    this.receivers = [];
  }
  settle(): void {
    for (const id of this.leaving.splice(0)) {
      const waits = this.receivers.includes(id) ||
        this.senders.some((sender) => sender.id === id);
      if (!waits) continue;
      this.receivers = this.receivers.filter((each) => each !== id);
      this.senders = this.senders.filter((sender) => sender.id !== id);
      this.rejected.push(id);
    }
  }
}

/** The real one, and what has become of each call. */
class Real {
  readonly channel: Channel<number>;
  readonly controllers: Map<number, AbortController> = new Map();
  readonly sent: number[] = [];
  readonly received: (readonly [number, number])[] = [];
  readonly rejected: number[] = [];
  /** What was taken by `tryReceive()`. */
  readonly taken: number[] = [];

  constructor(capacity: number) {
    this.channel = new Channel({ capacity });
  }
  send(id: number, item: number): void {
    this.channel.send(item, this.#signal(id)).then(
      () => this.sent.push(id),
      () => this.rejected.push(id),
    );
  }
  receive(id: number): void {
    this.channel.receive(this.#signal(id)).then(
      (item) => this.received.push([id, item]),
      () => this.rejected.push(id),
    );
  }
  /** As a loop receives. */
  iterate(id: number): void {
    this.channel.values(this.#signal(id)).next().then(
      (result) => {
        if (result.done) this.rejected.push(id);
        else this.received.push([id, result.value]);
      },
      () => this.rejected.push(id),
    );
  }
  #signal(id: number): AbortController {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    return controller;
  }
}

const byId = (a: number, b: number) => a - b;

async function compareNow(model: Model, real: Real): Promise<void> {
  model.settle();
  await settle();
  const { channel } = real;
  assertEquals(
    real.received.toSorted(([a], [b]) => a - b),
    model.received.toSorted(([a], [b]) => a - b),
  );
  assertEquals(real.sent.toSorted(byId), model.sent.toSorted(byId));
  assertEquals(real.rejected.toSorted(byId), model.rejected.toSorted(byId));
  assertEquals([channel.length, channel.closed], [
    model.items.length,
    model.closed,
  ]);
  assertEquals([channel.waitingSenders, channel.waitingReceivers], [
    model.senders.length,
    model.receivers.length,
  ]);
}

function receive(
  model: Model,
  ask: (id: number) => void,
): void {
  const id = model.next++;
  ask(id);
  const ready = model.items.length > 0 || model.senders.length > 0;
  if (ready) model.received.push([id, model.take()!]);
  else if (model.closed) model.rejected.push(id);
  else model.receivers.push(id);
}

const steps = [
  plain("send", (model: Model, real: Real) => {
    const id = model.next++;
    real.send(id, id);
    if (model.closed) model.rejected.push(id);
    else if (model.offer(id)) model.sent.push(id);
    else model.senders.push({ id, item: id });
  }),
  plain("receive", (model: Model, real: Real) => {
    receive(model, (id) => real.receive(id));
  }),
  plain("iterate", (model: Model, real: Real) => {
    receive(model, (id) => real.iterate(id));
  }),
  plain("trySend", (model: Model, real: Real) => {
    const id = model.next++;
    const accepted = !model.closed && model.offer(id);
    assertEquals(real.channel.trySend(id), accepted);
    if (!accepted) return;
    model.sent.push(id);
    real.sent.push(id);
  }),
  plain("tryReceive", (model: Model, real: Real) => {
    const value = model.take();
    assertEquals(
      real.channel.tryReceive(),
      value === undefined ? undefined : { value },
    );
    if (value !== undefined) real.taken.push(value);
  }),
  numbered("cancel", (model: Model, real: Real, number) => {
    const waiting = [
      ...model.senders.map(({ id }) => id),
      ...model.receivers,
    ].filter((id) => !model.leaving.includes(id));
    const id = pick(waiting, number);
    if (id === undefined) return;
    model.leaving.push(id);
    real.controllers.get(id)!.abort();
  }),
  numbered("close", (model: Model, real: Real, number) => {
    // Seldom, or nothing else happens.
    if (number !== 0) return;
    real.channel.close();
    if (!model.closed) model.close();
  }),
  plain("settle", compareNow),
];

test("Channel does what its model does, whoever is cancelled: no item is lost or doubled, and the order is kept", async () => {
  const capacities = fc.sample(fc.nat({ max: 3 }), { numRuns: 64, seed: 1 });
  let run = 0;
  await compare(
    () => {
      const capacity = capacities[run++ % capacities.length]!;
      return { model: new Model(capacity), real: new Real(capacity) };
    },
    steps,
    async (model, real) => {
      await compareNow(model, real);
      for (;;) {
        const rest = real.channel.tryReceive();
        assertEquals(rest?.value, model.take());
        if (rest === undefined) break;
        real.taken.push(rest.value);
      }
      await settle();
      // Each item that was accepted reached one, exactly.
      const arrived = [...real.received.map(([, item]) => item), ...real.taken];
      assertEquals(arrived.toSorted(byId), real.sent.toSorted(byId));
    },
  );
});
