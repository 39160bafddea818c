import { bindTask, type TaskContext } from "../../mod.ts";
import {
  httpStatusOf,
  limited,
  requestName,
  statusText,
  tellFailure,
} from "./request_task.ts";
import type { Accepting, Serving } from "./serving.ts";

/** A running server, as what starts one gives it: with one of the two. */
export interface FetchServerLike {
  /** Takes no new connections; resolves when the last has ended. */
  shutdown?(): Promise<void>;
  /** The same, with a callback. */
  close?(callback: () => void): unknown;
}

/** What handles requests of the platform. */
export type FetchHandler = (
  request: Request,
  context: TaskContext,
) => Response | PromiseLike<Response>;

/** Starts a server that calls `fetch` for each request. */
export type StartServer = (
  fetch: (request: Request) => Promise<Response>,
) => FetchServerLike;

function refusal(status: number): Response {
  const headers = { "connection": "close", "content-type": "text/plain" };
  return new Response(statusText(status), { status, headers });
}

/** Serves requests by a function that gives responses. */
export function fetching(
  start: StartServer,
  handler: FetchHandler,
  { requests, timeout, onError, isDraining }: Accepting,
): Serving {
  const accept = bindTask(async (request: Request): Promise<Response> => {
    if (isDraining()) return refusal(503);
    const task = requests.spawn(
      (context) =>
        limited(timeout, context, (context) => handler(request, context)),
      { name: requestName(request.method, request.url), signal: request },
    );
    try {
      return await task;
    } catch (error) {
      const status = task.cancelled ? 503 : httpStatusOf(error);
      if (status === 500) tellFailure(task, error, onError);
      return refusal(status);
    }
  });
  // A server may look at how many parameters it has: a bound one shows none.
  const server = start((request) => accept(request));
  return {
    close: () =>
      server.shutdown?.() ??
        new Promise((resolve) => server.close?.(() => resolve())),
    leave: () => {},
  };
}
