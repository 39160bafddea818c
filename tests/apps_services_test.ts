import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { type App, appTest, Call } from "./_apps.ts";

// The services

const HTTP = "service_http.ts";

const SERVICES = [HTTP, "service_hono.ts"];

async function listening(app: App): Promise<string> {
  const [, port] = await app.prints(/^listening (\d+)$/m);
  return `http://127.0.0.1:${port}`;
}

for (const service of SERVICES) {
  appTest(
    `${service} cancels the work on a request whose client has gone`,
    async ({ start }) => {
      const app = start(service, { env: { LIMIT: "60000" } });
      const address = await listening(app);
      const call = new Call(`${address}/work?ms=60000`);
      await app.prints(/orders: begins/);
      call.hangUp();
      await app.prints(/users: rolled back[^]*orders: rolled back/);
      await app.prints(/\/work: .*(the client has gone|abort)/i);
      const { status, text } = await new Call(`${address}/work?ms=1`).answer;
      assertEquals([status, text], [200, '{"users":1,"orders":1}']);
      app.signal("SIGTERM");
      assertEquals(await app.code, 143);
    },
  );

  appTest(
    `${service} answers 504 to what takes too long`,
    async ({ start }) => {
      const app = start(service, { env: { LIMIT: "50" } });
      const address = await listening(app);
      const { status, text } = await new Call(`${address}/work?ms=60000`)
        .answer;
      assertEquals(status, 504);
      assertMatch(text, /TimeoutError: Timed out after 50 ms/);
      assert(app.lines.includes("orders: rolled back"));
    },
  );

  appTest(`${service} finishes its requests at SIGTERM`, async ({ start }) => {
    const app = start(service, { env: { DRAIN: "60000" } });
    const address = await listening(app);
    const call = new Call(`${address}/work?ms=1500`);
    await app.prints(/orders: begins/);
    app.signal("SIGTERM");
    await app.prints(/^draining 1$/m);
    await assertRejects(() => new Call(`${address}/work`).answer);
    assertEquals((await call.answer).status, 200);
    assertEquals(await app.code, 143);
    assertEquals(app.lines.at(-1), "drained");
    assertMatch(app.stderr, /^SIGTERM: 60.0 s to finish/);
  });

  appTest(
    `${service} answers 503 to what is cancelled when the drain is over`,
    async ({ start }) => {
      const app = start(service, { env: { LIMIT: "60000", DRAIN: "50" } });
      const address = await listening(app);
      const call = new Call(`${address}/work?ms=60000`);
      await app.prints(/orders: begins/);
      app.signal("SIGTERM");
      const { status, text } = await call.answer;
      assertEquals(status, 503);
      assertMatch(text, /SIGTERM/);
      assertEquals(await app.code, 143);
      assertFalse(app.lines.includes("drained"));
    },
  );
}

appTest(
  "service_http.ts names the request that doesn't end, and exits",
  async ({ start }) => {
    const app = start(HTTP, { env: { DRAIN: "50" } });
    const address = await listening(app);
    void new Call(`${address}/stubborn`);
    await app.prints(/stubborn: begins/);
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertMatch(
      app.stderr,
      /1 task has not ended within 500 ms after SIGTERM:\n {2}task "GET \/stubborn"/,
    );
  },
);

appTest(
  "service_hono.ts ends its jobs after their requests, before it exits",
  async ({ start }) => {
    const app = start("service_hono.ts");
    const address = await listening(app);
    assertEquals(
      (await new Call(`${address}/mail`, "POST").answer).status,
      202,
    );
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertEquals(app.lines.slice(-3), ["draining 1", "mail: sent", "drained"]);
  },
);
