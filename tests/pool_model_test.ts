import { assertEquals } from "@std/assert";
import { type Lease, Pool } from "@mdc/tasks/flow";
import { test } from "./_harness.ts";
import { compare, numbered, pick, plain, settle } from "./_models.ts";

const MAX = 2;

/** What a pool does, without promises. */
class Model {
  made = 0;
  next = 0;
  /** Places that are taken. */
  used = 0;
  failing = false;
  line: number[] = [];
  leaving: number[] = [];
  idle: number[] = [];
  /**
   * Who has a place, and gets a resource when the tick is over: what was idle
   * when the place was theirs, or else what is idle then, or a new one.
   */
  taking: { id: number; kept: number | undefined }[] = [];
  readonly lent: Map<number, number> = new Map();
  readonly rejected: number[] = [];
  readonly closed: number[] = [];

  acquire(id: number): void {
    if (this.line.length > 0 || this.used === MAX) this.line.push(id);
    else {
      this.used++;
      this.taking.push({ id, kept: this.idle.pop() });
    }
  }
  passOn(): void {
    const next = this.line.shift();
    if (next === undefined) this.used--;
    else this.taking.push({ id: next, kept: this.idle.pop() });
  }
  settle(): void {
    for (const id of this.leaving.splice(0)) {
      if (!this.line.includes(id)) continue;
      this.line = this.line.filter((each) => each !== id);
      this.rejected.push(id);
    }
    for (let next = this.taking.shift(); next; next = this.taking.shift()) {
      const { id, kept = this.idle.pop() } = next;
      if (kept !== undefined) this.lent.set(id, kept);
      else if (this.failing) {
        this.rejected.push(id);
        this.passOn();
      } else this.lent.set(id, ++this.made);
    }
  }
}

class Real {
  failing = false;
  made = 0;
  readonly closed: number[] = [];
  readonly pool: Pool<number> = new Pool<number>({
    max: MAX,
    create: () => {
      if (this.failing) throw new Error("no");
      return ++this.made;
    },
    destroy: (resource) => void this.closed.push(resource),
  });
  readonly controllers: Map<number, AbortController> = new Map();
  readonly leases: Map<number, Lease<number>> = new Map();
  readonly lent: Map<number, number> = new Map();
  readonly rejected: number[] = [];

  acquire(id: number): void {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    this.pool.acquire(controller).then(
      (lease) => {
        this.leases.set(id, lease);
        this.lent.set(id, lease.value);
      },
      () => this.rejected.push(id),
    );
  }
}

const byId = (a: number, b: number) => a - b;

async function compareNow(model: Model, real: Real): Promise<void> {
  model.settle();
  await settle();
  await settle();
  assertEquals(
    [...real.lent.keys()].toSorted(byId),
    [
      ...model.lent.keys(),
    ].toSorted(byId),
  );
  assertEquals(real.rejected.toSorted(byId), model.rejected.toSorted(byId));
  assertEquals(
    [real.pool.size, real.pool.idle, real.pool.waiting, real.made],
    [
      model.used + model.idle.length,
      model.idle.length,
      model.line.length,
      model.made,
    ],
  );
  // No resource has two holders.
  const values = [...real.leases.values()].map(({ value }) => value);
  assertEquals(new Set(values).size, values.length);
}

/** Gives back what a number says, of what is delivered. */
function giveBack(
  model: Model,
  real: Real,
  number: number,
  way: "release" | "discard",
): void {
  const held = pick([...real.leases], number);
  if (held === undefined) return;
  const [id, lease] = held;
  real.leases.delete(id);
  real.lent.delete(id);
  model.lent.delete(id);
  lease[way]();
  if (way === "release") model.idle.push(lease.value);
  else model.closed.push(lease.value);
  model.passOn();
}

test("Pool does what its model does, whoever is cancelled: no resource is lost or lent twice", async () => {
  await compare(
    () => ({ model: new Model(), real: new Real() }),
    [
      plain("acquire", (model: Model, real: Real) => {
        const id = model.next++;
        real.acquire(id);
        model.acquire(id);
      }),
      numbered("cancel", (model: Model, real: Real, number) => {
        const id = pick(
          model.line.filter((each) => !model.leaving.includes(each)),
          number,
        );
        if (id === undefined) return;
        model.leaving.push(id);
        real.controllers.get(id)!.abort();
      }),
      numbered(
        "release",
        (model: Model, real: Real, number) =>
          giveBack(model, real, number, "release"),
      ),
      numbered(
        "discard",
        (model: Model, real: Real, number) =>
          giveBack(model, real, number, "discard"),
      ),
      numbered("failing", async (model: Model, real: Real, number) => {
        await compareNow(model, real);
        model.failing = real.failing = number < 3;
      }),
      plain("settle", compareNow),
    ],
    async (model, real) => {
      await compareNow(model, real);
      while (real.leases.size > 0) {
        giveBack(model, real, 0, "release");
        await compareNow(model, real);
      }
      await real.pool.close();
      await settle();
      assertEquals(
        real.closed.toSorted(byId),
        Array.from({ length: real.made }, (_, index) => index + 1),
      );
      assertEquals([real.pool.size, real.pool.waiting], [0, 0]);
    },
  );
});
