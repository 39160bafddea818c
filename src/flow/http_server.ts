import {
  AsyncEvent,
  bindTask,
  moveOnAfter,
  shield,
  type TaskContext,
} from "../../mod.ts";
import {
  httpStatusOf,
  limited,
  requestName,
  statusText,
  tellFailure,
} from "./request_task.ts";
import type { Accepting, Serving } from "./serving.ts";

/** A request as an HTTP server emits it. */
export interface HttpRequestLike {
  /** The method. */
  method?: string | undefined;
  /** The path, with the query. */
  url?: string | undefined;
}

/** The answer to a request, as an HTTP server emits it. */
export interface HttpResponseLike {
  /** Whether the status is out. */
  readonly headersSent: boolean;
  /** Whether all of it is out. */
  readonly writableFinished: boolean;
  /** Whether the connection is gone. */
  readonly destroyed: boolean;
  /** Sets a header. */
  setHeader(name: string, value: string): unknown;
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Ends the answer. */
  end(text?: string): unknown;
  /** Breaks the connection off. */
  destroy(): unknown;
  /** Listens once. */
  // deno-lint-ignore no-explicit-any -- emitters have types of their own
  once(type: any, listener: (...args: any[]) => void): unknown;
}

/** A server that emits `"request"` with a request and its answer. */
export interface HttpServerLike {
  /** Adds a listener. */
  // deno-lint-ignore no-explicit-any -- as above
  on(type: any, listener: (...args: any[]) => void): unknown;
  /** Takes it away. */
  // deno-lint-ignore no-explicit-any -- as above
  removeListener(type: any, listener: (...args: any[]) => void): unknown;
  /** Takes no new connections, and calls back when the last has ended. */
  close(callback?: (error?: Error) => void): unknown;
  /** Closes the connections on which nothing is going on. */
  closeIdleConnections?(): void;
  /** Closes all connections. */
  closeAllConnections?(): void;
}

/**
 * What handles the requests of such a server. Its parameters may be of the
 * server's own types, such as `IncomingMessage` and `ServerResponse`.
 */
export type HttpHandler = {
  // A method, so that more special types of parameters fit.
  handle(
    request: HttpRequestLike,
    response: HttpResponseLike,
    context: TaskContext,
  ): unknown;
}["handle"];

/** Says no, and closes the connection. */
function refuse(response: HttpResponseLike, status: number): void {
  response.writeHead(status, {
    "connection": "close",
    "content-type": "text/plain",
  });
  response.end(statusText(status));
}

/** Lets the answer go out, though everything is cancelled. */
function sent(
  over: AsyncEvent,
  grace: number,
  signal: TaskContext,
): Promise<unknown> {
  return shield(
    (scope) => moveOnAfter(grace, (own) => over.wait(own), { signal: scope }),
    { signal },
  );
}

/** Serves the requests that a server emits. */
export function emitting(
  server: HttpServerLike,
  handler: HttpHandler,
  { requests, timeout, grace, onError, isDraining, ended }: Accepting,
): Serving {
  /** Answers that are not out: at the end they close their connections. */
  const open = new Set<HttpResponseLike>();

  const answer = async (
    request: HttpRequestLike,
    response: HttpResponseLike,
    context: TaskContext,
    over: AsyncEvent,
  ): Promise<void> => {
    try {
      await limited(timeout, context, async (context) => {
        await handler(request, response, context);
        await over.wait({ signal: context });
      });
    } catch (error) {
      if (!response.destroyed) {
        if (response.headersSent) response.destroy();
        else refuse(response, httpStatusOf(error));
        await sent(over, grace, context);
      }
      throw error;
    }
  };

  const accept = bindTask(
    (request: HttpRequestLike, response: HttpResponseLike) => {
      if (isDraining()) return refuse(response, 503);
      open.add(response);
      const over = new AsyncEvent();
      const task = requests.spawn(
        (context) => answer(request, response, context, over),
        { name: requestName(request.method, request.url) },
      );
      response.once("close", () => {
        open.delete(response);
        if (!response.writableFinished) task.cancel("the client has gone");
        over.set();
      });
      task.catch((error) => {
        if (!task.cancelled && httpStatusOf(error) === 500) {
          tellFailure(task, error, onError);
        }
      });
    },
  );
  const closed = () => ended.set();
  server.on("request", accept);
  server.on("close", closed);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const response of open) {
          if (!response.headersSent) response.setHeader("connection", "close");
        }
        server.close(() => resolve());
        server.closeIdleConnections?.();
      }),
    leave() {
      server.removeListener("request", accept);
      server.removeListener("close", closed);
      server.closeAllConnections?.();
    },
  };
}
