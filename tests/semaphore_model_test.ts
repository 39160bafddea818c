import { assertEquals } from "@std/assert";
import { type Permit, Semaphore } from "@mdc/tasks/flow";
import { test } from "./_harness.ts";
import { compare, numbered, pick, plain, settle } from "./_models.ts";

const CAPACITY = 3;

interface Waiting {
  readonly id: number;
  readonly weight: number;
}

/** What a semaphore does, without promises. */
class Model {
  available = CAPACITY;
  next = 0;
  line: Waiting[] = [];
  /** Cancelled in this tick, in order. */
  leaving: Waiting[] = [];
  readonly granted: number[] = [];
  readonly cancelled: number[] = [];
  held: Waiting[] = [];

  serve(): void {
    while (this.line[0] && this.line[0].weight <= this.available) {
      this.grant(this.line.shift()!);
    }
  }
  grant(waiting: Waiting): void {
    this.available -= waiting.weight;
    this.granted.push(waiting.id);
    this.held.push(waiting);
  }
  settle(): void {
    for (const waiting of this.leaving.splice(0)) {
      if (!this.line.includes(waiting)) continue;
      this.line = this.line.filter((each) => each !== waiting);
      this.cancelled.push(waiting.id);
      this.serve();
    }
  }
}

/** The real one, and what has become of each who waits. */
class Real {
  readonly semaphore: Semaphore = new Semaphore(CAPACITY);
  readonly controllers: Map<number, AbortController> = new Map();
  readonly permits: Map<number, Permit> = new Map();
  readonly cancelled: number[] = [];

  acquire(id: number, weight: number): void {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    this.semaphore.acquire({ weight, signal: controller }).then(
      (permit) => this.permits.set(id, permit),
      () => this.cancelled.push(id),
    );
  }
}

async function compareNow(model: Model, real: Real): Promise<void> {
  model.settle();
  await settle();
  assertEquals(
    [...real.permits.keys()].toSorted((a, b) => a - b),
    [
      ...model.granted,
    ].toSorted((a, b) => a - b),
  );
  assertEquals(real.cancelled, model.cancelled);
  assertEquals(real.semaphore.available, model.available);
  assertEquals(real.semaphore.waiting, model.line.length);
}

/** Gives back the permit that a number says, of those that are delivered. */
function release(model: Model, real: Real, number: number): void {
  const delivered = model.held.filter(({ id }) => real.permits.has(id));
  const held = pick(delivered, number);
  if (held === undefined) return;
  model.held = model.held.filter((each) => each !== held);
  model.available += held.weight;
  model.serve();
  real.permits.get(held.id)!.release();
}

test("Semaphore does what its model does, whoever is cancelled: no permit is lost, and the order is kept", async () => {
  await compare(
    () => ({ model: new Model(), real: new Real() }),
    [
      numbered("acquire", (model: Model, real: Real, number) => {
        const waiting = { id: model.next++, weight: 1 + number % CAPACITY };
        real.acquire(waiting.id, waiting.weight);
        const free = model.line.length === 0 &&
          waiting.weight <= model.available;
        if (free) model.grant(waiting);
        else model.line.push(waiting);
      }),
      numbered("cancel", (model: Model, real: Real, number) => {
        const waiting = pick(
          model.line.filter((each) => !model.leaving.includes(each)),
          number,
        );
        if (waiting === undefined) return;
        model.leaving.push(waiting);
        real.controllers.get(waiting.id)!.abort();
      }),
      numbered("release", release),
      plain("settle", compareNow),
    ],
    async (model, real) => {
      await compareNow(model, real);
      while (model.held.length > 0) {
        release(model, real, 0);
        await compareNow(model, real);
      }
      assertEquals(real.semaphore.available, CAPACITY);
      assertEquals(real.semaphore.waiting, 0);
      assertEquals(
        real.permits.size + real.cancelled.length,
        model.next,
      );
    },
  );
});
