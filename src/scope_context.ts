import type { ScopeNode } from "./core/scope_node.ts";
import type { CancelReason } from "./reason.ts";
import { NodeContext, type TaskContext } from "./task/context.ts";

/** What can be done to a scope from inside. */
export interface ScopeControl {
  /** Whether it was asked to cancel: by `cancel()` or its own deadline. */
  readonly cancelCalled: boolean;
  /** Whether it swallowed its own cancellation when it was left. */
  readonly cancelledCaught: boolean;
  /** Why it is cancelled, be it by itself or from outside. */
  readonly reason: CancelReason | undefined;
  /** When it is cancelled, on the clock of `currentTime()`; can be moved. */
  deadline: number;
  /** Whether cancellation from outside stops here. */
  shield: boolean;
  /**
   * Cancels everything in the scope, and returns at once.
   *
   * @param reason Why: a text, or an `Error` that reaches everybody as it is.
   * @returns `false` if the scope has been left.
   */
  cancel(reason?: string | Error): boolean;
}

/**
 * What the body of a scope gets: a full context, whose waits and signal are
 * the scope's, and the scope's own members. Take `cancel()` and the two
 * accessors from the context, the rest may be taken apart.
 *
 * @example
 * A limit that is moved
 * ```ts
 * import { currentTime, failAfter } from "@mdc/tasks";
 *
 * const value = await failAfter(5, async (scope) => {
 *   scope.deadline = currentTime() + 1000;
 *   await scope.sleep(10);
 *   return "in time";
 * });
 * console.log(value); // "in time"
 * ```
 */
export interface ScopeContext extends TaskContext, ScopeControl {}

/**
 * The body of a scope: an async function, or any function, that gets the
 * scope's own context.
 *
 * @typeParam T What the body returns.
 */
export type ScopeBody<T> = (scope: ScopeContext) => T | PromiseLike<T>;

/** What is given in place of a value that was cut short. */
export interface FallbackOptions<F> {
  /** The value of a call that its own scope cut short. Default: `undefined`. */
  fallback?: F | undefined;
}

/** The context of a scope's node. */
export class ScopeNodeContext extends NodeContext implements ScopeContext {
  readonly #scope: ScopeControl;

  constructor(node: ScopeNode, scope: ScopeControl) {
    super(node);
    this.#scope = scope;
  }
  get cancelCalled(): boolean {
    return this.#scope.cancelCalled;
  }
  get cancelledCaught(): boolean {
    return this.#scope.cancelledCaught;
  }
  get reason(): CancelReason | undefined {
    return this.#scope.reason;
  }
  get deadline(): number {
    return this.#scope.deadline;
  }
  set deadline(deadline: number) {
    this.#scope.deadline = deadline;
  }
  get shield(): boolean {
    return this.#scope.shield;
  }
  set shield(shield: boolean) {
    this.#scope.shield = shield;
  }
  cancel(reason?: string | Error): boolean {
    return this.#scope.cancel(reason);
  }
}
