/** Random programs: carries out their steps and checks each of them. */
import {
  errorLeaves,
  type Task,
  type TaskContext,
  TimeoutError,
} from "../mod.ts";
import type { VirtualClock } from "../testing.ts";
import { clock as seam } from "../src/core/clock.ts";
import type * as library from "../mod.ts";
import {
  abortTime,
  abortWith,
  type Code,
  reasonFor,
  wasAsked,
} from "./_trees_code.ts";
import type { Program, Request, Step, WaitStep } from "./_trees_steps.ts";

type Library = typeof library;
type Of<K extends Step["kind"]> = Step & { kind: K };

/** What a program runs in. */
export interface World {
  /** Whether the current task isn't known after an `await`. */
  readonly explicit: boolean;
  /** One copy of the library, or two that share what is running. */
  readonly copies: readonly Library[];
}

function nearest(
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}

/** Runs a program and checks what must hold in every program. */
export class Interpreter {
  /** The failures that somebody has to hear of. */
  readonly thrown: Set<unknown> = new Set<unknown>();
  readonly reported: unknown[] = [];
  readonly violations: string[] = [];
  readonly #ends = new Map<Task, number>();
  readonly #callbacks: { calls: number }[] = [];
  readonly #disarms: (() => void)[] = [];
  readonly #clock: VirtualClock;
  readonly #world: World;
  readonly #hands: boolean;
  #errors = 0;

  constructor(clock: VirtualClock, world: World, hands: boolean) {
    this.#clock = clock;
    this.#world = world;
    this.#hands = hands;
  }

  check(condition: boolean, what: string): void {
    if (!condition) this.violations.push(what);
  }

  later(at: number | undefined, action: () => void): void {
    if (at !== undefined) this.#disarms.push(seam.schedule(action, at));
  }

  /** Starts a program; it is cancelled by a signal from outside. */
  root(program: Program, signal: AbortSignal): Task {
    const [lib] = this.#world.copies;
    return this.#task(
      (body) => lib!.createTask(body, { name: "root", detached: true, signal }),
      program.steps,
      undefined,
    );
  }

  /** Takes back what is armed, and checks how the tasks have ended. */
  end(): void {
    for (const disarm of this.#disarms) disarm();
    for (const [task, ends] of this.#ends) {
      this.check(task.done && ends === 1, `${task.name} ended ${ends} times`);
    }
    for (const { calls } of this.#callbacks) {
      this.check(calls === 1, `a callback on oneself ran ${calls} times`);
    }
  }

  #lib(step: { copy: boolean }): Library {
    const { copies } = this.#world;
    return (step.copy ? copies[1] : undefined) ?? copies[0]!;
  }

  /** Whether a call at `code` may leave it to the library who calls. */
  #known(code: Code): boolean {
    return !this.#world.explicit || (code.fresh() && !this.#hands);
  }

  #signal(code: Code): { signal?: TaskContext } {
    return this.#known(code) ? {} : { signal: code.context };
  }

  #is(error: unknown): boolean {
    return errorLeaves(error).some((leaf) => this.thrown.has(leaf));
  }

  /** Starts a task whose body carries out `steps`. */
  #task(
    start: (body: library.TaskBody<void>) => Task<void>,
    steps: Step[],
    outer: Code | undefined,
    more: { contexts?: readonly TaskContext[]; outlives?: boolean } = {},
  ): Task {
    let task: Task | undefined = undefined;
    task = start((context) =>
      this.#body(steps, context, {
        level: { signal: context.signal, shield: false, up: outer?.level },
        task: () => task,
        deadline: outer === undefined ? Infinity : outer.deadline,
        contexts: [context, ...more.contexts ?? []],
      }, more.outlives)
    ) as Task;
    const known = task;
    this.#ends.set(known, 0);
    // Observed without looking: a look would hide an unreported failure.
    void (known as unknown as { settled(): Promise<void> }).settled().then(() =>
      this.#ends.set(known, this.#ends.get(known)! + 1)
    );
    this.check(
      known.parent?.id === outer?.task()?.id || outer?.task() === undefined,
      `${known.name} has another parent`,
    );
    return known;
  }

  /** The body of a task or a scope; it is fresh until it has awaited. */
  async #body(
    steps: Step[],
    context: TaskContext,
    place: Omit<Code, "fresh" | "context">,
    outlives = false,
  ): Promise<void> {
    let fresh = true;
    const { deadline } = place;
    const code = {
      ...place,
      context,
      fresh: () => fresh,
      // The limits around it end before what they can't wait for.
      deadline: outlives ? undefined : deadline,
    };
    if (deadline !== undefined) {
      const left = Math.max(0, deadline - this.#clock.now);
      const told = context.timeLeft();
      this.check(told === left, `${told} ms were left in place of ${left}`);
    }
    const done = this.#steps(steps, code);
    fresh = false;
    await done;
  }

  async #steps(steps: Step[], code: Code): Promise<void> {
    for (const step of steps) await this.#step(step, code);
  }

  async #step(step: Step, code: Code): Promise<void> {
    switch (step.kind) {
      case "wait":
        return await this.#wait(step, code)();
      case "later":
        return await this.#later(step, code);
      case "throw": {
        const error = new Error(`error ${this.#errors++}`);
        this.thrown.add(error);
        throw error;
      }
      case "retry":
        return await this.#retry(step, code);
      case "oneself":
        return this.#oneself(step, code);
      case "finally":
        return await this.#cleanUp(step, code);
      case "scope":
        return await this.#scope(step, code);
      case "failAfter":
      case "moveOnAfter":
        return await this.#limit(step, code);
      case "shield":
        return await this.#shield(step, code);
      case "spawn":
        return await this.#spawn(step, code);
      case "group":
        return await this.#group(step, code);
    }
  }

  /** The contexts that answer for the innermost scope at `code`. */
  #contexts(code: Code): readonly TaskContext[] {
    return this.#world.explicit && !code.fresh()
      ? [code.context]
      : code.contexts;
  }

  /** The function that a wait is written with, called. */
  #begin({ what, ms, by }: WaitStep, code: Code): Promise<unknown> {
    const contexts = this.#contexts(code);
    const from = by === 0 ? undefined : contexts[(by - 1) % contexts.length];
    const lib = this.#lib({ copy: by % 2 === 1 });
    if (what === "sleep") {
      if (from !== undefined) return from.sleep(ms);
      return lib.sleep(ms, this.#signal(code));
    }
    const ready = new Promise<void>((resolve) => this.later(ms, resolve));
    if (from !== undefined) return from.abortable(ready);
    return lib.abortable(ready, this.#signal(code));
  }

  /** Begins a wait; what it gives awaits it and checks how it ended. */
  #wait(step: WaitStep, code: Code): () => Promise<void> {
    const { signal } = code.level;
    const due = this.#clock.now + step.ms;
    const cut = abortTime(signal, () => this.#clock.now);
    const promise = this.#begin(step, code);
    return async () => {
      const asked = this.#clock.now;
      try {
        await promise;
        this.check(cut.at >= due, "a wait outlived its cancellation");
        this.check(
          this.#clock.now === Math.max(asked, due),
          "a wait resolved at another time",
        );
      } catch (error) {
        this.check(signal.aborted, "a wait rejected without a cancellation");
        this.check(cut.at <= due, "a wait rejected after its time");
        this.check(
          this.#clock.now === Math.max(asked, cut.at),
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

  async #later(step: Of<"later">, code: Code): Promise<void> {
    const wait = this.#wait(step.wait, code);
    await this.#steps(step.steps, code);
    if (step.awaited) await wait();
  }

  async #retry(step: Of<"retry">, code: Code): Promise<void> {
    for (let round = 0; round < step.rounds; round++) {
      try {
        await this.#steps(step.steps, code);
      } catch (error) {
        const contexts = this.#contexts(code);
        const by = this.#world.explicit && step.by === 0 ? 1 : step.by;
        const from = by === 0
          ? this.#lib(step)
          : contexts[(by - 1) % contexts.length]!;
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
  }

  #oneself(step: Of<"oneself">, code: Code): void {
    const task = code.task() ??
      (this.#known(code) ? this.#lib(step).currentTask() : undefined);
    if (task === undefined) return;
    const callback = { calls: 0 };
    this.#callbacks.push(callback);
    task.finally(() => {
      callback.calls++;
      this.check(task.done, "a callback on oneself ran before the end");
    }).catch(() => {});
  }

  async #cleanUp(step: Of<"finally">, code: Code): Promise<void> {
    try {
      await this.#steps(step.steps, code);
    } catch (error) {
      // An error that a cleanup replaces is lost by JavaScript's own rules.
      if (step.fails && this.#is(error)) throw error;
      const cleanup: Step[] = [
        { kind: "wait", what: "sleep", ms: step.ms, by: step.grace % 3 },
      ];
      if (step.fails) cleanup.push({ kind: "throw" });
      try {
        const { grace, copy } = step;
        await this.#shield(
          { kind: "shield", steps: cleanup, grace, copy },
          code,
        );
      } catch (later) {
        if (!this.#is(error) || this.#is(later)) throw later;
      }
      throw error;
    }
  }

  /** The body of a scope in `code`, by the context that it is handed. */
  #within(
    steps: Step[],
    code: Code,
    context: TaskContext,
    limits: { deadline: number | undefined; shield?: boolean },
  ): Promise<void> {
    const { deadline, shield = false } = limits;
    return this.#body(steps, context, {
      level: { signal: context.signal, shield, up: code.level },
      task: code.task,
      contexts: [context, ...code.contexts],
      deadline: shield ? deadline : nearest(deadline, code.deadline),
    });
  }

  async #scope(step: Of<"scope">, code: Code): Promise<void> {
    const { shield, cancel, deadline } = step;
    const lib = this.#lib(step);
    const scope = new lib.CancelScope({ shield, ...this.#signal(code) });
    this.later(cancel?.at, () => scope.cancel(reasonFor(cancel!.reason)));
    const at = deadline === undefined ? Infinity : this.#clock.now + deadline;
    scope.deadline = at;
    await scope.run((context) =>
      this.#within(step.steps, code, context, { deadline: at, shield })
    );
    this.check(
      !scope.cancelledCaught || scope.cancelCalled,
      "a scope caught a cancellation that was not its own",
    );
  }

  async #limit(
    step: Of<"failAfter" | "moveOnAfter">,
    code: Code,
  ): Promise<void> {
    const lib = this.#lib(step);
    const deadline = this.#clock.now + step.ms;
    const body = (context: TaskContext) =>
      this.#within(step.steps, code, context, { deadline });
    try {
      await (step.kind === "failAfter"
        ? lib.failAfter(step.ms, body, this.#signal(code))
        : lib.moveOnAfter(step.ms, body, this.#signal(code)));
    } catch (error) {
      if (error instanceof TimeoutError && !this.thrown.has(error)) {
        this.check(this.#clock.now >= deadline, "a timeout came early");
        this.thrown.add(error);
      }
      throw error;
    }
  }

  async #shield(step: Of<"shield">, code: Code): Promise<void> {
    const { grace } = step;
    const outside = code.level.signal;
    const now = () => this.#clock.now;
    const entered = now();
    const asked = abortTime(outside, now);
    let inner = { at: Infinity };
    try {
      await this.#lib(step).shield((context) => {
        const { signal } = context;
        inner = abortTime(signal, now);
        this.check(
          !signal.aborted || (outside.aborted && grace === 0),
          "a shielded body started interrupted",
        );
        return this.#within(step.steps, code, context, {
          // Its grace may have begun.
          deadline: undefined,
          shield: true,
        });
      }, { grace, ...this.#signal(code) });
    } finally {
      this.check(
        inner.at === -Infinity || inner.at === Infinity ||
          inner.at >= Math.max(asked.at, entered) + grace,
        "a shielded body was interrupted before its grace",
      );
    }
  }

  async #spawn(step: Of<"spawn">, code: Code): Promise<void> {
    const { cancel } = step;
    const controller = step.bySignal ? new AbortController() : undefined;
    const lib = this.#lib(step);
    const options = {
      ...(this.#known(code) ? {} : { parent: code.context }),
      ...(controller === undefined ? {} : { signal: controller.signal }),
    };
    const task = this.#task(
      (body) => lib.createTask(body, options),
      step.steps,
      code,
      { outlives: !step.join },
    );
    this.later(cancel?.at, () => {
      if (controller !== undefined) abortWith(controller, cancel!.reason);
      else task.cancel(reasonFor(cancel!.reason));
    });
    if (!step.join) return;
    try {
      await task;
    } catch (error) {
      // Another's cancellation, which nobody asked of this code: a failure.
      if (task.cancelled && !wasAsked(error, code.level)) {
        this.thrown.add(error);
      }
      throw error;
    }
  }

  async #group(step: Of<"group">, code: Code): Promise<void> {
    const { cancel, steps } = step;
    const children: Task[] = [];
    try {
      await this.#lib(step).TaskGroup.run((group, context) => {
        this.later(cancel?.at, () => group.cancel(reasonFor(cancel!.reason)));
        const level = {
          signal: group.signal,
          shield: false,
          up: code.level,
        };
        for (const { steps, service, cancel } of step.children) {
          const child = this.#task(
            (body) => group.spawn(body, { service }),
            steps,
            // A service is shielded until the others have ended.
            { ...code, level, deadline: service ? undefined : code.deadline },
            { contexts: [context, ...code.contexts] },
          );
          children.push(child);
          this.later(cancel?.at, () => child.cancel(reasonFor(cancel!.reason)));
        }
        return this.#within(steps, code, context, { deadline: Infinity });
      }, this.#signal(code));
    } finally {
      for (const child of children) {
        this.check(child.done, `${child.name} outlived its group`);
      }
    }
  }
}
