import {
  AsyncEvent,
  moveOnAfter,
  shield,
  TaskTracker,
  type WaitOptions,
} from "../../mod.ts";
import { callable, optionsOf, time, unexpected } from "./arguments.ts";
import {
  type FetchHandler,
  fetching,
  type StartServer,
} from "./fetch_server.ts";
import {
  emitting,
  type HttpHandler,
  type HttpServerLike,
} from "./http_server.ts";
import { handled, quietly } from "./quiet.ts";
import type { HandleRequestsOptions } from "./request_task.ts";
import type { Accepting, Serving } from "./serving.ts";

/** What handles the requests of a server, by its kind. */
export type RequestHandler<S> = S extends StartServer ? FetchHandler
  : HttpHandler;

/** Serves until it is told to drain, and then until the last request. */
async function serve(
  begin: (accepting: Accepting) => Serving,
  options: HandleRequestsOptions,
): Promise<void> {
  const { shutdown, timeout = Infinity, grace = 1000, onError } = options;
  const waiting: WaitOptions = { signal: options.signal };
  const requests = new TaskTracker();
  const ended = new AsyncEvent();
  const stop = AsyncEvent.any(
    shutdown === undefined ? [ended] : [shutdown, ended],
  );
  let over = false;
  const isDraining = () => over || stop.isSet;
  const serving = begin({
    requests,
    timeout,
    grace,
    onError,
    isDraining,
    ended,
  });
  let closed: Promise<void> | undefined;
  const drain = () => {
    over = true;
    if (closed === undefined) {
      closed = serving.close();
      // It is looked at in the end.
      handled(closed);
    }
    return closed;
  };
  let reason: Error | undefined;
  try {
    await stop.wait(waiting);
    void drain();
    await requests.drain(waiting);
  } catch (error) {
    if (error instanceof Error) reason = error;
    throw error;
  } finally {
    stop[Symbol.dispose]();
    const closing = drain();
    // They have been cancelled with their owner, where that is known.
    await requests.cancelAll({ timeout: grace, reason });
    // A connection that stays open is left to itself.
    await shield(
      (scope) =>
        moveOnAfter(grace, ({ abortable }) => abortable(closing), {
          signal: scope,
        }),
      waiting,
    );
    requests.close();
    serving.leave();
  }
}

/**
 * Serves HTTP as long as the program runs: each request is a task with its
 * method and path as its name.
 *
 * - It is cancelled when its client goes, and when its time is over (504).
 * - With `shutdown` the server drains: it takes no new connections, answers 503
 *   on those that are open, and ends when the last request has.
 * - When it is cancelled, so are the requests; they have `grace` to clean up
 *   and are answered with 503. Connections are closed at the end.
 * - A handler that fails is answered with 500, unless it has answered, and told
 *   of at once.
 *
 * It takes a server that emits `"request"`, which whoever made it lets listen;
 * its handler gets request and answer. Or it takes what starts a server of the
 * platform's `Request` and `Response`; its handler gets the one and gives the
 * other.
 *
 * @example
 * A server of the platform's requests
 * ```ts
 * import { AsyncEvent, createTask } from "@mdc/tasks";
 * import { handleRequests } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * // Stands for the server of a runtime.
 * let ask = (_: Request) => Promise.resolve(new Response());
 * const start = (fetch: typeof ask) => {
 *   ask = fetch;
 *   return { shutdown: () => Promise.resolve() };
 * };
 * const shutdown = new AsyncEvent();
 * const server = createTask(() =>
 *   handleRequests(start, (_, { name }) => new Response(name), { shutdown })
 * );
 * const response = await ask(new Request("http://localhost/users?id=1"));
 * assertEquals(await response.text(), "GET /users");
 * shutdown.set();
 * assertEquals((await ask(new Request("http://localhost/"))).status, 503);
 * await server;
 * ```
 *
 * @typeParam S What kind of server it is.
 * @param server What emits requests, or what starts a server and gives it.
 * @param handler What answers a request; its context is cancelled with it.
 * @param options When to drain, how long a request may take.
 * @returns A promise that resolves when the server has drained. It rejects with
 * the cancellation of the signal (or of the current task).
 * @throws {TypeError} If an argument is of the wrong type, or an option is
 * unknown or of the wrong type.
 * @throws {RangeError} If a time is `NaN` or negative.
 */
export function handleRequests<S extends StartServer | HttpServerLike>(
  server: S,
  handler: RequestHandler<S>,
  options?: HandleRequestsOptions,
): Promise<void> {
  callable(handler, "the handler of handleRequests()");
  const given = optionsOf<HandleRequestsOptions>(
    options,
    "handleRequests()",
    ["shutdown", "timeout", "grace", "onError", "signal"],
  );
  time(given.timeout ?? Infinity, "timeout");
  time(given.grace ?? 1000, "grace");
  if (given.onError !== undefined) callable(given.onError, "onError");
  const begin = beginning(server, handler);
  return quietly(() => serve(begin, given), given.signal);
}

function beginning(
  server: unknown,
  handler: unknown,
): (accepting: Accepting) => Serving {
  if (typeof server === "function") {
    const [start, fetch] = [server as StartServer, handler as FetchHandler];
    return (accepting) => fetching(start, fetch, accepting);
  }
  const emitter = server as Partial<HttpServerLike> | null | undefined;
  if (
    typeof emitter?.on !== "function" || typeof emitter.close !== "function"
  ) {
    throw unexpected(
      "the server of handleRequests()",
      "a server that emits requests, or a function that starts one",
      server,
    );
  }
  return (accepting) =>
    emitting(emitter as HttpServerLike, handler as HttpHandler, accepting);
}
