import {
  assert,
  assertEquals,
  assertFalse,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AsyncEvent } from "../mod.ts";
import { type App, appTest, Call, type Stage } from "./_apps.ts";
import { test } from "./_harness.ts";

const folder = new URL("../examples/apps/", import.meta.url);

test("examples/apps has programs, each of which is short", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assertEquals(names.toSorted(), [
    "crawler.ts",
    "migrated.ts",
    "service_hono.ts",
    "service_http.ts",
    "worker_sqlite.ts",
  ]);
  for (const name of names) {
    const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
    const most = name === "crawler.ts" ? 60 : 120;
    assertLess(lines.length, most + 2, name);
  }
});

// The crawler

/** A site whose pages are its paths' titles, and link to others. */
interface Site {
  address: string;
  asked: string[];
  /** The most requests at one time. */
  busiest: number;
  /** Is set when the client of `/hang` has gone. */
  left: AsyncEvent;
}

/**
 * Opens a site: `/hang` never answers, `/slow` and its like answer when they
 * may, and then if four of them are asked for at the same time.
 */
async function site(
  { serve }: Stage,
  links: Readonly<Record<string, readonly string[]>>,
  may: AsyncEvent = new AsyncEvent(),
): Promise<Site> {
  const asked: string[] = [];
  const left = new AsyncEvent();
  const made = { address: "", asked, busiest: 0, left };
  let active = 0;
  made.address = await serve(({ url = "/" }, response) => {
    asked.push(url);
    made.busiest = Math.max(made.busiest, ++active);
    response.on("close", () => {
      active--;
      if (url === "/hang") left.set();
    });
    const answer = () => {
      const list = links[url];
      response.writeHead(list === undefined ? 404 : 200);
      const anchors = (list ?? []).map((to) => `<a href="${to}">${to}</a>`);
      response.end(`<title>${url}</title>${anchors.join("")}`);
    };
    if (url === "/hang") return;
    if (!url.startsWith("/slow")) return answer();
    if (active === 4) may.set();
    void may.wait().then(answer);
  });
  return made;
}

/** What the crawler wrote. */
function written(file: string): { end: string; urls: string[] } {
  const { end, pages } = JSON.parse(readFileSync(file, "utf8"));
  return { end, urls: pages.map(({ url }: { url: string }) => url).toSorted() };
}

appTest(
  "crawler.ts reads two sites, four pages at a time, and says what failed",
  async (stage) => {
    const paths = Array.from({ length: 9 }, (_, index) => `/slow/${index}`);
    const pages = Object.fromEntries(paths.map((path) => [path, []]));
    const b = await site(stage, { "/": ["/hang"] });
    const a = await site(stage, {
      ...pages,
      "/": [...paths, "/", "/gone", b.address],
    });
    const out = join(stage.folder, "pages.json");
    const args = ["--out", out, "--limit", "1000", a.address];
    const app = stage.start("crawler.ts", { args });
    assertEquals(await app.code, 0);
    assertEquals(app.lines.at(-1), "complete: 13 read, 2 failed");
    assert(app.lines.includes(`Error: status 404 ${a.address}gone`));
    const late = `TimeoutError: Timed out after 1000 ms ${b.address}hang`;
    assert(app.lines.includes(late));
    await b.left.wait();
    assertEquals(app.stderr, "");
    assertEquals(a.asked.toSorted(), ["/", ...paths, "/gone"].toSorted());
    assertEquals(a.busiest, 4);
    const { end, urls } = written(out);
    assertEquals([end, urls.length], ["complete", 13]);
  },
);

appTest(
  "crawler.ts writes what it has when its time is over",
  async (stage) => {
    const { address, left } = await site(stage, {
      "/": ["/hang", "/a"],
      "/a": [],
    });
    const out = join(stage.folder, "pages.json");
    const limits = ["--deadline", "3000", "--limit", "60000"];
    const args = ["--out", out, ...limits, address];
    const app = stage.start("crawler.ts", { args });
    assertEquals(await app.code, 0);
    await left.wait();
    assertEquals(app.lines.at(-1), "out of time: 2 read, 0 failed");
    assertEquals(written(out), {
      end: "out of time",
      urls: [address, `${address}a`],
    });
  },
);

appTest(
  "crawler.ts finishes its requests at Ctrl-C, and begins no others",
  async (stage) => {
    const may = new AsyncEvent();
    const { address, asked } = await site(stage, {
      "/": ["/slow"],
      "/slow": ["/later"],
      "/later": [],
    }, may);
    const out = join(stage.folder, "pages.json");
    const args = [
      "--out",
      out,
      "--limit",
      "60000",
      "--drain",
      "60000",
      address,
    ];
    const app = stage.start("crawler.ts", { args });
    await app.prints(/^ok /);
    app.signal("SIGINT");
    await app.complains(/^SIGINT: 60.0 s to finish.*"GET .*slow"/);
    may.set();
    assertEquals(await app.code, 130);
    assertEquals(app.lines.at(-1), "interrupted: 2 read, 0 failed");
    assertEquals(asked, ["/", "/slow"]);
    assertEquals(written(out).end, "interrupted");
  },
);

appTest(
  "crawler.ts gives requests up when the drain is over, and writes the others",
  async (stage) => {
    const { address, left } = await site(stage, { "/": ["/hang"] });
    const out = join(stage.folder, "pages.json");
    const args = ["--out", out, "--limit", "60000", "--drain", "50", address];
    const app = stage.start("crawler.ts", { args });
    await app.prints(/^ok /);
    app.signal("SIGINT");
    assertEquals(await app.code, 130);
    await left.wait();
    assertEquals(app.lines.at(-1), "interrupted: 1 read, 0 failed");
    assertEquals(written(out), { end: "interrupted", urls: [address] });
  },
);

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

// The worker

interface Row {
  state: string;
  result: string | null;
}

/** The table of jobs, as other processes see it. */
class Jobs implements Disposable {
  readonly file: string;
  readonly #db: DatabaseSync;

  constructor(folder: string) {
    this.file = join(folder, "jobs.db");
    this.#db = new DatabaseSync(this.file);
    this.#db.exec("PRAGMA busy_timeout = 5000");
  }
  add(kind: string, ms: number): void {
    this.#db.prepare("INSERT INTO jobs (kind, ms) VALUES (?, ?)")
      .run(kind, ms);
  }
  cancel(id: number, reason: string): void {
    this.#db.prepare("UPDATE jobs SET cancel = ? WHERE id = ?")
      .run(reason, id);
  }
  row(id: number): Row {
    return this.#db.prepare("SELECT state, result FROM jobs WHERE id = ?")
      .get(id) as unknown as Row;
  }
  [Symbol.dispose](): void {
    this.#db.close();
  }
}

async function worker(
  { start, folder }: Stage,
): Promise<{ app: App; jobs: Jobs }> {
  const app = start("worker_sqlite.ts", { args: [join(folder, "jobs.db")] });
  await app.prints(/^ready$/m);
  return { app, jobs: new Jobs(folder) };
}

appTest(
  "worker_sqlite.ts carries jobs out, and says which failed",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 1);
    jobs.add("fail", 1);
    jobs.add("sleep", 2);
    await app.prints(/^job 1: done$/m);
    await app.prints(/^job 2: failed$/m);
    await app.prints(/^job 3: done$/m);
    const rows = [1, 2, 3].map((id) => ({ ...jobs.row(id) }));
    assertEquals(rows, [
      { state: "done", result: "after 1 ms" },
      { state: "failed", result: "Error: bad input" },
      { state: "done", result: "after 2 ms" },
    ]);
    app.signal("SIGINT");
    assertEquals(await app.code, 130);
  },
);

appTest(
  "worker_sqlite.ts cancels a job through the table, and abandons one that ignores it",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    jobs.add("never", 0);
    await app.prints(/^job 2: begins$/m);
    jobs.cancel(1, "asked by operator");
    await app.prints(/^job 1: cancelled$/m);
    jobs.cancel(2, "asked by operator");
    await app.prints(/^job 2: abandoned$/m);
    // It has room for others all the same.
    jobs.add("sleep", 1);
    await app.prints(/^job 3: done$/m);
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertEquals(jobs.row(1).state, "cancelled");
    assertMatch(jobs.row(2).result ?? "", /never 2/);
    assertMatch(app.stderr, /1 task has not ended .*\n {2}task "never 2": /);
  },
);

appTest(
  "worker_sqlite.ts puts a job back at SIGTERM, and another worker takes it",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    await app.prints(/^job 1: begins$/m);
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertEquals(app.lines.at(-1), "job 1: queued");
    assertEquals(jobs.row(1).state, "queued");
    const { app: other } = await worker(stage);
    await other.prints(/^job 1: begins$/m);
  },
);

appTest(
  "worker_sqlite.ts takes a job over whose worker was killed",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    await app.prints(/^job 1: begins$/m);
    await app.kill();
    assertEquals(jobs.row(1).state, "running");
    const { app: other } = await worker(stage);
    await other.prints(/^job 1: begins$/m);
  },
);

// The migrated class

/** A server that takes files; one path hangs. */
async function shelf(
  { serve }: Stage,
): Promise<{ address: string; hanging: AsyncEvent; left: AsyncEvent }> {
  const hanging = new AsyncEvent();
  const left = new AsyncEvent();
  const address = await serve((request, response) => {
    request.resume();
    if (request.url !== "/hang") return void response.end();
    hanging.set();
    response.on("close", () => left.set());
  });
  return { address, hanging, left };
}

appTest(
  "migrated.ts gives a file up that takes too long, and its request",
  async (stage) => {
    const { address, left } = await shelf(stage);
    const args = ["--limit", "2000", address, "a", "b", "hang", "c", "d"];
    const app = stage.start("migrated.ts", { args });
    assertEquals(await app.code, 0);
    await left.wait();
    assert(app.lines.includes("hang: TimeoutError: Timed out after 2000 ms"));
    assertEquals(app.lines.at(-1), "at the end: uploaded 4, failed 1");
  },
);

appTest(
  "migrated.ts ends at Ctrl-C with all its requests, none of which has failed",
  async (stage) => {
    const { address, hanging, left } = await shelf(stage);
    const args = ["--limit", "60000", address, "a", "hang"];
    const app = stage.start("migrated.ts", { args });
    await hanging.wait();
    await app.prints(/^uploaded 1, failed 0$/m);
    app.signal("SIGINT");
    assertEquals(await app.code, 130);
    await left.wait();
    assertEquals(app.lines.at(-1), "at the end: uploaded 1, failed 0");
  },
);
