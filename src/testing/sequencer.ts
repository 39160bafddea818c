import { show } from "../core/validate.ts";
import type { WaitOptions } from "../core/waiter.ts";
import { InvalidStateError } from "../errors.ts";
import { AsyncEvent } from "../event.ts";

/**
 * Makes concurrent code take its steps in the order of their numbers, so that
 * a test can force an interleaving: trio's `Sequencer`.
 *
 * When a step is cancelled while it waits for its turn, the ones after it
 * can't come any more: they reject.
 *
 * @example
 * Three steps in two tasks
 * ```ts
 * import { all } from "@mdc/tasks";
 * import { Sequencer } from "@mdc/tasks/testing";
 *
 * const sequencer = new Sequencer();
 * const order: string[] = [];
 * await all([
 *   async () => {
 *     await sequencer.step(0, () => order.push("first"));
 *     await sequencer.step(2, () => order.push("third"));
 *   },
 *   () => sequencer.step(1, () => order.push("second")),
 * ]);
 * console.log(order); // ["first", "second", "third"]
 * ```
 */
export class Sequencer {
  readonly #turns = new Map<number, AsyncEvent>();
  readonly #claimed = new Set<number>();
  #next = 0;
  /** The first step that will never be taken. */
  #broken = Infinity;

  /**
   * Waits for its turn, runs `body`, and passes the turn on.
   *
   * @typeParam T What `body` returns.
   * @param index The number of the step: 0 first, each number once.
   * @param body What to do in this step.
   * @param options Whose cancellation ends the wait for the turn.
   * @returns What `body` returned.
   * @throws {RangeError} If `index` is no whole number from 0 on.
   * @throws {InvalidStateError} If the step was claimed before. The promise
   * rejects with one if an earlier step was cancelled before its turn.
   */
  step<T>(
    index: number,
    body: () => T | PromiseLike<T>,
    options?: WaitOptions,
  ): Promise<T> {
    if (!Number.isInteger(index) || index < 0) {
      throw new RangeError(
        `Cannot take a step: expected a whole number from 0 on, received ${
          show(index)
        }`,
      );
    }
    if (this.#claimed.has(index)) {
      throw new InvalidStateError(
        `Cannot take step ${index}: it was claimed before`,
      );
    }
    this.#claimed.add(index);
    return this.#take(index, body, options);
  }

  async #take<T>(
    index: number,
    body: () => T | PromiseLike<T>,
    options: WaitOptions | undefined,
  ): Promise<T> {
    try {
      await this.#turn(index).wait(options);
    } catch (error) {
      this.#break(index);
      throw error;
    }
    if (index > this.#broken) {
      throw new InvalidStateError(
        `Cannot take step ${index}: step ${this.#broken} was cancelled`,
      );
    }
    try {
      return await body();
    } finally {
      this.#next = index + 1;
      this.#turn(this.#next).set();
    }
  }

  #break(index: number): void {
    this.#broken = Math.min(this.#broken, index);
    for (const [later, turn] of this.#turns) if (later > index) turn.set();
  }

  #turn(index: number): AsyncEvent {
    let turn = this.#turns.get(index);
    if (turn === undefined) {
      this.#turns.set(index, turn = new AsyncEvent());
      if (index === this.#next || index > this.#broken) turn.set();
    }
    return turn;
  }
}
