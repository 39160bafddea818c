import { AsyncEvent, type TaskContext, type TaskTracker } from "../../mod.ts";
import { optionsOf, time, unexpected } from "./arguments.ts";
import type { HttpRequestLike } from "./http_server.ts";
import { limited, requestName, type RequestOptions } from "./request_task.ts";

/** Options of {@linkcode honoTasks} and {@linkcode fastifyTasks}. */
export interface MiddlewareOptions extends RequestOptions {
  /** Where the tasks of the requests go; whoever made it owns them. */
  requests: TaskTracker;
}

/** What is used of a context of Hono. */
export interface HonoContextLike {
  /** The request. */
  readonly req: {
    readonly method: string;
    readonly path: string;
    readonly raw: Request;
  };
}

/** What is used of an answer of Fastify. */
export interface FastifyReplyLike {
  /** The answer of the server. */
  readonly raw: {
    readonly writableFinished: boolean;
    // deno-lint-ignore no-explicit-any -- emitters have types of their own
    once(type: any, listener: () => void): unknown;
  };
}

/** What is used of an instance of Fastify. */
export interface FastifyLike {
  /** Adds a hook. */
  // deno-lint-ignore no-explicit-any -- hooks have types of their own for it
  addHook(name: any, hook: (...args: any[]) => void): unknown;
}

/** A plugin of Fastify. */
export type FastifyPlugin = (
  instance: FastifyLike,
  options: unknown,
  done: () => void,
) => void;

function middlewareOptions(
  options: MiddlewareOptions,
  what: string,
): { requests: TaskTracker; timeout: number } {
  const { requests, timeout = Infinity } = optionsOf<MiddlewareOptions>(
    options,
    what,
    ["requests", "timeout"],
  );
  if (typeof requests?.spawn !== "function") {
    throw unexpected(`requests of ${what}`, "a TaskTracker", requests);
  }
  time(timeout, "timeout");
  return { requests, timeout };
}

/**
 * A middleware for Hono: each request is a task, which is cancelled when its
 * client goes or its time is over. What it rejects with goes to `app.onError()`;
 * `httpStatusOf()` says what that means.
 *
 * @example
 * In an app
 * ```ts
 * import { currentTask, TaskTracker } from "@mdc/tasks";
 * import { honoTasks } from "@mdc/tasks/flow";
 * import { Hono } from "hono";
 *
 * const requests = new TaskTracker();
 * const app = new Hono();
 * app.use(honoTasks({ requests, timeout: 5_000 }));
 * app.get("/", (context) => context.text(`${currentTask()?.name}`));
 * console.log(await (await app.request("/")).text()); // "GET /"
 * console.log(requests.size); // 0
 * ```
 *
 * @param options Who keeps the tasks, and how long a request may take.
 * @returns The middleware.
 * @throws {TypeError} If an option is missing, unknown or of the wrong type.
 * @throws {RangeError} If `timeout` is `NaN` or negative.
 */
export function honoTasks(
  options: MiddlewareOptions,
): (context: HonoContextLike, next: () => Promise<void>) => Promise<void> {
  const { requests, timeout } = middlewareOptions(options, "honoTasks()");
  return async ({ req }, next) => {
    const name = `${req.method} ${req.path}`;
    await requests.spawn(
      (context) => limited(timeout, context, () => next()),
      { name, signal: req.raw },
    );
  };
}

/**
 * A plugin for Fastify: each request is a task, from its first hook until its
 * answer is out. It is cancelled when its client goes or its time is over; what
 * its handler's waits reject with then goes to the error handler, where
 * `httpStatusOf()` says what it means.
 *
 * It needs a runtime that follows `await`: the handler runs in the task because
 * it is called from it.
 *
 * @param options Who keeps the tasks, and how long a request may take.
 * @returns The plugin, for `app.register()`.
 * @throws {TypeError} If an option is missing, unknown or of the wrong type.
 * @throws {RangeError} If `timeout` is `NaN` or negative.
 */
export function fastifyTasks(options: MiddlewareOptions): FastifyPlugin {
  const { requests, timeout } = middlewareOptions(options, "fastifyTasks()");
  const onRequest = (
    request: HttpRequestLike,
    reply: FastifyReplyLike,
    next: () => void,
  ): void => {
    const over = new AsyncEvent();
    const answered = (context: TaskContext) => {
      next();
      return over.wait({ signal: context });
    };
    const task = requests.spawn(
      (context) => limited(timeout, context, answered),
      { name: requestName(request.method, request.url) },
    );
    // The error is the handler's, who answers it.
    task.catch(() => {});
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) task.cancel("the client has gone");
      over.set();
    });
  };
  const plugin: FastifyPlugin = (instance, _, done) => {
    instance.addHook("onRequest", onRequest);
    done();
  };
  // Its hook is for the whole app, not for a part of it.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}
