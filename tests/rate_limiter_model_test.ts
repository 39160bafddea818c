import { assertEquals } from "@std/assert";
import { RateLimiter } from "@mdc/tasks/flow";
import { type VirtualClock, withVirtualClock } from "@mdc/tasks/testing";
import fc from "fast-check";
import { test } from "./_harness.ts";
import { numbered, pick, RUNS, settle, type Step } from "./_models.ts";

const INTERVAL = 100;

interface Waiting {
  readonly id: number;
  readonly key: number;
}

/** What a limiter does: who may begin when, by looking at all that began. */
class Model {
  now = 0;
  next = 0;
  line: Waiting[] = [];
  readonly began: (readonly [id: number, at: number])[] = [];
  readonly #turns: Map<number, number[]> = new Map();
  readonly #limit: number;
  readonly #burst: number | undefined;

  constructor(limit: number, burst: number | undefined) {
    this.#limit = limit;
    this.#burst = burst;
  }
  /** When there is a turn for a key, from now on. */
  #turnAt(key: number): number {
    const turns = this.#turns.get(key) ?? [];
    if (this.#burst === undefined) {
      const before = turns.at(-this.#limit);
      return Math.max(this.now, (before ?? -Infinity) + INTERVAL);
    }
    // A bucket is filled drop by drop, from the first turn on.
    const every = INTERVAL / this.#limit;
    let full = -Infinity;
    for (const at of turns) full = Math.max(full, at) + every;
    return Math.max(this.now, full - (this.#burst - 1) * every);
  }
  acquire(waiting: Waiting): void {
    const ahead = this.line.some(({ key }) => key === waiting.key);
    if (!ahead && this.#turnAt(waiting.key) === this.now) this.#begin(waiting);
    else this.line.push(waiting);
  }
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      let first: Waiting | undefined;
      let at = Infinity;
      const seen = new Set<number>();
      for (const waiting of this.line) {
        if (seen.has(waiting.key)) continue;
        seen.add(waiting.key);
        const turn = this.#turnAt(waiting.key);
        if (turn < at) [first, at] = [waiting, turn];
      }
      if (first === undefined || at > until) break;
      this.now = at;
      this.line = this.line.filter((each) => each !== first);
      this.#begin(first);
    }
    this.now = until;
  }
  #begin({ id, key }: Waiting): void {
    this.began.push([id, this.now]);
    const turns = this.#turns.get(key) ?? [];
    turns.push(this.now);
    this.#turns.set(key, turns);
  }
}

interface Real {
  readonly limiter: RateLimiter;
  readonly clock: VirtualClock;
  readonly controllers: Map<number, AbortController>;
  readonly began: (readonly [id: number, at: number])[];
}

const steps = fc.array(
  fc.oneof(
    numbered("acquire", (model: Model, real: Real, number) => {
      const waiting = { id: model.next++, key: number % 2 };
      const controller = new AbortController();
      real.controllers.set(waiting.id, controller);
      real.limiter.acquire({ key: waiting.key, signal: controller }).then(
        () => real.began.push([waiting.id, real.clock.now]),
        () => {},
      );
      model.acquire(waiting);
    }),
    numbered("cancel", async (model: Model, real: Real, number) => {
      const waiting = pick(model.line, number);
      if (waiting === undefined) return;
      model.line = model.line.filter((each) => each !== waiting);
      real.controllers.get(waiting.id)!.abort();
      await settle();
    }),
    numbered("advance", async (model: Model, real: Real, number) => {
      const ms = 1 + number * 12;
      await real.clock.advance(ms);
      model.advance(ms);
    }),
  ),
  { maxLength: 16 },
);

const byId = ([a]: readonly [number, number], [b]: readonly [number, number]) =>
  a - b;

/** Runs one program on both. */
function runBoth(
  program: readonly Step<Model, Real>[],
  limit: number,
  burst: number | undefined,
): Promise<void> {
  return withVirtualClock(async (clock) => {
    const model = new Model(limit, burst);
    const real: Real = {
      limiter: new RateLimiter({ limit, interval: INTERVAL, burst }),
      clock,
      controllers: new Map(),
      began: [],
    };
    for (const step of program) await step.run(model, real);
    await clock.advance(5000);
    model.advance(5000);
    assertEquals(real.began.toSorted(byId), model.began.toSorted(byId));
    assertEquals([clock.timers, real.limiter.size], [0, 0]);
  }, { autoAdvance: false });
}

test("RateLimiter does what its model does, to the millisecond, whoever is cancelled", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      // Numbers that divide the interval: sums of them are exact.
      fc.constantFrom(1, 2, 4),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      runBoth,
    ),
    { numRuns: RUNS },
  );
});
