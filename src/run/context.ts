import type { TaskNode } from "../core/task_node.ts";
import type { AsyncEvent } from "../event.ts";
import { NodeContext, type TaskContext } from "../task/context.ts";

/** What the main function of a program gets. */
export interface RunContext extends TaskContext {
  /**
   * Is set at the first signal of the operating system: the moment to stop
   * accepting work. When the drain time is over, the program is cancelled. A
   * program that reads this has a drain time, also if the options give none.
   */
  readonly shutdown: AsyncEvent;
}

/** The context of a program's main task. */
export class ProgramContext extends NodeContext implements RunContext {
  readonly #shutdown: () => AsyncEvent;

  /** @param shutdown Is called when the program asks for the event. */
  constructor(task: TaskNode<unknown>, shutdown: () => AsyncEvent) {
    super(task);
    this.#shutdown = shutdown;
  }
  get shutdown(): AsyncEvent {
    return this.#shutdown();
  }
}
