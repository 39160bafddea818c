import { Cancellation } from "../core/cancellation.ts";
import { isVirtual, macrotask, schedule } from "../core/clock.ts";
import { inForce } from "../core/in_force.ts";
import { currentNode } from "../core/current.ts";
import { onEnd } from "../core/end.ts";
import { reportChildren, reportError } from "../core/failures.ts";
import { liveTasks } from "../core/live_tasks.ts";
import { type CancelNode, isWithin, LOOKED } from "../core/node.ts";
import { Sweep } from "../core/sweep.ts";
import type { TaskNode } from "../core/task_node.ts";
import { InvalidStateError } from "../errors.ts";
import { AsyncEvent } from "../event.ts";
import { prepare, start } from "../task/start.ts";
import { tellIfAlive } from "./alive.ts";
import { ProgramContext, type RunContext } from "./context.ts";
import { type CrashKind, onCrash } from "./crashes.ts";
import { guarded, printError } from "./guarded.ts";
import { type HostProcess, hostProcess } from "./host.ts";
import type { Plan } from "./options.ts";
import type { SignalNotice } from "./signal_notice.ts";
import { signalCode } from "./signal_numbers.ts";
import { formatStuck } from "./stuck.ts";
import { stuckReport } from "./stuck_report.ts";
import { scopesOf } from "./wait_cycles.ts";

/** The time to finish what was begun, for who hears of the shutdown. */
const DRAIN = 5000;

const CRASHES: Readonly<Record<CrashKind, string>> = {
  exception: "Nobody caught an exception, the program ends:",
  rejection: "Nobody handled a rejection, the program ends:",
};

/** One run of a program, from its first task to the last. */
export class Program {
  readonly #plan: Plan;
  readonly #shutdown = new AsyncEvent();
  readonly #host: HostProcess | undefined = hostProcess();
  readonly #caller: CancelNode | undefined = currentNode();
  readonly #toldBefore = inForce.failures;
  /** Whether `main` can hear of the shutdown. */
  #heeded = false;
  #signal: string | undefined;
  #crashed: CrashKind | undefined;
  /** Whether everything is cancelled already. */
  #ending = false;
  #over: () => void = () => {};
  #disarm: (() => void) | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async run<T>(main: (context: RunContext) => T | PromiseLike<T>): Promise<T> {
    // Waiting tasks hold no timer; the program must not end under them.
    const alive = setInterval(() => {}, 2 ** 30);
    let leave = () => {};
    try {
      leave = this.#listen();
      const task = prepare<T>(main.name || "main", { detached: true });
      // Its failure goes to the caller of run(), not to the hook.
      task.bits |= LOOKED;
      const ended = new Promise<void>((resolve) => {
        this.#over = resolve;
        onEnd(task, resolve);
      });
      const context = new ProgramContext(task, () => {
        this.#heeded = true;
        return this.#shutdown;
      });
      start(task, () => main(context));
      await ended;
      const stuck = await this.#end();
      // Failures without an owner are reported one macrotask later.
      await new Promise<void>(macrotask);
      if (stuck.length > 0) this.#tellStuck(stuck);
      this.#exit(task, stuck.length > 0);
      if (!task.done) {
        throw new InvalidStateError(
          `Cannot end the program: task "${task.name}" is still running`,
        );
      }
      if (this.#caller === undefined && !isVirtual()) {
        tellIfAlive(this.#plan.grace, this.#plan.onAlive);
      }
      return task.result();
    } finally {
      this.#disarm?.();
      clearInterval(alive);
      leave();
    }
  }

  /** Listens to signals and crashes; returns what ends that. */
  #listen(): () => void {
    const host = this.#host;
    const releases: (() => void)[] = [
      onCrash(
        host,
        () => this.#ending,
        (kind, error) => this.#crash(kind, error),
      ),
    ];
    const leave = () => {
      for (const release of releases.splice(0)) release();
    };
    try {
      for (const signal of this.#plan.signals) {
        const handler = () => this.#receive(signal);
        host?.on(signal, handler);
        releases.push(() => host?.off(signal, handler));
      }
    } catch (error) {
      // A system that doesn't have this signal.
      leave();
      throw error;
    }
    return leave;
  }

  /** The tasks that run, but for those that run() was called in. */
  #tasks(): TaskNode<unknown>[] {
    const caller = this.#caller;
    return liveTasks().filter((task) =>
      caller === undefined || !isWithin(caller, task)
    );
  }

  #receive(signal: string): void {
    if (this.#signal !== undefined) {
      this.#tellSignal(signal, "exit", 0);
      this.#host?.exit(signalCode(signal));
    }
    this.#signal = signal;
    const drain = this.#ending
      ? 0
      : this.#plan.drain ?? (this.#heeded ? DRAIN : 0);
    this.#tellSignal(signal, drain === 0 ? "cancel" : "drain", drain);
    this.#shutdown.set();
    if (drain === 0) this.#over();
    else if (drain !== Infinity) {
      this.#disarm = schedule(() => this.#over(), drain);
    }
  }

  #tellSignal(
    signal: string,
    phase: SignalNotice["phase"],
    drain: number,
  ): void {
    const { grace, onSignal } = this.#plan;
    const tasks = this.#tasks().map(({ name, id }) => ({ name, id }));
    guarded("onSignal", () => onSignal({ signal, phase, drain, grace, tasks }));
  }

  /** What nobody caught: the program is cancelled, and cleans up. */
  #crash(kind: CrashKind, error: unknown): void {
    printError(CRASHES[kind], error);
    this.#crashed ??= kind;
    this.#ending = true;
    this.#shutdown.set();
    this.#over();
  }

  /** Why everything is cancelled. */
  #record(): Cancellation {
    const signal = this.#signal;
    if (this.#crashed !== undefined) {
      const message = `nobody caught ${
        this.#crashed === "exception" ? "an exception" : "a rejection"
      }`;
      return new Cancellation("shutdown", message);
    }
    return signal === undefined
      ? new Cancellation("shutdown", "the program ends")
      : new Cancellation("signal", signal);
  }

  /** Cancels everything that runs and gives what is left after the grace. */
  async #end(): Promise<TaskNode<unknown>[]> {
    this.#ending = true;
    // Nobody reads a report here: failures go where failures always go.
    const sweep = new Sweep(this.#record(), { reports: false });
    await sweep.run(() => this.#tasks(), this.#plan.grace);
    return this.#tasks();
  }

  #tellStuck(stuck: readonly TaskNode<unknown>[]): void {
    for (const task of stuck) {
      for (const node of [task, ...scopesOf(task)]) reportChildren(node);
    }
    const { grace, onStuck } = this.#plan;
    const report = stuckReport(stuck, { signal: this.#signal, grace });
    let whole = false;
    guarded("onStuck", () => {
      onStuck(report);
      whole = true;
    });
    if (!whole) console.error(formatStuck(report));
  }

  /** A signal, a crash or a stuck task ends the process; else it ends itself. */
  #exit(main: TaskNode<unknown>, stuck: boolean): void {
    const signal = this.#signal;
    const exits = signal !== undefined || this.#crashed !== undefined || stuck;
    if (!exits) return;
    const failed = main.status === "failed";
    // The caller of run() will not see it any more.
    if (failed) reportError(main, main.error);
    if (signal === undefined || this.#crashed !== undefined) {
      return this.#host?.exit(1);
    }
    const clean = !stuck && !failed && inForce.failures === this.#toldBefore;
    const { exitCode } = this.#plan;
    const chosen = clean && exitCode !== undefined
      ? guarded("exitCode", () => exitCode(signal))
      : undefined;
    this.#host?.exit(chosen ?? signalCode(signal));
  }
}
