/**
 * The everyday half of asynchronous programs: retry, limits, channels,
 * intervals, pools and servers, each a cancellation point of the innermost
 * scope. It is built on the public names of `@mdc/tasks` alone, and each import
 * is paid for by itself.
 *
 * @example
 * Three attempts, at most two at a time
 * ```ts
 * import { map } from "@mdc/tasks";
 * import { retry } from "@mdc/tasks/flow";
 *
 * const flaky = (item: number, attempt: number) => {
 *   if (attempt < item) throw new Error("not yet");
 *   return item * 10;
 * };
 * const values = await map(
 *   [1, 2, 3],
 *   (item) => retry((_, attempt) => flaky(item, attempt), { delay: 1 }),
 *   { concurrency: 2 },
 * );
 * console.log(values); // [10, 20, 30]
 * ```
 *
 * @module
 */

export { Channel } from "./src/flow/channel.ts";
export type { ChannelOptions, Sending } from "./src/flow/channel.ts";
export { ChannelClosedError } from "./src/flow/channel_state.ts";
export { debounce } from "./src/flow/debounce.ts";
export type { DebounceOptions } from "./src/flow/debounce.ts";
export { every } from "./src/flow/every.ts";
export type { EveryBody, EveryOptions, Tick } from "./src/flow/every.ts";
export { handleRequests } from "./src/flow/handle_requests.ts";
export type { RequestHandler } from "./src/flow/handle_requests.ts";
export type {
  FetchHandler,
  FetchServerLike,
  StartServer,
} from "./src/flow/fetch_server.ts";
export type {
  HttpHandler,
  HttpRequestLike,
  HttpResponseLike,
  HttpServerLike,
} from "./src/flow/http_server.ts";
export { fastifyTasks, honoTasks } from "./src/flow/middleware.ts";
export type {
  FastifyLike,
  FastifyPlugin,
  FastifyReplyLike,
  HonoContextLike,
  MiddlewareOptions,
} from "./src/flow/middleware.ts";
export { httpStatusOf } from "./src/flow/request_task.ts";
export type {
  FailedRequest,
  HandleRequestsOptions,
  RequestOptions,
} from "./src/flow/request_task.ts";
export type { Items } from "./src/flow/iterate.ts";
export { KeyedLimiter } from "./src/flow/keyed_limiter.ts";
export { Lock } from "./src/flow/lock.ts";
export { merge } from "./src/flow/merge.ts";
export type { Paced, PacedOptions } from "./src/flow/paced.ts";
export type { Permit } from "./src/flow/permit.ts";
export { pipe } from "./src/flow/pipe.ts";
export type { PipeOptions } from "./src/flow/pipe.ts";
export { Pool } from "./src/flow/pool.ts";
export type { Lease, PoolOptions } from "./src/flow/pool_options.ts";
export { RateLimiter } from "./src/flow/rate_limiter.ts";
export type {
  RateLimiterOptions,
  TurnOptions,
} from "./src/flow/rate_limiter.ts";
export { resource } from "./src/flow/resource.ts";
export type { ResourceOptions } from "./src/flow/resource.ts";
export { earlierErrors, retry } from "./src/flow/retry.ts";
export type {
  FailedAttempt,
  RetryBody,
  RetryOptions,
} from "./src/flow/retry.ts";
export { select } from "./src/flow/select.ts";
export type {
  SelectCase,
  Selected,
  SelectedBy,
  SelectedClosed,
} from "./src/flow/select.ts";
export { Semaphore } from "./src/flow/semaphore.ts";
export type { AcquireOptions, WeightOptions } from "./src/flow/semaphore.ts";
export { throttle } from "./src/flow/throttle.ts";
export type { ThrottleOptions } from "./src/flow/throttle.ts";
