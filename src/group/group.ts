import { requestOf } from "../core/asking.ts";
import { cancelArgument } from "../core/cancel_argument.ts";
import { currentNode, runIn } from "../core/current.ts";
import { rememberCreation } from "../core/diagnostics.ts";
import { hang } from "../core/hang.ts";
import { DONE } from "../core/node.ts";
import { quietable, rejectQuietly } from "../core/quiet.ts";
import { ScopeNode } from "../core/scope_node.ts";
import { recordOf } from "../core/source.ts";
import { callable } from "../core/validate.ts";
import { callerOf } from "../core/waiter.ts";
import type { CancelReason } from "../reason.ts";
import {
  NodeContext,
  type TaskBody,
  type TaskContext,
} from "../task/context.ts";
import { start } from "../task/start.ts";
import type { Task } from "../task/task.ts";
import { Ending } from "./ending.ts";
import { Members } from "./members.ts";
import {
  checkChild,
  checkGroup,
  runOptions,
  type SpawnOptions,
  type Started,
  type StartOptions,
  type TaskGroupOptions,
  type TaskGroupRunOptions,
} from "./options.ts";
import { untilReady } from "./readiness.ts";

/** The body of a group. It gets the group and a context of its scope. */
export type GroupBody<T> = (
  group: TaskGroup,
  context: TaskContext,
) => T | PromiseLike<T>;

/**
 * Owns tasks that belong together: asyncio's `TaskGroup`, trio's nursery.
 * Leaving it waits for all its children; the first failure cancels the rest.
 *
 * - Errors of children and of the body come out as one `AggregateError`, also
 *   if it is only one, in the order in which they happened; the first of them
 *   is its `cause`. {@linkcode findError} looks through them.
 * - Errors beat cancellation. A cancelled child is silent.
 * - Cancellation from outside reaches all children; the group waits for their
 *   cleanup and then rejects with it. With a `grace` it waits no longer than
 *   that; a {@linkcode StuckError} names who is left behind.
 * - Finished children are forgotten at once.
 *
 * @example
 * Two at a time
 * ```ts
 * import { sleep, TaskGroup } from "@mdc/tasks";
 *
 * const sum = await TaskGroup.run(async (group) => {
 *   const a = group.spawn(() => sleep(2).then(() => 1));
 *   const b = group.spawn(() => sleep(1).then(() => 2));
 *   return await a + await b;
 * });
 * console.log(sum); // 3
 * ```
 */
export class TaskGroup implements AsyncDisposable {
  readonly #node: ScopeNode;
  readonly #members: Members;
  readonly #ending: Ending;

  /**
   * Opens a group for `await using`. Prefer {@linkcode TaskGroup.run}: a group
   * opened like this can't cancel the code around it, and when it is disposed
   * of it can't know whether that code has thrown. So disposing of it cancels
   * the children and waits for them; `await group.join()` is the way to wait
   * for them to end by themselves. A group with which neither is done stays in
   * the tree.
   *
   * @param options Its name, its grace, and what it belongs to.
   * @throws {TypeError} If an option has the wrong type.
   * @throws {RangeError} If the grace is `NaN` or negative.
   */
  constructor(options?: TaskGroupOptions) {
    const { name, grace, source } = checkGroup(options, "TaskGroup");
    const node = this.#node = new ScopeNode(name, "group");
    const unfollow = hang(node, source, "a TaskGroup");
    const members = this.#members = new Members(node, grace);
    this.#ending = new Ending({ node, members, source, grace, unfollow });
  }

  /**
   * Runs `body` with a group of its own and leaves the group when `body` and
   * all children have ended.
   *
   * @example
   * A failure stops the others
   * ```ts
   * import { sleep, TaskGroup } from "@mdc/tasks";
   *
   * const error = await TaskGroup.run((group) => {
   *   group.spawn(() => sleep(60_000));
   *   group.spawn(() => Promise.reject(new Error("disk full")));
   * }).catch((error) => error);
   * console.log(error.errors.map((each: Error) => each.message));
   * // ["disk full"]
   * ```
   *
   * @typeParam T What `body` returns.
   * @typeParam F What the fallback is.
   * @param body The work of the group's owner. It gets the group and a context
   * that listens to the group: a failure of a child ends its waits.
   * @param options Its name, its grace, what it belongs to, and the result if
   * `group.cancel()` cut the body short.
   * @returns What `body` returned, or the fallback if `group.cancel()` cut it
   * short. Rejects with an `AggregateError` if anything failed, and with the
   * outer cancellation if that cut something short.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   * @throws {RangeError} If the grace is `NaN` or negative.
   */
  static run<T, F = undefined>(
    body: GroupBody<T>,
    options?: TaskGroupRunOptions<F>,
  ): Promise<T | F> {
    callable(body, "the body of TaskGroup.run()");
    const { fallback, ...own } = runOptions<F>(options);
    const group = new TaskGroup(own);
    return quietable((quietly) => group.#run(body, fallback as F, quietly));
  }

  /** Internal: its place in the tree. */
  get "~node"(): object {
    return this.#node;
  }
  /** Its name. */
  get name(): string {
    return this.#node.name;
  }
  /** How many children run. */
  get size(): number {
    return this.#members.size;
  }
  /** Aborts when the group is cancelled, from inside or outside. */
  get signal(): AbortSignal {
    return this.#node.signal;
  }
  /** Why the group is cancelled, if it is. */
  get reason(): CancelReason | undefined {
    return this.#node.record?.reason;
  }

  /**
   * Starts a child. Its failure cancels the group.
   *
   * @typeParam T What the body returns.
   * @param body The work; it gets the task's own side of it.
   * @param options Its name, and whether it is a service.
   * @returns The running task.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   * @throws {InvalidStateError} If the group is cancelled or has ended; the
   * body is not started then.
   */
  spawn<T>(body: TaskBody<T>, options?: SpawnOptions): Task<T> {
    callable(body, "the body of spawn()");
    const checked = checkChild(options, "spawn()");
    const task = this.#members.prepare<T>(body.name, checked);
    rememberCreation(task, this.spawn);
    start(task, body);
    return task as Task<T>;
  }

  /**
   * Starts a child and waits until it says that it is ready. An error before
   * that goes to the caller of `start()` alone; afterwards it is an ordinary
   * child.
   *
   * @example
   * A server that listens before it is used
   * ```ts
   * import { type Started, TaskGroup } from "@mdc/tasks";
   *
   * await TaskGroup.run(async (group) => {
   *   const port = await group.start(
   *     async (context, started: Started<number>) => {
   *       started(8080);
   *       await context.sleep(60_000);
   *     },
   *     { service: true },
   *   );
   *   console.log(port); // 8080
   * });
   * ```
   *
   * @typeParam R What the child is ready with: said by the type of `started`,
   * nothing by default.
   * @param body The work; it calls `started(value)` once when it is ready.
   * @param options Its name, whether it is a service, and who waits.
   * @returns What the child is ready with. Rejects with what the child threw
   * before, with an `InvalidStateError` if it ended without being ready, and
   * with the cancellation of the caller, which cancels the child.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   * @throws {InvalidStateError} If the group is cancelled or has ended.
   */
  start<R>(
    body: (context: TaskContext, started: Started<R>) => unknown,
    options?: StartOptions,
  ): Promise<R> {
    callable(body, "the body of start()");
    const checked = checkChild(options, "start()", "signal");
    const { source = callerOf("start()") } = checked;
    const caller = source ?? undefined;
    const record = recordOf(caller);
    if (record !== undefined && caller !== this.#node) {
      return rejectQuietly(record.error);
    }
    const task = this.#members.prepare<unknown>(body.name, checked);
    rememberCreation(task, this.start);
    return untilReady(task, this.#members, caller, body);
  }

  /**
   * Cancels body and children. The group ends quietly if no cleanup fails.
   *
   * @param reason Why: a text, or an `Error` that reaches everybody as it is.
   * @returns Whether the request was made: `false` if the group has ended.
   * @throws {TypeError} If `reason` is neither text nor `Error`.
   */
  cancel(reason?: string | Error): boolean {
    const argument = cancelArgument(reason);
    const node = this.#node;
    if ((node.bits & DONE) !== 0) return false;
    node.cancelOwn(requestOf(argument, currentNode()?.origin, this.cancel));
    return true;
  }

  /**
   * Waits until all children have ended and closes the group: only needed after
   * `new TaskGroup()`.
   *
   * @returns A promise that rejects with an `AggregateError` if a child
   * failed, and with the outer cancellation if that cut a child short.
   */
  join(): Promise<void> {
    return quietable(async (quietly) => {
      this.#members.mustNotBeCaller();
      await this.#ending.close();
      this.#ending.conclude(quietly, false);
    });
  }

  /**
   * Cancels the running children, waits for them, and closes the group. Rejects
   * with an `AggregateError` if one failed and `join()` wasn't called.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const { closing } = this.#ending;
    if (closing !== undefined) return await closing;
    this.cancel("its group was disposed of");
    this.#members.mustNotBeCaller();
    await this.#ending.close();
    this.#ending.throwErrors();
  }

  async #run<T, F>(
    body: GroupBody<T>,
    fallback: F,
    quietly: () => void,
  ): Promise<T | F> {
    const node = this.#node;
    const ending = this.#ending;
    let value: T | F = fallback;
    let wasCut = false;
    let selfMade: { readonly error: unknown } | undefined;
    try {
      const context: TaskContext = new NodeContext(node);
      const work = runIn(node, body, this as TaskGroup, context);
      value = await ending.body(work, fallback);
      if (!ending.bodyIsStuck) this.#members.leaveInOrder();
    } catch (error) {
      wasCut = true;
      if (ending.wasAsked(error)) {
        // The others are stopping too.
      } else if (ending.isOwn(error)) {
        selfMade = { error };
        this.cancel("its body was cancelled");
      } else this.#members.failBody(error);
      node.misnested();
    }
    await ending.close();
    ending.conclude(quietly, wasCut);
    if (selfMade !== undefined) throw selfMade.error;
    return value;
  }
}
