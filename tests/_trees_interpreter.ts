/** Random programs: carries out their steps and checks each of them. */
import { type Task, type TaskContext, TimeoutError } from "../mod.ts";
import type * as library from "../mod.ts";
import {
  abortTime,
  abortWith,
  type Code,
  type More,
  nearest,
  reasonFor,
  wasAsked,
} from "./_trees_code.ts";
import { Watch } from "./_trees_watch.ts";
import type { Program, Step } from "./_trees_steps.ts";

type Of<K extends Step["kind"]> = Step & { kind: K };

/** Runs a program and checks what must hold in every program. */
export class Interpreter extends Watch {
  #errors = 0;

  /** Starts a program; it is cancelled by a signal from outside. */
  root(program: Program, signal: AbortSignal): Task {
    const [lib] = this.world.copies;
    return this.#task(
      (body) => lib!.createTask(body, { name: "root", detached: true, signal }),
      program.steps,
      undefined,
    );
  }

  /** Starts a task whose body carries out `steps`. */
  #task(
    start: (body: library.TaskBody<void>) => Task<void>,
    steps: Step[],
    outer: Code | undefined,
    more: More = {},
  ): Task {
    let task: Task | undefined = undefined;
    task = start((context) =>
      this.#body(steps, context, {
        level: {
          signal: context.signal,
          shield: more.shield ?? false,
          up: outer?.level,
        },
        task: () => task,
        deadline: outer === undefined ? Infinity : outer.deadline,
        contexts: [context, ...more.contexts ?? []],
      }, more.outlives)
    ) as Task;
    const known = task;
    this.track(known);
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
      const left = Math.max(0, deadline - this.clock.now);
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
        return await this.wait(step, code)();
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
        return this.oneself(step, code);
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

  async #later(step: Of<"later">, code: Code): Promise<void> {
    const wait = this.wait(step.wait, code);
    await this.#steps(step.steps, code);
    if (step.awaited) await wait();
  }

  async #retry(step: Of<"retry">, code: Code): Promise<void> {
    for (let round = 0; round < step.rounds; round++) {
      try {
        await this.#steps(step.steps, code);
      } catch (error) {
        this.caught(error, step, code);
      }
    }
  }

  async #cleanUp(step: Of<"finally">, code: Code): Promise<void> {
    try {
      await this.#steps(step.steps, code);
    } catch (error) {
      // An error that a cleanup replaces is lost by JavaScript's own rules.
      if (step.fails && this.is(error)) throw error;
      const cleanup: Step[] = [
        { kind: "wait", what: "sleep", ms: step.ms, by: step.grace % 3 },
      ];
      if (step.fails) cleanup.push({ kind: "throw" });
      try {
        const { grace, copy } = step;
        const kind = "shield";
        await this.#shield({ kind, steps: cleanup, grace, copy }, code);
      } catch (later) {
        if (!this.is(error) || this.is(later)) throw later;
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
    const lib = this.lib(step);
    const scope = new lib.CancelScope({ shield, ...this.signal(code) });
    this.later(cancel?.at, () => scope.cancel(reasonFor(cancel!.reason)));
    const at = deadline === undefined ? Infinity : this.clock.now + deadline;
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
    const lib = this.lib(step);
    const deadline = this.clock.now + step.ms;
    const body = (context: TaskContext) =>
      this.#within(step.steps, code, context, { deadline });
    try {
      await (step.kind === "failAfter"
        ? lib.failAfter(step.ms, body, this.signal(code))
        : lib.moveOnAfter(step.ms, body, this.signal(code)));
    } catch (error) {
      if (error instanceof TimeoutError && !this.thrown.has(error)) {
        this.check(this.clock.now >= deadline, "a timeout came early");
        this.thrown.add(error);
      }
      throw error;
    }
  }

  async #shield(step: Of<"shield">, code: Code): Promise<void> {
    const { grace } = step;
    const outside = code.level.signal;
    const now = () => this.clock.now;
    const entered = now();
    const asked = abortTime(outside, now);
    let inner = { at: Infinity };
    try {
      await this.lib(step).shield((context) => {
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
      }, { grace, ...this.signal(code) });
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
    const lib = this.lib(step);
    const options = {
      ...(this.known(code) ? {} : { parent: code.context }),
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
      await this.lib(step).TaskGroup.run((group, context) => {
        this.later(cancel?.at, () => group.cancel(reasonFor(cancel!.reason)));
        const { signal } = group;
        const level = { signal, shield: false, up: code.level };
        for (const { steps, service, cancel } of step.children) {
          const child = this.#task(
            (body) => group.spawn(body, { service }),
            steps,
            // A service is shielded until the others have ended.
            { ...code, level, deadline: service ? undefined : code.deadline },
            { contexts: [context, ...code.contexts], shield: service },
          );
          children.push(child);
          this.later(cancel?.at, () => child.cancel(reasonFor(cancel!.reason)));
        }
        return this.#within(steps, code, context, { deadline: Infinity });
      }, this.signal(code));
    } finally {
      for (const child of children) {
        this.check(child.done, `${child.name} outlived its group`);
      }
    }
  }
}
