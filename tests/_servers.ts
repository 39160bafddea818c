import {
  createServer,
  type IncomingMessage,
  request as call,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import {
  AsyncEvent,
  createTask,
  once,
  type Task,
  type TaskContext,
} from "@mdc/tasks";
import { handleRequests, type HandleRequestsOptions } from "@mdc/tasks/flow";

/** What a handler of either kind does: gives the text of an answer. */
export type Work = (
  path: string,
  context: TaskContext,
) => string | Promise<string>;

/** A server that serves, as a task. */
export interface Served {
  readonly port: number;
  readonly task: Task<void>;
  readonly shutdown: AsyncEvent;
}

export type Serve = (
  work: Work,
  options?: HandleRequestsOptions,
) => Promise<Served>;

/** Serves by `node:http`. */
export async function serveEmitting(
  work: Work,
  options?: HandleRequestsOptions,
): Promise<Served> {
  const shutdown = new AsyncEvent();
  const server = createServer();
  const task = createTask(() =>
    handleRequests(
      server,
      async (request: IncomingMessage, response: ServerResponse, context) => {
        response.end(await work(request.url ?? "", context));
      },
      { shutdown, ...options },
    ), { name: "server" });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, task, shutdown };
}

/** Serves by `Deno.serve()`. */
export function serveFetch(
  work: Work,
  options?: HandleRequestsOptions,
): Promise<Served> {
  const shutdown = new AsyncEvent();
  return new Promise((resolve) => {
    const listening = {
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }: { port: number }) =>
        queueMicrotask(() => resolve({ port, task, shutdown })),
    };
    const task: Task<void> = createTask(() =>
      handleRequests(
        (fetch) => Deno.serve(listening, fetch),
        async (request, context) =>
          new Response(await work(new URL(request.url).pathname, context)),
        { shutdown, ...options },
      ), { name: "server" });
  });
}

/** The servers that this runtime has. */
export const SERVERS: readonly (readonly [string, Serve])[] =
  "Deno" in globalThis
    ? [["emitted requests", serveEmitting], ["fetch requests", serveFetch]]
    : [["emitted requests", serveEmitting]];

/** What a request was answered. */
export interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly connection: string | undefined;
}

/** One request, on a connection of its own unless an agent keeps it. */
export function ask(
  port: number,
  path: string,
): { answer: Promise<Answer>; hangUp: () => void } {
  const asked = call({ host: "127.0.0.1", port, path, agent: false });
  const answer = new Promise<Answer>((resolve, reject) => {
    asked.on("error", reject);
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => text += part);
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          text,
          connection: response.headers.connection,
        }));
    });
  });
  answer.catch(() => {});
  asked.end();
  return { answer, hangUp: () => asked.destroy() };
}
