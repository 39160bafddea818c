import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { EventEmitter } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request as call,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import {
  AsyncEvent,
  CancelledError,
  createTask,
  currentTask,
  once,
  sleep,
  type Task,
  type TaskContext,
} from "@mdc/tasks";
import { handleRequests, type HandleRequestsOptions } from "@mdc/tasks/flow";
import { untilIdle } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** What a handler of either kind does: gives the text of an answer. */
type Work = (path: string, context: TaskContext) => string | Promise<string>;

/** A server that serves, as a task. */
interface Served {
  readonly port: number;
  readonly task: Task<void>;
  readonly shutdown: AsyncEvent;
}

type Serve = (work: Work, options?: HandleRequestsOptions) => Promise<Served>;

async function serveEmitting(
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

function serveFetch(
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

const SERVERS: readonly (readonly [string, Serve])[] = "Deno" in globalThis
  ? [["emitted requests", serveEmitting], ["fetch requests", serveFetch]]
  : [["emitted requests", serveEmitting]];

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly connection: string | undefined;
}

/** One request, on a connection of its own unless an agent keeps it. */
function ask(
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

for (const [kind, serve] of SERVERS) {
  test(`handleRequests() makes a task of each of the ${kind}, named by method and path`, async () => {
    const { port, task, shutdown } = await serve((path, context) => {
      const current = currentTask();
      assertEquals(context.name, current?.name);
      return `${path} ${current?.name} of ${current?.parent?.name}`;
    }, { timeout: 60_000 });
    const { answer } = ask(port, "/users");
    const { status, text } = await answer;
    assertEquals([status, text], [200, "/users GET /users of server"]);
    shutdown.set();
    await task;
  });

  test(`handleRequests() cancels the task of a client that has gone: ${kind}`, async () => {
    const begun = new AsyncEvent();
    const ended = new AsyncEvent();
    let name = "";
    const { port, task, shutdown } = await serve(async (_, { sleep }) => {
      begun.set();
      try {
        await sleep(60_000);
      } catch (error) {
        name = (error as Error).name;
        ended.set();
        throw error;
      }
      return "never";
    });
    const { hangUp } = ask(port, "/slow");
    await begun.wait();
    hangUp();
    await ended.wait();
    assertEquals(name, "AbortError");
    shutdown.set();
    await task;
  });

  test(`handleRequests() answers 504 when the time of a request is over: ${kind}`, async () => {
    let cleaned = false;
    const { port, task, shutdown } = await serve(async (_, { sleep }) => {
      try {
        await sleep(60_000);
      } finally {
        cleaned = true;
      }
      return "never";
    }, { timeout: 20 });
    const { status, text } = await ask(port, "/slow").answer;
    assertEquals([status, text, cleaned], [504, "504 Gateway Timeout\n", true]);
    shutdown.set();
    await task;
  });

  test(`handleRequests() answers 500 to what fails, and tells of it at once: ${kind}`, async () => {
    const told: string[] = [];
    const { port, task, shutdown } = await serve((path) => {
      if (path === "/bad") throw new Error("disk full");
      return "fine";
    }, {
      onError: ({ name, error }) => {
        told.push(`${name}: ${(error as Error).message}`);
      },
    });
    const { status, text } = await ask(port, "/bad").answer;
    assertEquals([status, text], [500, "500 Internal Server Error\n"]);
    assertEquals(told, ["GET /bad: disk full"]);
    assertEquals((await ask(port, "/good").answer).text, "fine");
    shutdown.set();
    await task;
    assertEquals(told.length, 1);
  });

  test(`handleRequests() drains: what runs ends, nothing new begins: ${kind}`, async () => {
    const begun = new AsyncEvent();
    const may = new AsyncEvent();
    const { port, task, shutdown } = await serve(async (_, context) => {
      begun.set();
      await may.wait({ signal: context });
      return "done";
    });
    const { answer } = ask(port, "/slow");
    await begun.wait();
    shutdown.set();
    await sleep(0);
    assertEquals(task.done, false);
    await assertRejects(() => ask(port, "/late").answer);
    may.set();
    assertEquals((await answer).text, "done");
    await task;
  });

  test(`handleRequests() that is cancelled answers 503 to what runs: ${kind}`, async () => {
    const begun = new AsyncEvent();
    const { port, task } = await serve(async (_, { sleep }) => {
      begun.set();
      await sleep(60_000);
      return "never";
    });
    const { answer } = ask(port, "/slow");
    await begun.wait();
    task.cancel("out of time");
    const { status, text } = await answer;
    assertEquals([status, text], [503, "503 Service Unavailable\n"]);
    await assertRejects(() => task, CancelledError, "out of time");
    await assertRejects(() => ask(port, "/late").answer);
  });
}

test("handleRequests() closes connections that are kept alive when it drains", async () => {
  const begun = new AsyncEvent();
  const may = new AsyncEvent();
  const { port, task, shutdown } = await serveEmitting(async (path) => {
    if (path === "/first") {
      begun.set();
      await may.wait();
    }
    return path;
  });
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (part) => text += part);
  const head = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
  socket.write(head("/first"));
  await begun.wait();
  shutdown.set();
  await sleep(0);
  may.set();
  await once(socket, "close");
  assertMatch(text, /^HTTP\/1\.1 200 OK/);
  assertStringIncludes(text.toLowerCase(), "connection: close");
  await task;
});

test("handleRequests() answers 503 on connections that are open while it drains", async () => {
  const server = Object.assign(new EventEmitter(), { close: () => {} });
  const shutdown = new AsyncEvent();
  const may = new AsyncEvent();
  const task = createTask(() =>
    handleRequests(server, (_, __, context) => may.wait({ signal: context }), {
      shutdown,
      grace: 0,
    })
  );
  const answers: string[] = [];
  const response = () =>
    Object.assign(new EventEmitter(), {
      headersSent: false,
      writableFinished: true,
      destroyed: false,
      destroy: () => {},
      setHeader: (name: string, value: string) =>
        void answers.push(`${name}: ${value}`),
      writeHead: (status: number, headers: Record<string, string>) =>
        void answers.push(`${status}, connection: ${headers["connection"]}`),
      end: (text?: string) => void answers.push(`${text}`),
    });
  const first = response();
  server.emit("request", { method: "GET", url: "/a" }, first);
  shutdown.set();
  await untilIdle();
  server.emit("request", { method: "GET", url: "/b" }, response());
  may.set();
  first.emit("close");
  await task;
  assertEquals(answers, [
    "connection: close",
    "503, connection: close",
    "503 Service Unavailable\n",
  ]);
});

test("handleRequests() ends when somebody else closes the server", async () => {
  const server = createServer();
  const task = createTask(() => handleRequests(server, () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await task;
  assertEquals(server.listenerCount("request"), 0);
});

test("handleRequests() takes a signal, where no task is known", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const controller = new AbortController();
  const { signal } = controller;
  const begun = new AsyncEvent();
  let aborted = false;
  const handling = handleRequests(server, async (_, __, context) => {
    begun.set();
    await context.sleep(60_000).catch((error) => {
      aborted = true;
      throw error;
    });
  }, { signal });
  const { port } = server.address() as AddressInfo;
  const { answer } = ask(port, "/slow");
  await begun.wait();
  controller.abort(new Error("enough"));
  assertEquals((await answer).status, 503);
  await assertRejects(() => handling, Error, "enough");
  assert(aborted);
});

test("handleRequests() breaks off an answer that has begun when it fails", async () => {
  const { port, task, shutdown } = await serveEmitting(() => "");
  shutdown.set();
  await task;
  assert(port > 0);
  const server = createServer();
  const told: unknown[] = [];
  const stop = new AsyncEvent();
  const other = createTask(() =>
    handleRequests(server, (_, response: ServerResponse) => {
      response.writeHead(200);
      response.write("half");
      throw new Error("in the middle");
    }, { shutdown: stop, onError: ({ error }) => void told.push(error) })
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { answer } = ask((server.address() as AddressInfo).port, "/");
  await assertRejects(() => answer);
  assertEquals(told.length, 1);
  stop.set();
  await other;
});

test("handleRequests() refuses wrong arguments at the door", () => {
  const server = createServer();
  const none = () => {};
  const wrong: [unknown, unknown, unknown, string][] = [
    [
      1,
      none,
      {},
      "the server of handleRequests(): expected a server that emits requests, or a function that starts one, received 1",
    ],
    [{}, none, {}, "received [Object]"],
    [
      server,
      1,
      {},
      "the handler of handleRequests(): expected a function, received 1",
    ],
    [
      server,
      none,
      { timeout: -1 },
      "timeout: expected 0 or more milliseconds, received -1",
    ],
    [
      server,
      none,
      { grace: "1" },
      'grace: expected 0 or more milliseconds, received "1"',
    ],
    [server, none, { onError: 1 }, "onError: expected a function, received 1"],
    [server, none, { limit: 1 }, 'unknown option "limit"'],
  ];
  for (const [server, handler, options, message] of wrong) {
    assertThrows(
      () =>
        void handleRequests(
          server as never,
          handler as never,
          options as object,
        ),
      Error,
      message,
    );
  }
  assertEquals(server.listenerCount("request"), 0);
});
