import { assert, assertEquals } from "@std/assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AsyncEvent } from "../mod.ts";
import { appTest, type Stage } from "./_apps.ts";

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
