import { Cancellation } from "../core/cancellation.ts";
import { clock, macrotask } from "../core/clock.ts";
import { currentNode } from "../core/current.ts";
import { diagnosticsOf } from "../core/diagnostics.ts";
import { onEnd } from "../core/end.ts";
import { reportError } from "../core/failures.ts";
import { liveTasks } from "../core/live_tasks.ts";
import { isWithin, LOOKED } from "../core/node.ts";
import { Sweep } from "../core/sweep.ts";
import type { TaskNode } from "../core/task_node.ts";
import {
  callable,
  duration,
  flag,
  optionsObject,
  unexpected,
} from "../core/validate.ts";
import { InvalidStateError } from "../errors.ts";
import { AsyncEvent } from "../event.ts";
import { configure, type UnobservedFailure } from "../settings.ts";
import { NodeContext, type TaskContext } from "../task/context.ts";
import { prepare, start } from "../task/start.ts";
import { type HostProcess, hostProcess } from "./host.ts";
import { formatStuck, type StuckReport, type StuckTask } from "./stuck.ts";

/** What the main function of a program gets. */
export interface RunContext extends TaskContext {
  /**
   * Is set at the first signal of the operating system: the moment to stop
   * accepting work. When the drain time is over, the program is cancelled.
   */
  readonly shutdown: AsyncEvent;
}

/** Options of {@linkcode run}. */
export interface RunOptions {
  /**
   * The signals of the operating system that end the program.
   * Default: `["SIGINT", "SIGTERM"]`.
   */
  signals?: readonly string[] | undefined;
  /**
   * How long the program may go on after the first signal, to finish what it
   * has begun, in milliseconds. Default: 0.
   */
  drain?: number | undefined;
  /**
   * How long tasks may take for their cleanup once they are cancelled, in
   * milliseconds. Default: 5000.
   */
  grace?: number | undefined;
  /**
   * Is told which tasks didn't end, before the program exits. The default
   * prints the report to `console.error`.
   */
  onStuck?: ((report: StuckReport) => void) | undefined;
  /**
   * Whether tasks remember where they were created and where they wait, for
   * the report of the stuck. It costs some microseconds for each task.
   * Default: `true`.
   */
  diagnostics?: boolean | undefined;
}

const CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

let running = false;

interface Plan {
  readonly signals: readonly string[];
  readonly drain: number;
  readonly grace: number;
  readonly onStuck: (report: StuckReport) => void;
  readonly diagnostics: boolean;
}

function plan(options: RunOptions): Plan {
  optionsObject(options, "run()");
  const {
    signals = ["SIGINT", "SIGTERM"],
    drain = 0,
    grace = 5000,
    onStuck = (report: StuckReport) => console.error(formatStuck(report)),
    diagnostics = true,
  } = options;
  if (
    !Array.isArray(signals) ||
    !signals.every((signal) => typeof signal === "string")
  ) {
    throw unexpected("use signals", "an array of strings", signals);
  }
  callable(onStuck, "onStuck");
  flag(diagnostics, "diagnostics");
  return {
    signals,
    drain: duration(drain, "drain"),
    grace: duration(grace, "grace"),
    onStuck,
    diagnostics,
  };
}

function stuckTask(task: TaskNode<unknown>): StuckTask {
  const now = clock.now();
  const known = diagnosticsOf(task);
  const { name, id } = task;
  return {
    name,
    id,
    ...(known === undefined ? {} : {
      age: now - known.created,
      place: known.place,
    }),
    ...(known?.checkpoint === undefined ? {} : {
      checkpoint: known.checkpoint.what,
      idle: now - known.checkpoint.at,
    }),
  };
}

class ProgramContext extends NodeContext implements RunContext {
  readonly shutdown: AsyncEvent;
  constructor(task: TaskNode<unknown>, shutdown: AsyncEvent) {
    super(task);
    this.shutdown = shutdown;
  }
}

/** One run of a program, from its first task to the last. */
class Program {
  readonly #plan: Plan;
  readonly #shutdown = new AsyncEvent();
  readonly #host: HostProcess | undefined = hostProcess();
  #signal: string | undefined;
  #over: () => void = () => {};
  #disarm: (() => void) | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async run<T>(main: (context: RunContext) => T | PromiseLike<T>): Promise<T> {
    const handlers = this.#plan.signals.map((signal) =>
      [signal, () => this.#receive(signal)] as const
    );
    // Waiting tasks hold no timer; the program must not end under them.
    const alive = setInterval(() => {}, 2 ** 30);
    const shutdown = this.#shutdown;
    try {
      for (const [signal, handler] of handlers) this.#host?.on(signal, handler);
      const task = prepare<T>(main.name || "main", { detached: true });
      // Its failure goes to the caller of run(), not to the hook.
      task.bits |= LOOKED;
      const ended = new Promise<void>((resolve) => {
        this.#over = resolve;
        onEnd(task, resolve);
      });
      start(task, () => main(new ProgramContext(task, shutdown)));
      await ended;
      const stuck = await this.#end();
      // Failures without an owner are reported one macrotask later.
      await new Promise<void>(macrotask);
      if (stuck.length > 0) this.#plan.onStuck(this.#report(stuck));
      this.#exit(task, stuck.length > 0);
      if (!task.done) {
        throw new InvalidStateError(
          `Cannot end the program: task "${task.name}" is still running`,
        );
      }
      return task.result();
    } finally {
      this.#disarm?.();
      clearInterval(alive);
      for (const [signal, handler] of handlers) {
        this.#host?.off(signal, handler);
      }
    }
  }

  #receive(signal: string): void {
    if (this.#signal !== undefined) this.#host?.exit(CODES[signal] ?? 1);
    this.#signal = signal;
    this.#shutdown.set();
    const { drain } = this.#plan;
    if (drain === 0) this.#over();
    else if (drain !== Infinity) {
      this.#disarm = clock.schedule(() => this.#over(), drain);
    }
  }

  /** Cancels everything that runs and gives what is left after the grace. */
  async #end(): Promise<TaskNode<unknown>[]> {
    const signal = this.#signal;
    const record = signal === undefined
      ? new Cancellation("shutdown", "the program ends", undefined, undefined)
      : new Cancellation("signal", signal, undefined, undefined);
    const caller = currentNode();
    const find = () =>
      liveTasks().filter((task) =>
        caller === undefined || !isWithin(caller, task)
      );
    await new Sweep(record).run(find, this.#plan.grace);
    return find();
  }

  #report(tasks: readonly TaskNode<unknown>[]): StuckReport {
    return {
      signal: this.#signal,
      grace: this.#plan.grace,
      tasks: tasks.map(stuckTask),
    };
  }

  /** A signal or a stuck task ends the process; otherwise it ends by itself. */
  #exit(main: TaskNode<unknown>, stuck: boolean): void {
    const signal = this.#signal;
    const exits = signal !== undefined || stuck;
    // The caller of run() will not see it any more.
    if (exits && main.status === "failed") reportError(main, main.error);
    if (signal !== undefined) this.#host?.exit(CODES[signal] ?? 1);
    if (stuck) this.#host?.exit(1);
  }
}

/**
 * The entry of a program: runs `main` as its first task and ends everything
 * that it started, in an orderly way and in bounded time.
 *
 * At the first SIGINT or SIGTERM:
 * 1. `context.shutdown` is set; the program has `drain` milliseconds to finish
 *    what it has begun.
 * 2. All tasks are cancelled, with a reason of kind `"signal"`, and have
 *    `grace` milliseconds for their cleanup.
 * 3. Each task that is still running is named, and the process exits with 130
 *    (SIGINT) or 143 (SIGTERM).
 *
 * A second signal exits at once. When `main` returns or throws without a
 * signal, tasks that linger are cancelled and named in the same way; then the
 * exit code is 1 if a task was stuck or failed with nobody looking.
 *
 * @example A program
 * ```ts
 * import { run } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const value = await run(async (context) => {
 *   await context.sleep(1);
 *   return "done";
 * });
 * assertEquals(value, "done");
 * ```
 *
 * @typeParam T What `main` returns.
 * @param main The program; it gets a task context and the shutdown event.
 * @param options The signals, the times, and who is told of stuck tasks.
 * @returns What `main` returned. Rejects with what `main` threw.
 * @throws {TypeError} If `main` is no function or an option is wrong.
 * @throws {RangeError} If a time is `NaN` or negative.
 * @throws {InvalidStateError} If a program is running already.
 */
export function run<T>(
  main: (context: RunContext) => T | PromiseLike<T>,
  options: RunOptions = {},
): Promise<T> {
  callable(main, "the main function of run()");
  const made = plan(options);
  if (running) {
    throw new InvalidStateError("Cannot run: a program is running already");
  }
  running = true;
  return supervise(main, made);
}

async function supervise<T>(
  main: (context: RunContext) => T | PromiseLike<T>,
  made: Plan,
): Promise<T> {
  let unobserved = false;
  const before = configure({});
  configure({
    creationSites: made.diagnostics || before.creationSites,
    onUnobservedFailure: (failure: UnobservedFailure) => {
      unobserved = true;
      before.onUnobservedFailure(failure);
    },
  });
  try {
    return await new Program(made).run(main);
  } finally {
    running = false;
    configure(before);
    const host = hostProcess();
    if (unobserved && host !== undefined) host.exitCode = 1;
  }
}
