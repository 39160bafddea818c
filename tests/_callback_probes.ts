/** Callbacks from outside, each registered in one task and caused in another. */
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFile } from "node:fs";
import { createServer as createHttpServer, get } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import process from "node:process";
import { setImmediate } from "node:timers";
import { Worker } from "node:worker_threads";
import { onAbort } from "./_probes.ts";

/** Runs a piece of the probe in a task. */
export type As = <T>(
  role: "opened" | "registered" | "caused",
  body: () => T | Promise<T>,
) => Promise<T>;

/** Has `seen` called by a callback; gives what closes what it opened. */
export type Begin = (
  as: As,
  seen: () => void,
) => Promise<(() => unknown) | void>;

const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(
      0,
      "127.0.0.1",
      () => resolve((server.address() as AddressInfo).port),
    )
  );

const closed = (server: Server) =>
  new Promise<void>((resolve) => server.close(() => resolve()));

/** A runtime's own server. */
type Serve = (handler: () => Response) => {
  port: number;
  close(): Promise<unknown>;
};

function ownServer(): Serve | undefined {
  const { Deno: deno, Bun: bun } = globalThis as unknown as {
    Deno?: typeof Deno;
    Bun?: {
      serve(options: { port: number; fetch: () => Response }): {
        port: number;
        stop(now: boolean): Promise<void>;
      };
    };
  };
  if (deno !== undefined) {
    return (handler) => {
      const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
      const server = deno.serve(options, handler);
      return { port: server.addr.port, close: () => server.shutdown() };
    };
  }
  if (bun === undefined) return undefined;
  return (fetch) => {
    const server = bun.serve({ port: 0, fetch });
    return { port: server.port, close: () => server.stop(true) };
  };
}

function serving(serve: Serve): Begin {
  return async (as, seen) => {
    const server = await as(
      "registered",
      () => serve(() => (seen(), new Response("done"))),
    );
    await as("caused", () => request(server.port));
    return () => server.close();
  };
}

/** A connection of its own, which ends with the answer. */
const request = (port: number) =>
  new Promise<void>((resolve) =>
    get({ port, host: "127.0.0.1", agent: false }, (response) => {
      response.resume().on("end", () => resolve());
    })
  );

const own = ownServer();

/** By what the callback is. The order is that of the table. */
export const PROBES: Readonly<Record<string, Begin | undefined>> = {
  "`then()` of a promise, resolved elsewhere": async (as, seen) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await as("registered", () => void promise.then(seen));
    await as("caused", resolve);
  },
  "`queueMicrotask()`, `process.nextTick()`": async (as, seen) => {
    await as("registered", () => process.nextTick(() => queueMicrotask(seen)));
  },
  "`setTimeout()`, `setInterval()`, `setImmediate()`": async (as, seen) => {
    await as("registered", () => {
      const timer = setInterval(() => {
        clearInterval(timer);
        setTimeout(() => setImmediate(seen), 1);
      }, 1);
    });
  },
  "`node:fs` with a callback": async (as, seen) => {
    await as("registered", () => readFile(new URL(import.meta.url), seen));
  },
  '`child.on("close")` of `node:child_process`': async (as, seen) => {
    await as("registered", () => {
      spawn(process.execPath, ["--version"], { stdio: "ignore" })
        .on("close", seen);
    });
  },
  "`fetch().then()`": async (as, seen) => {
    const opened = () => fetch("data:text/plain,done");
    await as(
      "registered",
      () => void opened().then((response) => (seen(), response.text())),
    );
  },
  "`EventEmitter`, emitted elsewhere": async (as, seen) => {
    const emitter = new EventEmitter();
    await as("registered", () => void emitter.on("event", seen));
    await as("caused", () => void emitter.emit("event"));
  },
  "`EventTarget`, dispatched elsewhere": async (as, seen) => {
    const target = new EventTarget();
    await as(
      "registered",
      () => target.addEventListener("event", seen, { once: true }),
    );
    await as("caused", () => void target.dispatchEvent(new Event("event")));
  },
  "`abort` of a signal, aborted elsewhere": async (as, seen) => {
    const controller = new AbortController();
    await as(
      "registered",
      () => onAbort(controller.signal, seen),
    );
    await as("caused", () => controller.abort());
  },
  "`abort` of an `AbortSignal.timeout()`, made elsewhere": async (as, seen) => {
    const signal = await as("opened", () => AbortSignal.timeout(20));
    await as(
      "registered",
      () => onAbort(signal, seen),
    );
  },
  "`message` of a `MessagePort`, posted elsewhere": async (as, seen) => {
    const { port1, port2 } = await as("opened", () => new MessageChannel());
    await as("registered", () => {
      port1.onmessage = seen;
    });
    await as("caused", () => port2.postMessage("hello"));
    return () => port1.close();
  },
  "`message` of a worker of `node:worker_threads`": async (as, seen) => {
    const code = 'require("node:worker_threads").parentPort.postMessage(1)';
    const worker = await as(
      "opened",
      () => new Worker(code, { eval: true }),
    );
    await as("registered", () => void worker.on("message", seen));
    return () => worker.terminate();
  },
  "`pull` of a `ReadableStream`, read elsewhere": async (as, seen) => {
    const stream = await as(
      "registered",
      () =>
        new ReadableStream({
          pull(controller) {
            controller.enqueue("chunk");
            seen();
          },
        }, { highWaterMark: 0 }),
    );
    const reader = stream.getReader();
    await as("caused", () => reader.read());
    return () => reader.cancel();
  },
  "`transform` of a `TransformStream`, written elsewhere": async (as, seen) => {
    const { readable, writable } = await as(
      "registered",
      () =>
        new TransformStream({ transform: seen }, undefined, {
          highWaterMark: 1,
        }),
    );
    const writer = writable.getWriter();
    await as("caused", () => writer.write("chunk"));
    return () =>
      Promise.all([readable.cancel(), writer.closed.catch(() => {})]);
  },
  "`process.on()` of a signal": async (as, seen) => {
    await as("registered", () => void process.on("SIGHUP", seen));
    await as("caused", () => void process.kill(process.pid, "SIGHUP"));
    return () => process.off("SIGHUP", seen);
  },
  "handler of a `node:http` server": async (as, seen) => {
    const server = createHttpServer((_, response) => {
      seen();
      response.end("done");
    });
    const port = await as("registered", () => listening(server));
    await as("caused", () => request(port));
    return () => closed(server);
  },
  "handler of `Deno.serve()`, `Bun.serve()`": own && serving(own),
  "handler of a `node:net` server": async (as, seen) => {
    const server = createServer((socket) => {
      seen();
      socket.end();
    });
    const port = await as("registered", () => listening(server));
    const client = await as("caused", () => connect(port, "127.0.0.1"));
    client.resume();
    return () => closed(server);
  },
  "`data` of a `node:net` socket, opened elsewhere": async (as, seen) => {
    const server = createServer((socket) => socket.end("hello"));
    const port = await listening(server);
    const client = await as("opened", () => connect(port, "127.0.0.1"));
    await as("registered", () => void client.on("data", seen));
    return () => closed(server);
  },
};
