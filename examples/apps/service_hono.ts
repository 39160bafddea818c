// A service on Hono, for Deno.serve() and for Node: one middleware makes a task
// of each request, which is cancelled when the client goes.
import { serve as serveNode } from "@hono/node-server";
import { Hono } from "hono";
import process from "node:process";
import {
  all,
  failAfter,
  findError,
  isCancellation,
  run,
  type RunContext,
  shield,
  sleep,
  TaskTracker,
  TimeoutError,
} from "../../mod.ts";

const { PORT = "0", LIMIT = "5000", DRAIN = "10000" } = process.env;

type Fetch = (request: Request) => Response | Promise<Response>;

/** A server, by what the runtime has. */
interface Server {
  readonly port: number;
  /** Takes no new connections, and comes back when the others have ended. */
  close(): Promise<void>;
}

function listen(fetch: Fetch): Promise<Server> {
  const port = Number(PORT);
  return new Promise((resolve) => {
    if ("Deno" in globalThis) {
      const onListen = ({ port }: { port: number }) =>
        resolve({ port, close: () => server.shutdown() });
      const server = Deno.serve({ port, onListen }, fetch);
    } else {
      const server = serveNode({ fetch, port }, ({ port }) => {
        const { promise, resolve: closed } = Promise.withResolvers<void>();
        resolve({ port, close: () => (server.close(() => closed()), promise) });
      });
    }
  });
}

/** Stands for a query: it takes its time, and can be rolled back. */
async function query(table: string, ms: number): Promise<number> {
  try {
    console.log(`${table}: begins`);
    await sleep(ms);
    return ms;
  } catch (error) {
    console.log(`${table}: rolled back`);
    throw error;
  }
}

function service(program: RunContext, requests: TaskTracker): Hono {
  const app = new Hono();

  app.use(async ({ req }, next) => {
    const name = `${req.method} ${req.path}`;
    // A Request has a signal, so it is a source of cancellation as it is. (Deno
    // tells once that it aborts it after the answer too; the task is over then.)
    await requests.spawn(() => next(), { name, signal: req.raw });
  });

  app.onError((error, context) => {
    const status = isCancellation(error)
      ? 503
      : findError(error, TimeoutError)
      ? 504
      : 500;
    console.log(`${context.req.path}: ${status} ${error}`);
    return context.json({ error: String(error) }, status);
  });

  app.get("/work", async (context) => {
    const ms = Number(context.req.query("ms") ?? 0);
    const found = await failAfter(Number(LIMIT), () =>
      all({
        users: () => query("users", ms),
        orders: () => query("orders", ms),
      }));
    return context.json(found);
  });

  app.post("/mail", (context) => {
    // It outlives its request, and is the program's.
    requests.spawn(async ({ sleep }) => {
      await sleep(300);
      console.log("mail: sent");
    }, { name: "mail", parent: program });
    return context.json({ queued: true }, 202);
  });
  return app;
}

async function main(program: RunContext): Promise<void> {
  const requests = new TaskTracker();
  const app = service(program, requests);
  const server = await listen((request) => app.fetch(request));
  console.log(`listening ${server.port}`);

  await program.shutdown.wait();
  console.log(`draining ${requests.size}`);
  const closed = server.close();
  try {
    await requests.drain();
    console.log("drained");
  } finally {
    // The last answers go out, also those that say that there is none.
    await shield(({ abortable }) => abortable(closed), { grace: 200 });
  }
}

await run(main, { drain: Number(DRAIN), grace: 500 });
