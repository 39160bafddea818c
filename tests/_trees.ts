import fc from "fast-check";
import {
  CancelScope,
  configure,
  createTask,
  errorLeaves,
  failAfter,
  isCancellation,
  moveOnAfter,
  shield,
  sleep,
  type Task,
  TaskGroup,
  TimeoutError,
} from "../mod.ts";
import { type VirtualClock, withVirtualClock } from "../testing.ts";
import { onAbort } from "./_probes.ts";
import { clock as seam } from "../src/core/clock.ts";
import { liveTasks } from "../src/core/live_tasks.ts";

/** One step of a generated program. */
export type Step =
  | { kind: "sleep"; ms: number }
  | { kind: "throw" }
  | {
    kind: "finally";
    steps: Step[];
    ms: number;
    grace: number;
    fails: boolean;
  }
  | {
    kind: "scope";
    steps: Step[];
    cancel?: number;
    deadline?: number;
    shield: boolean;
  }
  | { kind: "failAfter" | "moveOnAfter"; ms: number; steps: Step[] }
  | { kind: "shield"; steps: Step[]; grace: number }
  | { kind: "spawn"; steps: Step[]; cancel?: number; join: boolean }
  | {
    kind: "group";
    children: { steps: Step[]; service: boolean; cancel?: number }[];
    steps: Step[];
    cancel?: number;
  };

/** A program, and when it is cancelled from outside, if ever. */
export interface Program {
  steps: Step[];
  cancel?: number;
}

const ms = fc.integer({ min: 0, max: 20 });
const maybe = fc.option(ms, { nil: undefined, freq: 2 });

const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 3 }),
  step: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.record({ kind: fc.constant("sleep"), ms }),
    fc.record({ kind: fc.constant("sleep"), ms }),
    fc.record({ kind: fc.constant("throw") }),
    fc.record({
      kind: fc.constant("finally"),
      steps: tie("steps"),
      ms,
      grace: ms,
      fails: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("scope"),
      steps: tie("steps"),
      cancel: maybe,
      deadline: maybe,
      shield: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom("failAfter", "moveOnAfter"),
      ms,
      steps: tie("steps"),
    }),
    fc.record({ kind: fc.constant("shield"), steps: tie("steps"), grace: ms }),
    fc.record({
      kind: fc.constant("spawn"),
      steps: tie("steps"),
      cancel: maybe,
      join: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("group"),
      children: fc.array(
        fc.record({
          steps: tie("steps"),
          service: fc.boolean(),
          cancel: maybe,
        }),
        { maxLength: 3 },
      ),
      steps: tie("steps"),
      cancel: maybe,
    }),
  ) as fc.Arbitrary<Step>,
}));

/** Random programs. */
export const programs: fc.Arbitrary<Program> = fc.record({
  steps,
  cancel: maybe,
}) as fc.Arbitrary<Program>;

class Broken extends Error {}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Broken(what);
}

/** What every program is cancelled with from outside; it goes by identity. */
const OUTSIDE = new Error("outside");

function isCancelled(error: unknown): boolean {
  return error === OUTSIDE || isCancellation(error);
}

/** Runs a program and checks what must hold in every program. */
class Interpreter {
  readonly thrown: unknown[] = [];
  readonly reported: unknown[] = [];
  readonly violations: string[] = [];
  readonly ends = new Map<Task, number>();
  readonly disarms: (() => void)[] = [];
  readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  check(condition: boolean, what: string): void {
    if (!condition) this.violations.push(what);
  }

  later(at: number | undefined, action: () => void): void {
    if (at !== undefined) this.disarms.push(seam.schedule(action, at));
  }

  fail(): never {
    const error = new Error(`error ${this.thrown.length}`);
    this.thrown.push(error);
    throw error;
  }

  track<T>(task: Task<T>): Task<T> {
    const known = task as Task;
    this.ends.set(known, 0);
    // Observed without looking: a look would hide an unreported failure.
    void (known as unknown as { settled(): Promise<void> }).settled().then(() =>
      this.ends.set(known, this.ends.get(known)! + 1)
    );
    return task;
  }

  async steps(steps: Step[], signal: AbortSignal): Promise<void> {
    for (const step of steps) await this.step(step, signal);
  }

  async wait(time: number, signal: AbortSignal): Promise<void> {
    const aborted = signal.aborted;
    let at = Infinity;
    const note = () => at = this.clock.now;
    signal.addEventListener("abort", note, { once: true });
    try {
      await sleep(time); // eslint-disable-line mdc/require-signal-forwarding -- the innermost scope is what is tested
      this.check(!aborted, "a wait under an aborted signal resolved");
      this.check(at >= this.clock.now, "a wait outlived its cancellation");
    } catch (error) {
      this.check(signal.aborted, "a wait rejected without a cancellation");
      this.check(
        aborted || at === this.clock.now,
        "a wait rejected later than its cancellation",
      );
      throw error;
    } finally {
      signal.removeEventListener("abort", note);
    }
  }

  async step(step: Step, signal: AbortSignal): Promise<void> {
    switch (step.kind) {
      case "sleep":
        return await this.wait(step.ms, signal);
      case "throw":
        return this.fail();
      case "finally":
        return await this.cleanUp(step, signal);
      case "scope":
        return await this.scope(step);
      case "failAfter":
      case "moveOnAfter":
        return await this.limit(step);
      case "shield":
        return await this.shielded(step.steps, step.grace, signal);
      case "spawn":
        return await this.spawn(step);
      case "group":
        return await this.group(step);
    }
  }

  async cleanUp(
    step: Step & { kind: "finally" },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.steps(step.steps, signal);
    } catch (error) {
      // An error that a cleanup replaces is lost by JavaScript's own rules.
      if (step.fails && !isCancelled(error)) throw error;
      const cleanup: Step[] = [{ kind: "sleep", ms: step.ms }];
      if (step.fails) cleanup.push({ kind: "throw" });
      try {
        await this.shielded(cleanup, step.grace, signal);
      } catch (later) {
        if (isCancelled(error) || !isCancelled(later)) throw later;
      }
      throw error;
    }
  }

  async scope(step: Step & { kind: "scope" }): Promise<void> {
    const scope = new CancelScope({ shield: step.shield });
    this.later(step.cancel, () => scope.cancel("scope"));
    if (step.deadline !== undefined) {
      scope.deadline = this.clock.now + step.deadline;
    }
    await scope.run(() => this.steps(step.steps, scope.signal));
    this.check(
      !scope.cancelledCaught || scope.cancelCalled,
      "a scope caught a cancellation that was not its own",
    );
  }

  async limit(
    step: Step & { kind: "failAfter" | "moveOnAfter" },
  ): Promise<void> {
    const limit = step.kind === "failAfter" ? failAfter : moveOnAfter;
    const started = this.clock.now;
    try {
      await limit(
        step.ms,
        (scope) => this.steps(step.steps, scope.signal),
      );
    } catch (error) {
      if (error instanceof TimeoutError && !this.thrown.includes(error)) {
        this.check(this.clock.now >= started + step.ms, "a timeout came early");
        this.thrown.push(error);
      }
      throw error;
    }
  }

  async shielded(
    steps: Step[],
    grace: number,
    outside: AbortSignal,
  ): Promise<void> {
    const entered = this.clock.now;
    let asked = outside.aborted ? entered : Infinity;
    let interrupted: number | undefined;
    const note = () => asked = this.clock.now;
    outside.addEventListener("abort", note, { once: true });
    try {
      await shield(({ signal }) => {
        onAbort(signal, () => interrupted = this.clock.now);
        this.check(
          !signal.aborted || (outside.aborted && grace === 0),
          "a shielded body started interrupted",
        );
        return this.steps(steps, signal);
      }, { grace });
    } finally {
      outside.removeEventListener("abort", note);
      this.check(
        interrupted === undefined || interrupted >= asked + grace,
        "a shielded body was interrupted before its grace",
      );
    }
  }

  async spawn(step: Step & { kind: "spawn" }): Promise<void> {
    const task = this.track(
      createTask(({ signal }) => this.steps(step.steps, signal)),
    );
    this.later(step.cancel, () => task.cancel("spawned"));
    if (!step.join) return;
    try {
      await task;
    } catch (error) {
      // Another's cancellation, which nobody asked of this code: a failure.
      if (
        task.cancelled && !isCancelled(error) && !this.thrown.includes(error)
      ) {
        this.thrown.push(error);
      }
      throw error;
    }
  }

  async group(step: Step & { kind: "group" }): Promise<void> {
    const children: Task[] = [];
    try {
      await TaskGroup.run((group) => {
        this.later(step.cancel, () => group.cancel("group"));
        for (const { steps, service, cancel } of step.children) {
          const child = this.track(
            group.spawn(({ signal }) => this.steps(steps, signal), { service }),
          );
          children.push(child as Task);
          this.later(cancel, () => child.cancel("child"));
        }
        return this.steps(step.steps, group.signal);
      });
    } finally {
      for (const child of children) {
        this.check(child.done, `${child.name} outlived its group`);
      }
    }
  }

  async run(program: Program): Promise<void> {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    }) as typeof signal.addEventListener;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    }) as typeof signal.removeEventListener;

    const before = new Set(liveTasks());
    const settings = configure({
      onUnobservedFailure: ({ error }) => this.reported.push(error),
    });
    try {
      const root = this.track(createTask(
        ({ signal }) => this.steps(program.steps, signal),
        { name: "root", detached: true, signal },
      ));
      this.later(program.cancel, () => controller.abort(OUTSIDE));
      await root.catch((error) => {
        if (root.status === "failed") this.reported.push(error);
      });
      const lingering = () => liveTasks().filter((task) => !before.has(task));
      while (lingering().length > 0) await this.clock.advance(1000);
      await this.clock.idle();
      for (const disarm of this.disarms) disarm();

      for (const [task, ends] of this.ends) {
        this.check(task.done && ends === 1, `${task.name} ended ${ends} times`);
      }
      const leaves = this.reported.flatMap(errorLeaves);
      this.check(
        new Set(leaves).size === leaves.length,
        "an error was reported twice",
      );
      for (const error of this.thrown) {
        this.check(leaves.includes(error), `${error} was lost`);
      }
      for (const error of leaves) {
        this.check(this.thrown.includes(error), `${error} was invented`);
      }
      this.check(this.clock.timers === 0, `${this.clock.timers} timers left`);
      this.check(
        listeners === 0 || controller.signal.aborted,
        `${listeners} listeners left`,
      );
    } finally {
      configure(settings);
    }
  }
}

/** Runs one program on the virtual clock; throws what it found to be wrong. */
export async function runProgram(program: Program): Promise<void> {
  await withVirtualClock(async (clock) => {
    const interpreter = new Interpreter(clock);
    await interpreter.run(program);
    must(
      interpreter.violations.length === 0,
      interpreter.violations.join("; "),
    );
  });
}
