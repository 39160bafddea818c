import { isOf, wasAskedOf } from "./core/asked.ts";
import { requestOf } from "./core/asking.ts";
import { cancelArgument } from "./core/cancel_argument.ts";
import { cancelTree, inherit } from "./core/cancel_tree.ts";
import { now, scheduleAt } from "./core/clock.ts";
import { currentNode, runIn } from "./core/current.ts";
import { end } from "./core/end.ts";
import { passedOn } from "./core/follow.ts";
import { hang, sourceOption } from "./core/hang.ts";
import { SHIELDED } from "./core/node.ts";
import { optionsOf } from "./core/options.ts";
import { quietable } from "./core/quiet.ts";
import { isScopeNode, ScopeNode } from "./core/scope_node.ts";
import type { CancelSource, Source } from "./core/source.ts";
import { callable, flag, optionalText, point } from "./core/validate.ts";
import { InvalidStateError } from "./errors.ts";
import type { CancelReason } from "./reason.ts";
import {
  type FallbackOptions,
  type ScopeBody,
  type ScopeContext,
  ScopeNodeContext,
} from "./scope_context.ts";

/** Options of `new CancelScope()`. */
export interface CancelScopeOptions {
  /** The name in errors and reports. */
  name?: string | undefined;
  /**
   * When the scope is cancelled, on the clock of `currentTime()`.
   * Default: `Infinity`, never.
   */
  deadline?: number | undefined;
  /** Whether cancellation from outside stops at the scope. Default: `false`. */
  shield?: boolean | undefined;
  /**
   * One more source whose cancellation reaches the scope. Where the current
   * task isn't known, it is what the scope lies in; `null` says that there is
   * none.
   */
  signal?: CancelSource | null | undefined;
}

/**
 * A region of code that can be cancelled as one: what trio and anyio call by
 * the same name.
 *
 * - It is entered once, with `run()`; everything that its body awaits and
 *   starts belongs to it.
 * - It swallows its own cancellation and nothing else: `run()` resolves with
 *   `undefined` then. Cancellation from outside passes through, also when the
 *   scope was cancelled as well.
 * - It may be cancelled before it is entered; the body then starts with an
 *   aborted signal.
 * - Its cancellation is level-triggered: every later wait inside rejects too.
 *
 * @example
 * Giving up on a part of the work
 * ```ts
 * import { CancelScope, sleep } from "@mdc/tasks";
 *
 * const scope = new CancelScope();
 * setTimeout(() => scope.cancel("too boring"), 5);
 * const value = await scope.run(() => sleep(60_000));
 * console.log(value); // undefined
 * console.log(scope.cancelCalled && scope.cancelledCaught); // true
 * console.log(scope.reason?.message); // "too boring"
 * ```
 */
export class CancelScope {
  readonly #node: ScopeNode;
  readonly #outside: CancelSource | null | undefined;
  #source: Source | null | undefined;
  #disarm: (() => void) | undefined;
  #state: "new" | "entered" | "left" = "new";
  #caught = false;

  /**
   * Makes a scope that has not been entered.
   *
   * @param options Its name, deadline and shield, and what it lies in.
   * @throws {TypeError} If an option has the wrong type.
   * @throws {RangeError} If the deadline is `NaN`.
   */
  constructor(options: CancelScopeOptions = {}) {
    const { name, deadline = Infinity, shield = false, signal } = optionsOf<
      CancelScopeOptions
    >(options, "CancelScope", ["name", "deadline", "shield", "signal"]);
    optionalText(name, "name");
    // An event has another node after clear(): it is read again on entering.
    sourceOption(this.#outside = signal, "CancelScope");
    this.#node = new ScopeNode(name, "scope");
    this.#node.deadline = point(deadline);
    flag(shield, "shield");
    if (shield) this.#node.bits |= SHIELDED;
  }

  /** Internal: its place in the tree. */
  get "~node"(): object {
    return this.#node;
  }
  /** Its name. */
  get name(): string {
    return this.#node.name;
  }
  /** Aborts when the scope is cancelled, from inside or outside. */
  get signal(): AbortSignal {
    return this.#node.signal;
  }
  /** Whether it was asked to cancel: by `cancel()` or its own deadline. */
  get cancelCalled(): boolean {
    return this.#node.called;
  }
  /** Whether it swallowed its own cancellation when it was left. */
  get cancelledCaught(): boolean {
    return this.#caught;
  }
  /** Why it is cancelled, be it by itself or from outside. */
  get reason(): CancelReason | undefined {
    return this.#node.record?.reason;
  }

  /**
   * When it is cancelled, on the clock of `currentTime()`. It can be moved at
   * any time; a point in the past cancels at once.
   */
  get deadline(): number {
    return this.#node.deadline;
  }
  set deadline(deadline: number) {
    this.#node.deadline = point(deadline);
    if (this.#state === "entered") this.#arm();
  }

  /**
   * Whether cancellation from outside stops here. Turning it off delivers a
   * cancellation that is pending at once. Turning it on doesn't take back one
   * that has come in: signals stay aborted.
   */
  get shield(): boolean {
    return (this.#node.bits & SHIELDED) !== 0;
  }
  set shield(shield: boolean) {
    flag(shield, "shield");
    if (shield) {
      this.#node.bits |= SHIELDED;
      return;
    }
    this.#node.bits &= ~SHIELDED;
    inherit(this.#node);
    const given = passedOn(this.#source ?? undefined);
    if (given !== undefined && this.#state === "entered") {
      cancelTree(this.#node, given);
    }
  }

  /**
   * Cancels everything in the scope, and returns at once.
   *
   * @param reason Why: a text, or an `Error` that reaches everybody as it is.
   * @returns Whether the request was made, again or for the first time:
   * `false` if the scope has been left.
   * @throws {TypeError} If `reason` is neither text nor `Error`.
   */
  cancel(reason?: string | Error): boolean {
    const argument = cancelArgument(reason);
    if (this.#state === "left") return false;
    const source = currentNode()?.origin;
    this.#node.cancelOwn(requestOf(argument, source, this.cancel));
    return true;
  }

  /**
   * Enters the scope, runs `body` in it, and leaves it when `body` has ended.
   *
   * @typeParam T What `body` returns.
   * @typeParam F The fallback.
   * @param body The work; it gets the scope's own context.
   * @param options What is given if the scope swallowed its own cancellation.
   * @returns What `body` returned, or the fallback (`undefined` if there is
   * none) if the scope swallowed its own cancellation. Rejects with whatever
   * else `body` threw, and with an `InvalidStateError` if a scope that was
   * entered inside is still running.
   * @throws {TypeError} If `body` is no function or an option is unknown.
   * @throws {InvalidStateError} If the scope was entered before.
   */
  run<T, F = undefined>(
    body: ScopeBody<T>,
    options?: FallbackOptions<F>,
  ): Promise<T | F> {
    callable(body, "the body of a scope");
    const { fallback } = optionsOf<FallbackOptions<F>>(options, "run()", [
      "fallback",
    ]);
    if (this.#state !== "new") {
      const within = currentNode();
      const where = isScopeNode(within) ? ` (from scope "${within.name}")` : "";
      throw new InvalidStateError(
        `Cannot enter scope "${this.name}"${where}: it was entered before`,
      );
    }
    return this["~run"](body, () => fallback as F);
  }

  /**
   * Internal: enters a new scope and runs `body` in it.
   *
   * @param caught Gives the value in place of a cancellation of its own, or
   * throws; if it throws that cancellation, it says `quietly` before.
   * @param left Is called when the scope has been left.
   */
  "~run"<T, F>(
    body: ScopeBody<T>,
    caught: (error: unknown, quietly: () => void) => F,
    left?: () => void,
  ): Promise<T | F> {
    this.#state = "entered";
    const node = this.#node;
    const source = this.#source = sourceOption(this.#outside, "CancelScope");
    const unfollow = hang(node, source, `scope "${this.name}"`);
    this.#arm();
    return quietable(async (quietly) => {
      try {
        const context = new ScopeNodeContext(node, this);
        const value = await runIn(node, body, context as ScopeContext);
        const misnested = node.misnested();
        if (misnested !== undefined) throw misnested;
        return value;
      } catch (error) {
        node.misnested();
        const given = this.shield ? undefined : passedOn(source ?? undefined);
        const own = node.owns(error);
        const outer = own ? node.outer ?? given : undefined;
        if (own && outer === undefined) {
          this.#caught = true;
          return caught(error, quietly);
        }
        const thrown = outer?.error ?? error;
        if (wasAskedOf(thrown, node) || (given && isOf(thrown, given))) {
          quietly();
        }
        throw thrown;
      } finally {
        this.#state = "left";
        this.#disarm?.();
        unfollow();
        end(node);
        left?.();
      }
    });
  }

  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const node = this.#node;
    if (node.deadline === Infinity) return;
    if (node.deadline <= now()) return node.due();
    this.#disarm = scheduleAt(node.deadline, () => node.due());
  }
}
