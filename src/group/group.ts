import { cancelArgument } from "../core/cancel_argument.ts";
import { inherit } from "../core/cancel_tree.ts";
import { fromArgument } from "../core/cancellation.ts";
import { currentNode, runIn } from "../core/current.ts";
import { rememberCheckpoint, rememberCreation } from "../core/diagnostics.ts";
import { end } from "../core/end.ts";
import { DONE, link, root } from "../core/node.ts";
import { ScopeNode } from "../core/scope_node.ts";
import { recordOf } from "../core/source.ts";
import { callable, optionalText, optionsObject } from "../core/validate.ts";
import { isCancellation } from "../is_cancellation.ts";
import type { CancelReason } from "../reason.ts";
import type { TaskBody, TaskContext } from "../task/context.ts";
import { start } from "../task/start.ts";
import type { Task } from "../task/task.ts";
import { groupError } from "./group_error.ts";
import { Members } from "./members.ts";
import { untilReady } from "./readiness.ts";

/** Options of `TaskGroup.run()`. */
export interface TaskGroupOptions {
  /** The name in errors and reports. */
  name?: string | undefined;
}

/** Options of `group.spawn()`. */
export interface SpawnOptions {
  /** The name in reports and reasons. Default: the name of the body. */
  name?: string | undefined;
  /**
   * Whether it serves the other children: the group doesn't wait for it, but
   * cancels it when all ordinary children are done, in reverse order of start.
   * Default: `false`.
   */
  service?: boolean | undefined;
}

/**
 * Owns tasks that belong together: asyncio's `TaskGroup`, trio's nursery.
 * Leaving it waits for all its children; the first failure cancels the rest.
 *
 * - Errors of children and of the body come out as one `AggregateError`, also
 *   if it is only one, in the order in which they happened.
 * - Errors beat cancellation. A cancelled child is silent.
 * - Cancellation from outside reaches all children; the group waits for their
 *   cleanup and then rejects with it.
 * - Finished children are forgotten at once.
 *
 * @example Two at a time
 * ```ts
 * import { sleep, TaskGroup } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = await TaskGroup.run(async (group) => {
 *   const a = group.spawn(() => sleep(2).then(() => 1));
 *   const b = group.spawn(() => sleep(1).then(() => 2));
 *   return await a + await b;
 * });
 * assertEquals(sum, 3);
 * ```
 */
export class TaskGroup implements AsyncDisposable {
  readonly #node: ScopeNode;
  readonly #members: Members;
  #joining: Promise<void> | undefined;

  /**
   * Opens a group for `await using`. Prefer {@linkcode TaskGroup.run}: a group
   * opened like this can't cancel the code around it, and when it is disposed
   * of it can't know whether that code has thrown. So disposing of it cancels
   * the children and waits for them; `await group.join()` is the way to wait
   * for them to end by themselves.
   *
   * @param options Its name.
   * @throws {TypeError} If an option has the wrong type.
   */
  constructor(options: TaskGroupOptions = {}) {
    optionsObject(options, "TaskGroup");
    const { name } = options;
    optionalText(name, "name");
    this.#node = new ScopeNode(name, "group", "group");
    this.#members = new Members(this.#node);
    link(currentNode() ?? root, this.#node);
    inherit(this.#node);
  }

  /**
   * Runs `body` with a group of its own and leaves the group when `body` and
   * all children have ended.
   *
   * @example A failure stops the others
   * ```ts
   * import { sleep, TaskGroup } from "@mdc/tasks";
   * import { assertEquals, assertRejects } from "@std/assert";
   *
   * const error = await assertRejects(() =>
   *   TaskGroup.run((group) => {
   *     group.spawn(() => sleep(60_000));
   *     group.spawn(() => Promise.reject(new Error("disk full")));
   *   }), AggregateError);
   * assertEquals(error.errors.map((each) => each.message), ["disk full"]);
   * ```
   *
   * @typeParam T What `body` returns.
   * @param body The work of the group's owner.
   * @param options Its name.
   * @returns What `body` returned, or `undefined` if `group.cancel()` cut it
   * short. Rejects with an `AggregateError` if anything failed, and with the
   * outer cancellation if that cut something short.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   */
  static run<T>(
    body: (group: TaskGroup) => T | PromiseLike<T>,
    options: TaskGroupOptions = {},
  ): Promise<T | undefined> {
    callable(body, "the body of TaskGroup.run()");
    return new TaskGroup(options).#run(body);
  }

  /** Internal: its place in the tree. */
  get "~node"(): object {
    return this.#node;
  }
  /** Its name. */
  get name(): string {
    return this.#node.name;
  }
  /** How many children are running. */
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
  spawn<T>(body: TaskBody<T>, options: SpawnOptions = {}): Task<T> {
    callable(body, "the body of spawn()");
    const task = this.#members.prepare<T>(body.name, options);
    rememberCreation(task, this.spawn);
    start(task, body);
    return task as Task<T>;
  }

  /**
   * Starts a child and waits until it says that it is ready. An error before
   * that goes to the caller of `start()` alone; afterwards it is an ordinary
   * child.
   *
   * @example A server that listens before it is used
   * ```ts
   * import { TaskGroup } from "@mdc/tasks";
   * import { assertEquals } from "@std/assert";
   *
   * await TaskGroup.run(async (group) => {
   *   const port = await group.start<number>(async (context, started) => {
   *     started(8080);
   *     await context.sleep(60_000);
   *   }, { service: true });
   *   assertEquals(port, 8080);
   * });
   * ```
   *
   * @typeParam R What the child is ready with.
   * @param body The work; it calls `started(value)` once when it is ready.
   * @param options Its name, and whether it is a service.
   * @returns What the child is ready with. Rejects with what the child threw
   * before, with an `InvalidStateError` if it ended without being ready, and
   * with the cancellation of the caller, which cancels the child.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   * @throws {InvalidStateError} If the group is cancelled or has ended.
   */
  start<R>(
    body: (context: TaskContext, started: (value: R) => void) => unknown,
    options: SpawnOptions = {},
  ): Promise<R> {
    callable(body, "the body of start()");
    const caller = currentNode();
    const record = recordOf(caller);
    if (record !== undefined && caller !== this.#node) {
      return Promise.reject(record.error);
    }
    const task = this.#members.prepare<unknown>(body.name, options);
    rememberCreation(task, this.start);
    return untilReady(task, this.#members, caller, body);
  }

  /**
   * Cancels the body and all children. The group then ends quietly, unless
   * something fails in its cleanup.
   *
   * @param reason Why: a text, or an `Error` that reaches everybody as it is.
   * @returns Whether the request was made: `false` if the group has ended.
   * @throws {TypeError} If `reason` is neither text nor `Error`.
   */
  cancel(reason?: string | Error): boolean {
    const argument = cancelArgument(reason);
    if ((this.#node.bits & DONE) !== 0) return false;
    this.#node.cancelOwn(fromArgument(argument, currentNode()?.origin));
    return true;
  }

  /**
   * Waits until all children have ended and closes the group. Only needed for
   * a group that was opened with `new TaskGroup()`.
   *
   * @returns A promise that rejects with an `AggregateError` if a child
   * failed, and with the outer cancellation if that cut a child short.
   */
  async join(): Promise<void> {
    this.#members.mustNotBeCaller();
    await this.#close();
    this.#conclude();
  }

  /**
   * Cancels the children that are running, waits for them, and closes the
   * group. Rejects with an `AggregateError` if one failed and `join()` wasn't
   * called.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#joining !== undefined) return await this.#joining;
    this.cancel("its group was disposed of");
    this.#members.mustNotBeCaller();
    await this.#close();
    this.#throwErrors();
  }

  async #run<T>(
    body: (group: TaskGroup) => T | PromiseLike<T>,
  ): Promise<T | undefined> {
    let value: T | undefined;
    let interruption: unknown;
    let foreign = false;
    try {
      value = await runIn(this.#node, body, this as TaskGroup);
      const misnested = this.#node.misnested();
      if (misnested !== undefined) throw misnested;
    } catch (error) {
      this.#node.misnested();
      interruption = error;
      foreign = !this.#isCancellation(error);
      if (foreign) {
        if (isCancellation(error)) this.cancel("its body was cancelled");
        else this.#members.fail(error, "its body failed");
      }
    }
    await this.#close();
    this.#conclude(interruption);
    // A cancellation that is none of the group's: the body waited for others.
    if (foreign) throw interruption;
    return value;
  }

  /** Whether the body was only stopped, by this group or from outside. */
  #isCancellation(error: unknown): boolean {
    const { record } = this.#node;
    return record !== null &&
      (error === record.error || this.#node.owns(error) ||
        this.#node.inherits(error) || this.#members.refused(error));
  }

  #close(): Promise<void> {
    rememberCheckpoint(this.#node, `group "${this.name}"`, this.#node);
    this.#joining ??= this.#members.join().finally(() => end(this.#node));
    return this.#joining;
  }

  #conclude(interruption?: unknown): void {
    this.#throwErrors();
    const { record, own, outer } = this.#node;
    const outside = own === null ? record : outer;
    if (!outside) return;
    if (interruption !== undefined || this.#members.interrupted) {
      throw outside.error;
    }
  }

  #throwErrors(): void {
    const { errors } = this.#members;
    if (errors.size > 0) throw groupError(this.name, [...errors]);
  }
}
