// A server whose requests are tasks, and which drains when it is told to.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AsyncEvent, createTask, once, type TaskContext } from "../mod.ts";
import { handleRequests } from "../flow.ts";

async function answer(
  _: unknown,
  response: ServerResponse,
  { name, sleep }: TaskContext,
): Promise<void> {
  await sleep(name === "GET /slow" ? 60_000 : 5);
  response.end(`${name} is done`);
}

const server = createServer().listen(0);
await once(server, "listening");
const url = `http://localhost:${(server.address() as AddressInfo).port}`;

// In a program, `shutdown` is what `run()` gives.
const shutdown = new AsyncEvent();
const serving = createTask(() =>
  handleRequests(server, answer, { shutdown, timeout: 500 })
);
console.log(await (await fetch(`${url}/users`)).text());
console.log((await fetch(`${url}/slow`)).status);

// What runs is finished, then the server is closed.
const last = fetch(`${url}/last`);
await once(server, "request");
shutdown.set();
console.log(await (await last).text());
await serving;
console.log("drained, listening:", server.listening);

// Output:
// GET /users is done
// 504
// GET /last is done
// drained, listening: false
