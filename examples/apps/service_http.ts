// A service on node:http: a task for each request, which is cancelled when its
// client goes. At SIGTERM it takes no new connections and finishes what it has;
// what takes longer is cancelled, what ignores that is named.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import {
  all,
  failAfter,
  findError,
  isCancellation,
  once,
  run,
  type RunContext,
  shield,
  sleep,
  type TaskContext,
  TaskTracker,
  TimeoutError,
} from "../../mod.ts";

const { PORT = "0", LIMIT = "5000", DRAIN = "10000" } = process.env;

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

/** Stands for a library that knows nothing of cancellation. */
function stubborn(): Promise<never> {
  console.log("stubborn: begins");
  return Promise.withResolvers<never>().promise;
}

async function route(url: URL): Promise<unknown> {
  const ms = Number(url.searchParams.get("ms") ?? 0);
  switch (url.pathname) {
    case "/work":
      return await failAfter(Number(LIMIT), () =>
        all({
          users: () => query("users", ms),
          orders: () => query("orders", ms),
        }));
    case "/stubborn":
      return await stubborn();
    default:
      throw new RangeError(`nothing at ${url.pathname}`);
  }
}

function statusOf(error: unknown): number {
  if (isCancellation(error)) return 503;
  if (findError(error, TimeoutError)) return 504;
  return findError(error, RangeError) ? 404 : 500;
}

async function handle(
  { name }: TaskContext,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  let status = 200;
  let body: unknown;
  try {
    body = await route(url);
  } catch (error) {
    console.log(`${name}: ${error}`);
    // The client has gone, so there is nobody to tell.
    if (response.destroyed) throw error;
    status = statusOf(error);
    body = { error: String(error) };
  }
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
  // It goes out, also if it says that everything is over.
  await shield(() => once(response, "finish"), { grace: 200 });
}

async function serve({ shutdown }: RunContext): Promise<void> {
  // It knows the program as the owner of its tasks, so it doesn't matter that
  // Deno calls the handlers of servers out of nowhere.
  const requests = new TaskTracker();
  const server = createServer(({ method, url = "/" }, response) => {
    const to = new URL(url, "http://localhost");
    const request = requests.spawn(
      (context) => handle(context, to, response),
      { name: `${method} ${to.pathname}` },
    );
    response.once("close", () => {
      if (!response.writableFinished) request.cancel("the client has gone");
    });
  });
  server.listen(Number(PORT));
  await once(server, "listening");
  console.log(`listening ${(server.address() as AddressInfo).port}`);

  await shutdown.wait();
  console.log(`draining ${requests.size}`);
  server.close();
  await requests.drain();
  console.log("drained");
}

await run(serve, { drain: Number(DRAIN), grace: 500 });
