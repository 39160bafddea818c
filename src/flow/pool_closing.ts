import {
  AsyncEvent,
  bindTask,
  createTask,
  failAfter,
  shield,
  type Task,
} from "../../mod.ts";
import type { PoolSettings } from "./pool_options.ts";

/** Closes resources, each as a task of whoever made the pool. */
export class Closing<T> {
  readonly #settings: PoolSettings<T>;
  readonly #start: (resource: T) => Task<void>;
  #running = 0;
  /** Is set when none is being closed any more, and cleared when one is. */
  readonly none: AsyncEvent = new AsyncEvent();

  constructor(settings: PoolSettings<T>) {
    this.#settings = settings;
    this.none.set();
    const name = `${settings.name}: close`;
    this.#start = bindTask((resource: T) =>
      createTask(() => this.#carryOut(resource), { name })
    );
  }
  /** What fails or takes too long is a failure of the task. */
  close(resource: T): Task<void> {
    this.#running++;
    this.none.clear();
    return this.#start(resource);
  }
  async #carryOut(resource: T): Promise<void> {
    const { destroy, grace } = this.#settings;
    try {
      // The limit holds also if nobody cancels.
      await shield(() =>
        failAfter(grace, async ({ abortable }) => {
          await abortable(Promise.resolve(destroy(resource)));
        }), { grace: Infinity });
    } finally {
      if (--this.#running === 0) this.none.set();
    }
  }
}
