import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { AsyncEvent, createTask, sleep } from "@mdc/tasks";
import {
  inspect,
  type InspectOptions,
  type Inspector,
} from "@mdc/devtools/inspector";
import process from "node:process";
import { type IncomingHttpHeaders, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { test } from "../../tests/_harness.ts";

async function withInspector(
  body: (inspector: Inspector) => Promise<void>,
  options?: InspectOptions,
): Promise<void> {
  const inspector = await inspect(options);
  try {
    await body(inspector);
  } finally {
    await inspector.close();
  }
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Asks without what a browser or fetch() would add. */
function ask(
  url: string,
  { method = "GET", headers = {}, body }: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      { method, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part) => text += part);
        response.on(
          "end",
          () =>
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text,
            }),
        );
      },
    );
    asking.on("error", reject);
    asking.end(body);
  });
}

/** What a viewer is told, as far as the tests look at it. */
interface Data {
  spans: { name: string; status: string }[];
  failures: { name: string; error: { message: string } }[];
}

/** The events of a viewer, one after the other. */
async function* eventsOf(
  url: string,
): AsyncGenerator<{ name: string; data: Data }> {
  const stop = new AbortController();
  const response = await fetch(`${url}events`, { signal: stop.signal });
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const part of response.body!) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      for (
        let end = text.indexOf("\n\n");
        end >= 0;
        end = text.indexOf("\n\n")
      ) {
        const [, name, data] = /event: (.*)\ndata: (.*)/.exec(
          text.slice(0, end),
        )!;
        text = text.slice(end + 2);
        yield { name: name!, data: JSON.parse(data!) };
      }
    }
  } finally {
    stop.abort();
  }
}

test("inspect() serves a page that only talks to its own server", async () => {
  await withInspector(async ({ url }) => {
    const { status, headers, text } = await ask(url);
    assertEquals(status, 200);
    assertMatch(
      headers["content-security-policy"] as string,
      /default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/,
    );
    assertEquals(headers["x-frame-options"], "DENY");
    assertEquals(headers["referrer-policy"], "no-referrer");
    assertMatch(text, /<title>My &lt;b&gt; program<\/title>/);
  }, { title: "My <b> program" });
});

test("inspect() gives the tree of what runs as text and as JSON", async () => {
  await withInspector(async ({ url }) => {
    const task = createTask(() => sleep(60_000), { name: "poller" });
    assertMatch((await ask(`${url}tree`)).text, /poller \(#\d+, for/);
    const { roots } = JSON.parse((await ask(`${url}tree.json`)).text);
    assert(roots.some(({ name }: { name: string }) => name === "poller"));
    task.cancel();
    await task.catch(() => {});
  });
});

test("inspect() tells a viewer everything first, then what changes", async () => {
  await withInspector(async ({ url }) => {
    const before = createTask(() => sleep(60_000), { name: "before" });
    const events = eventsOf(url);
    const first = (await events.next()).value!;
    assertEquals(first.name, "whole");
    assert(
      first.data.spans.some(({ name }: { name: string }) => name === "before"),
    );
    const after = createTask(() => sleep(60_000), { name: "after" });
    const second = (await events.next()).value!;
    assertEquals(second.name, "changes");
    assertEquals(second.data.spans.map(({ name }: { name: string }) => name), [
      "after",
    ]);
    before.cancel("stop");
    await before.catch(() => {});
    const third = (await events.next()).value!;
    assertEquals(
      third.data.spans.map((
        { name, status }: { name: string; status: string },
      ) => [name, status]),
      [["before", "cancelled"]],
    );
    await events.return(undefined);
    after.cancel();
    await after.catch(() => {});
  });
});

test("inspect() refuses whoever doesn't know the token", async () => {
  await withInspector(async ({ url }) => {
    const { origin } = new URL(url);
    for (const path of ["/", "/tree", "/wrong/tree", `/${"x".repeat(32)}/`]) {
      assertEquals((await ask(`${origin}${path}`)).status, 404, path);
    }
  });
});

test("inspect() refuses another host, origin and site, also with the token", async () => {
  await withInspector(async ({ url }) => {
    const refused = [
      { Host: "evil.example" },
      { Host: `evil.example:${new URL(url).port}` },
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { "Sec-Fetch-Site": "cross-site" },
    ];
    for (const headers of refused) {
      const { status } = await ask(`${url}tree`, { headers });
      assertEquals(status, 403, JSON.stringify(headers));
    }
    const own = { Origin: new URL(url).origin };
    assertEquals((await ask(`${url}tree`, { headers: own })).status, 200);
  });
});

test("inspect() refuses other methods and pages that don't exist", async () => {
  await withInspector(async ({ url }) => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      assertEquals((await ask(`${url}tree`, { method })).status, 405, method);
    }
    assertEquals((await ask(`${url}../etc/passwd`)).status, 404);
    assertEquals((await ask(`${url}nothing`)).status, 404);
  });
});

test("inspect() cancels nothing unless that is allowed", async () => {
  await withInspector(async ({ url }) => {
    const task = createTask(() => sleep(60_000));
    const answer = await ask(`${url}cancel`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: String(task.id) }),
    });
    assertEquals(answer.status, 405);
    assertEquals(task.status, "running");
    task.cancel();
    await task.catch(() => {});
  });
});

test("inspect() cancels a task with a reason where that is allowed", async () => {
  await withInspector(async ({ url }) => {
    const task = createTask(() => sleep(60_000));
    const post = (body: string, type = "application/json") =>
      ask(`${url}cancel`, {
        method: "POST",
        headers: { "Content-Type": type },
        body,
      });
    const order = JSON.stringify({ id: String(task.id), reason: "enough" });
    assertEquals((await post(order, "text/plain")).status, 415);
    assertEquals((await post("{")).status, 400);
    assertEquals((await post(JSON.stringify({ id: 5 }))).status, 400);
    assertEquals((await post("x".repeat(20_000))).status, 400);
    assertEquals((await post(JSON.stringify({ id: "nobody" }))).status, 404);
    assertEquals((await ask(`${url}cancel`)).status, 405);
    assertEquals(task.status, "running");
    assertEquals((await post(order)).status, 200);
    await task.catch(() => {});
    assertEquals(task.reason?.message, "enough");
  }, { allowCancel: true });
});

test("inspect() tells of failures that nobody looked at, and leaves the hook as it was", async () => {
  const said: unknown[][] = [];
  const { error } = console;
  console.error = (...words) => said.push(words);
  try {
    await withInspector(async ({ url }) => {
      const events = eventsOf(url);
      await events.next();
      void createTask(() => Promise.reject(new Error("disk full")), {
        name: "writer",
      });
      for (;;) {
        const { failures } = (await events.next()).value!.data;
        if (failures.length === 0) continue;
        assertEquals(failures[0]!.name, "writer");
        assertEquals(failures[0]!.error.message, "disk full");
        break;
      }
      await events.return(undefined);
    });
  } finally {
    console.error = error;
  }
  assertEquals(said.length, 1);
});

test("a viewer that leaves is forgotten", async () => {
  await withInspector(async (inspector) => {
    const events = eventsOf(inspector.url);
    await events.next();
    assertEquals(inspector.viewers, 1);
    await events.return(undefined);
    while (inspector.viewers > 0) await sleep(1);
  });
});

test("fifty viewers are told the same", async () => {
  await withInspector(async (inspector) => {
    const viewers = Array.from({ length: 50 }, () => eventsOf(inspector.url));
    await Promise.all(viewers.map((each) => each.next()));
    assertEquals(inspector.viewers, 50);
    const task = createTask(() => sleep(60_000), { name: "seen" });
    const told = await Promise.all(viewers.map((each) => each.next()));
    for (const { value } of told) {
      assertEquals(value!.data.spans[0]!.name, "seen");
    }
    await Promise.all(viewers.map((each) => each.return(undefined)));
    task.cancel();
    await task.catch(() => {});
  });
});

test("a viewer that reads nothing holds back nobody, and little is kept for it", async () => {
  await withInspector(async ({ url }) => {
    const lazy = await new Promise<{ destroy(): void }>((resolve) => {
      const asking = request(`${url}events`, { agent: false }, (response) => {
        response.pause();
        resolve(response);
      });
      asking.on("error", () => {});
      asking.end();
    });
    const before = process.memoryUsage().heapUsed;
    const events = eventsOf(url);
    await events.next();
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 500; i++) {
        await createTask(() => {}, { name: "x".repeat(400) });
      }
      await events.next();
    }
    await events.return(undefined);
    lazy.destroy();
    const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    assert(grown < 100, `${grown} MiB`);
  });
});

test("inspect() rejects when the port is in use", async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const error = await assertRejects(() => inspect({ port }), Error);
  assertEquals((error as Error & { code?: string }).code, "EADDRINUSE");
  await new Promise((done) => server.close(done));
});

test("inspect() ends once, with the viewers that are there", async () => {
  const inspector = await inspect();
  const events = eventsOf(inspector.url);
  await events.next();
  const ended = new AsyncEvent();
  void events.next().then(() => ended.set(), () => ended.set());
  await Promise.all([inspector.close(), inspector.close()]);
  await ended.wait();
  await assertRejects(() => ask(inspector.url));
});

test("inspect() refuses unknown options and bad ones", () => {
  assertThrows(
    () => inspect({ prot: 1 } as never),
    TypeError,
    'unknown option "prot"',
  );
  assertThrows(
    () => inspect({ port: 70_000 }),
    RangeError,
    "expected at most 65535, received 70000",
  );
  assertThrows(
    () => inspect({ allowCancel: "yes" as never }),
    TypeError,
    "allowCancel",
  );
});
