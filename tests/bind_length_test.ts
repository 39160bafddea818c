import { assertEquals } from "@std/assert";
import { bindTask, createTask, currentTask } from "@mdc/tasks";
import { type AddressInfo, createServer } from "node:net";
import { test } from "./_harness.ts";

test("bindTask() keeps how many arguments the function takes", () => {
  assertEquals(bindTask(() => 1).length, 0);
  assertEquals(bindTask((a: number, b: number) => a + b).length, 2);
});

test("context.bind() keeps how many arguments the function takes", async () => {
  const length = await createTask((context) =>
    context.bind((a: number, b: number) => a + b).length
  );
  assertEquals(length, 2);
});

test("a bound handler gets what the server gives it", async () => {
  const seen: unknown[] = [];
  await createTask(async () => {
    const listening = await serve(bindTask((request) => {
      seen.push(request !== undefined, currentTask()?.name);
    }));
    await listening.ask();
    await listening.close();
  }, { name: "server" });
  assertEquals(seen, [true, "server"]);
});

interface Listening {
  ask(): Promise<void>;
  close(): Promise<void>;
}

/** A server of this runtime: of HTTP where the runtime has one of its own. */
async function serve(handler: (request: unknown) => void): Promise<Listening> {
  if ("Deno" in globalThis) {
    const server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        onListen() {},
      },
      bindTask((request: Request) => {
        handler(request);
        return new Response("ok");
      }),
    );
    const { port } = server.addr;
    return {
      async ask() {
        await (await fetch(`http://127.0.0.1:${port}/`)).text();
      },
      close: () => server.shutdown(),
    };
  }
  const { connect } = await import("node:net");
  const server = createServer(bindTask((socket) => {
    handler(socket);
    socket.end();
  }));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    ask: () =>
      new Promise((done) =>
        connect(port, "127.0.0.1").resume().on("close", () => done())
      ),
    close: () => new Promise((done) => server.close(() => done())),
  };
}
