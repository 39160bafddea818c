import {
  CancelledError,
  CancelScope,
  type CancelSource,
  configure,
  currentTime,
  findError,
  isCancellation,
  type Task,
  type TaskContext,
  TimeoutError,
} from "../../mod.ts";

/** What is told of a request that failed. */
export interface FailedRequest {
  /** What its handler threw. */
  readonly error: unknown;
  /** The name of its task: method and path. */
  readonly name: string;
  /** The id of its task. */
  readonly id: number;
}

/** Options of what makes a task of each request. */
export interface RequestOptions {
  /**
   * How long a request may take, in milliseconds; then its handler is cancelled,
   * and it is answered with 504. Default: no limit.
   */
  timeout?: number | undefined;
}

/** Options of {@linkcode handleRequests}. */
export interface HandleRequestsOptions extends RequestOptions {
  /**
   * When to drain: no new connections, 503 for requests on those that are open,
   * and the end when the last request has. Usually `context.shutdown` of
   * `run()`. Without it, it goes on until it is cancelled.
   */
  shutdown?: CancelSource | undefined;
  /**
   * How long cancelled requests may take to clean up and to answer, in
   * milliseconds. Default: 1000.
   */
  grace?: number | undefined;
  /**
   * Is told of each request whose handler failed with an error of its own,
   * which is answered with 500. Default: it is an unobserved failure, as
   * `configure({ onUnobservedFailure })` has it.
   */
  onError?: ((failed: FailedRequest) => void) | undefined;
  /** Whose cancellation ends it. The default is the current task or scope. */
  signal?: CancelSource | null | undefined;
}

/** What statuses that the library answers with are called. */
const TEXTS: Readonly<Record<number, string>> = {
  500: "Internal Server Error",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** What an answer says that the library gives. */
export function statusText(status: number): string {
  return `${status} ${TEXTS[status]}\n`;
}

/**
 * The status of an answer to a request that failed: 503 if it was cancelled, 504
 * if a time limit was over, 500 otherwise. It also looks through an
 * `AggregateError`.
 *
 * @example
 * What a handler's error means
 * ```ts
 * import { failAfter, sleep } from "@mdc/tasks";
 * import { httpStatusOf } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const late = await failAfter(1, () => sleep(60_000)).catch((error) => error);
 * assertEquals(httpStatusOf(late), 504);
 * assertEquals(httpStatusOf(new Error("disk full")), 500);
 * ```
 *
 * @param error What the handler threw.
 * @returns 503, 504 or 500.
 */
export function httpStatusOf(error: unknown): 500 | 503 | 504 {
  if (findError(error, TimeoutError) !== undefined) return 504;
  // The limit may have ended by now, and be nobody's cancellation any more.
  if (isTimeUp(error)) return 504;
  return isCancellation(error) ? 503 : 500;
}

/** Whether a cancellation comes from a limit, whose error comes later. */
function isTimeUp(error: unknown): boolean {
  let reason = error instanceof CancelledError ? error.reason : undefined;
  while (reason !== undefined && reason.kind !== "timeout") {
    reason = reason.cause;
  }
  return reason !== undefined;
}

/** Runs the work on a request within its time, in a scope of the same name. */
export async function limited<T>(
  timeout: number,
  context: TaskContext,
  work: (context: TaskContext) => T | PromiseLike<T>,
): Promise<T> {
  if (timeout === Infinity) return await work(context);
  const scope = new CancelScope({
    name: context.name,
    deadline: currentTime() + timeout,
    signal: context,
  });
  const value = await scope.run(work);
  if (!scope.cancelledCaught) return value as T;
  throw new TimeoutError(`Timed out after ${timeout} ms`, {
    cause: scope.signal.reason,
  });
}

/** Method and path, which name the task of a request. */
export function requestName(
  method: string | undefined,
  url: string | undefined,
): string {
  // No host has to be known for it.
  const { pathname } = new URL(url ?? "/", "http://localhost");
  return `${method ?? "GET"} ${pathname}`;
}

/** Tells of the failure of a request, at once: its server may run for long. */
export function tellFailure(
  task: Task,
  error: unknown,
  onError: HandleRequestsOptions["onError"],
): void {
  const { name, id } = task;
  const tell = onError ?? configure({}).onUnobservedFailure;
  tell({ name, id, error });
}
