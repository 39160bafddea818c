import { Cancellation } from "./_cancellation.ts";
import type { FailedTask, FailureOwner } from "./_failures.ts";
import { cancelTree, DONE, inherit, LOOKED, SHIELDED } from "./_node.ts";
import { onEnd, type TaskNode } from "./_task_node.ts";
import { WaitQueue } from "./_wait.ts";
import type { ScopeNode } from "./_scope_node.ts";

/**
 * The children of a group: counts them, forgets them when they are done,
 * collects their errors in order of time, and cancels the rest at the first.
 */
export class Members implements FailureOwner {
  readonly errors: unknown[] = [];
  /** Whether a child was cut short, so that the whole is not complete. */
  interrupted = false;
  readonly #node: ScopeNode;
  #ordinary = 0;
  readonly #services = new Set<TaskNode<unknown>>();
  readonly #idle = new WaitQueue();
  /** Children whose failure is told to somebody else. */
  readonly #told = new WeakMap<object, (error: unknown) => void>();

  constructor(node: ScopeNode) {
    this.#node = node;
  }

  get size(): number {
    return this.#ordinary + this.#services.size;
  }

  /** Takes in a prepared child before its body is started. */
  adopt(task: TaskNode<unknown>, service: boolean): void {
    task.owner = this;
    if (service) {
      this.#services.add(task);
      onEnd(task, () => {
        this.#services.delete(task);
        this.#idle.wakeAll();
      });
      return;
    }
    this.#ordinary++;
    onEnd(task, () => {
      if (task.cancelled) this.interrupted = true;
      if (--this.#ordinary === 0) this.#idle.wakeAll();
    });
  }

  /** Until `give()` returns, failures of `task` go to `tell`. */
  divert(task: TaskNode<unknown>, tell: (error: unknown) => void): () => void {
    this.#told.set(task, tell);
    return () => this.#told.delete(task);
  }

  takeFailure(task: FailedTask): boolean {
    const tell = this.#told.get(task);
    if (tell !== undefined) {
      task.bits |= LOOKED;
      tell(task.error);
      return true;
    }
    if ((this.#node.bits & DONE) !== 0) return false;
    task.bits |= LOOKED;
    this.fail(task.error, `task "${task.name}" failed`);
    return true;
  }

  fail(error: unknown, message: string): void {
    // A body that awaits its failing child throws the same error once more.
    if (!this.errors.includes(error)) this.errors.push(error);
    const { origin } = this.#node;
    this.#node.cancelOwn(
      new Cancellation("group", message, origin, undefined),
    );
  }

  /** Waits for the ordinary children, then ends the services, last first. */
  async join(): Promise<void> {
    while (this.#ordinary > 0) await this.#idle.join(undefined);
    for (;;) {
      const last = [...this.#services].pop();
      if (last === undefined) break;
      last.bits &= ~SHIELDED;
      inherit(last);
      cancelTree(
        last,
        new Cancellation(
          "group",
          "its group has ended",
          this.#node.origin,
          undefined,
        ),
      );
      while (this.#services.has(last)) await this.#idle.join(undefined);
    }
    // A service may have started others in its cleanup.
    if (this.#ordinary > 0) await this.join();
  }
}
