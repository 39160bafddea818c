/** Random programs: what is watched while one runs. */
import type * as library from "../mod.ts";
import { errorLeaves, type Task, type TaskContext } from "../mod.ts";
import { clock as seam } from "../src/core/clock.ts";
import type { VirtualClock } from "../testing.ts";
import { abortTime, type Code, wasAsked } from "./_trees_code.ts";
import type { WaitStep } from "./_trees_steps.ts";

type Library = typeof library;

/** What a program runs in. */
export interface World {
  /** Whether the current task isn't known after an `await`. */
  readonly explicit: boolean;
  /** One copy of the library, or two that share what is running. */
  readonly copies: readonly Library[];
}

/** Resolves at the end of a task, and is no look at it. */
function settled(task: Task): Promise<void> {
  return (task as unknown as { settled(): Promise<void> }).settled();
}

/** Watches tasks, waits, callbacks and failures of a program. */
export class Watch {
  /** The failures that somebody has to hear of. */
  readonly thrown: Set<unknown> = new Set<unknown>();
  readonly reported: unknown[] = [];
  readonly violations: string[] = [];
  protected readonly ends: Map<Task, number> = new Map();
  protected readonly callbacks: { calls: number }[] = [];
  protected readonly disarms: (() => void)[] = [];
  protected readonly clock: VirtualClock;
  protected readonly world: World;
  protected readonly hands: boolean;

  constructor(clock: VirtualClock, world: World, hands: boolean) {
    this.clock = clock;
    this.world = world;
    this.hands = hands;
  }

  check(condition: boolean, what: string): void {
    if (!condition) this.violations.push(what);
  }

  later(at: number | undefined, action: () => void): void {
    if (at !== undefined) this.disarms.push(seam.schedule(action, at));
  }

  /** Takes back what is armed, and checks how the tasks have ended. */
  end(): void {
    for (const disarm of this.disarms) disarm();
    for (const [task, ends] of this.ends) {
      this.check(task.done && ends === 1, `${task.name} ended ${ends} times`);
    }
    for (const { calls } of this.callbacks) {
      this.check(calls === 1, `a callback on oneself ran ${calls} times`);
    }
  }

  protected lib(step: { copy: boolean }): Library {
    const { copies } = this.world;
    return (step.copy ? copies[1] : undefined) ?? copies[0]!;
  }

  /** Whether a call at `code` may leave it to the library who calls. */
  protected known(code: Code): boolean {
    return !this.world.explicit || (code.fresh() && !this.hands);
  }

  protected signal(code: Code): { signal?: TaskContext } {
    return this.known(code) ? {} : { signal: code.context };
  }

  protected is(error: unknown): boolean {
    return errorLeaves(error).some((leaf) => this.thrown.has(leaf));
  }

  /** The contexts that answer for the innermost scope at `code`. */
  protected contexts(code: Code): readonly TaskContext[] {
    return this.world.explicit && !code.fresh()
      ? [code.context]
      : code.contexts;
  }

  /** The function that a wait is written with, called. */
  protected begin({ what, ms, by }: WaitStep, code: Code): Promise<unknown> {
    const contexts = this.contexts(code);
    const from = by === 0 ? undefined : contexts[(by - 1) % contexts.length];
    const lib = this.lib({ copy: ms % 2 === 1 });
    if (what === "sleep") {
      if (from !== undefined) return from.sleep(ms);
      return lib.sleep(ms, this.signal(code));
    }
    const ready = new Promise<void>((resolve) => this.later(ms, resolve));
    if (from !== undefined) return from.abortable(ready);
    return lib.abortable(ready, this.signal(code));
  }

  /** Begins a wait; what it gives awaits it and checks how it ended. */
  protected wait(step: WaitStep, code: Code): () => Promise<void> {
    const { signal } = code.level;
    const due = this.clock.now + step.ms;
    const cut = abortTime(signal, () => this.clock.now);
    const promise = this.begin(step, code);
    return async () => {
      const asked = this.clock.now;
      try {
        await promise;
        this.check(cut.at >= due, "a wait outlived its cancellation");
        this.check(
          this.clock.now === Math.max(asked, due),
          "a wait resolved at another time",
        );
      } catch (error) {
        this.check(signal.aborted, "a wait rejected without a cancellation");
        this.check(cut.at <= due, "a wait rejected after its time");
        this.check(
          this.clock.now === Math.max(asked, cut.at),
          "a wait rejected later than its cancellation",
        );
        this.check(
          wasAsked(error, code.level),
          `a wait rejected with ${error}, which nobody asked`,
        );
        throw error;
      }
    };
  }

  protected oneself(step: { copy: boolean }, code: Code): void {
    const task = code.task() ??
      (this.known(code) ? this.lib(step).currentTask() : undefined);
    if (task === undefined) return;
    const callback = { calls: 0 };
    this.callbacks.push(callback);
    const after = task.finally(() => {
      callback.calls++;
      this.check(task.done, "a callback on oneself ran before the end");
    });
    // A cancellation is handled, though nobody awaits what comes out.
    void settled(task).then(() => {
      if (task.status !== "cancelled") after.catch(() => {});
    });
  }

  /** Counts how often a task ends. */
  protected track(task: Task): void {
    this.ends.set(task, 0);
    // Observed without looking: a look would hide an unreported failure.
    void settled(task).then(() =>
      this.ends.set(task, this.ends.get(task)! + 1)
    );
  }

  /** What a catch block does: it keeps all but its own cancellation. */
  protected caught(
    error: unknown,
    { by, copy }: { by: number; copy: boolean },
    code: Code,
  ): void {
    const contexts = this.contexts(code);
    // Free functions go by the name where the task isn't known.
    const free = by === 0 && !this.world.explicit;
    const from = free
      ? this.lib({ copy })
      : contexts[Math.max(by - 1, 0) % contexts.length]!;
    const own = wasAsked(error, code.level);
    try {
      from.rethrowCancellation(error);
    } catch (again) {
      this.check(again === error, "another error was thrown on");
      this.check(own, `${error} was thrown on, which nobody asked`);
      throw error;
    }
    this.check(!own, `${error} was swallowed`);
    if (own) throw error;
    for (const leaf of errorLeaves(error)) this.thrown.delete(leaf);
  }
}
