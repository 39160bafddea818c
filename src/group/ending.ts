import { isSelfMade, leftScopeOf, wasAskedOf } from "../core/asked.ts";
import { rememberWait } from "../core/diagnostics.ts";
import { reportError } from "../core/failures.ts";
import { comesDown } from "../core/follow.ts";
import type { ScopeNode } from "../core/scope_node.ts";
import { isCancelledError, looksAborted } from "../core/shapes.ts";
import { recordOf, type Source } from "../core/source.ts";
import type { Task } from "../task/task.ts";
import { groupError } from "./group_error.ts";
import type { Members } from "./members.ts";
import { type StuckError, stuckError } from "./stuck_error.ts";

/** What a group is made of, as far as its end has to know. */
export interface Ingredients {
  readonly node: ScopeNode;
  readonly members: Members;
  readonly source: Source | null | undefined;
  readonly grace: number;
  /** Ends the following of the source. */
  readonly unfollow: () => void;
}

/** How a group ends: when, and with what. */
export class Ending {
  readonly #of: Ingredients;
  #closing: Promise<void> | undefined;
  #stuck: StuckError | undefined;
  /** Whether the body has not ended in time. */
  bodyIsStuck = false;

  constructor(of: Ingredients) {
    this.#of = of;
  }

  /** The end of all children, if somebody waits for it already. */
  get closing(): Promise<void> | undefined {
    return this.#closing;
  }

  /** Waits for the body, as long as the grace of the group allows. */
  body<T, F>(
    work: T | PromiseLike<T>,
    fallback: F,
  ): T | PromiseLike<T> | Promise<T | F> {
    if (this.#of.grace === Infinity) return work;
    return new Promise<T | F>((resolve, reject) => {
      this.#of.members.awaited(() => {
        this.bodyIsStuck = true;
        resolve(fallback);
      });
      Promise.resolve(work).then(resolve, (error) => {
        if (this.bodyIsStuck) this.#late(error);
        else reject(error);
      });
    });
  }

  /** A body that was left behind has failed: nobody else will see it. */
  #late(error: unknown): void {
    if (wasAskedOf(error, this.#of.node) || looksAborted(error)) return;
    const { origin, name } = this.#of.node;
    reportError(origin ?? { name, id: -1 }, error);
  }

  /** Waits for the end of all children and leaves the tree. */
  close(): Promise<void> {
    const { node } = this.#of;
    this.#closing ??= this.#of.members.join().then((left) => {
      const { unfollow, grace } = this.#of;
      unfollow();
      if (left.length === 0 && !this.bodyIsStuck) return;
      const tasks = left as unknown as Task[];
      this.#stuck = stuckError(node.name, grace, tasks, this.bodyIsStuck);
    });
    return rememberWait(
      this.#closing,
      node,
      `group "${node.name}"`,
      node,
    );
  }

  /** Whether the body was only stopped, by the group or from outside. */
  wasAsked(error: unknown): boolean {
    const { node, members } = this.#of;
    return wasAskedOf(error, node) ||
      (node.record !== null && members.refused(error));
  }

  /** Whether the body has cancelled itself: by its own error, or a scope's. */
  isOwn(error: unknown): boolean {
    if (!isCancelledError(error)) return false;
    const { origin } = this.#of.node;
    return isSelfMade(error) ||
      (origin !== undefined && leftScopeOf(error) === origin);
  }

  /** Throws what failed, or the outer cancellation that cut something short. */
  conclude(quietly: () => void, wasCut: boolean): void {
    this.throwErrors();
    const { node, members } = this.#of;
    const { record, own, outer } = node;
    const outside = own === null ? record : outer ?? this.#given();
    if (!outside || !(wasCut || members.interrupted)) return;
    quietly();
    throw outside.error;
  }

  /** The cancellation of the source that was given, as it comes down. */
  #given(): ReturnType<typeof recordOf> {
    const source = this.#of.source ?? undefined;
    const record = recordOf(source);
    return record === undefined ? undefined : comesDown(source, record);
  }

  throwErrors(): void {
    const { node, members } = this.#of;
    const { errors } = members;
    const all = this.#stuck === undefined ? errors : [...errors, this.#stuck];
    if (all.length > 0) throw groupError(node.name, all);
  }
}
