// A crawler: pages from some addresses on, to a file. It is bounded in every
// way: so many at once, so long for a page, so long for all of them. At Ctrl-C
// it asks for no further page, and writes what it has.
//
//   crawler.ts --out pages.json [--deadline 10000] http://localhost:8000/
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  failAfter,
  map,
  moveOnAfter,
  rethrowCancellation,
  run,
  type RunContext,
  shield,
} from "../../mod.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "pages.json" },
    deadline: { type: "string", default: "10000" },
    limit: { type: "string", default: "1000" },
    drain: { type: "string", default: "2000" },
  },
});
const deadline = Number(values.deadline);
const limit = Number(values.limit);

interface Page {
  readonly url: string;
  readonly title?: string;
  readonly links: readonly string[];
  /** Why there is no title. */
  readonly error?: string;
}

const pages: Page[] = [];

async function read(url: string): Promise<Page> {
  // The context is that of the limit, and so is the signal.
  return await failAfter(limit, async ({ signal }) => {
    const response = await fetch(url, { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    const title = /<title>(.*?)<\/title>/.exec(text)?.[1] ?? "";
    const links = [...text.matchAll(/href="(.*?)"/g)].map(([, href = ""]) =>
      new URL(href, url).href
    );
    return { url, title, links };
  });
}

async function visit(url: string): Promise<Page> {
  let page: Page;
  try {
    page = await read(url);
  } catch (error) {
    // That it takes too long is the page's failure. Who was asked to stop,
    // by Ctrl-C or by the deadline, stops.
    rethrowCancellation(error);
    page = { url, links: [], error: String(error) };
  }
  pages.push(page);
  console.log(`${page.error ?? "ok"} ${url}`);
  return page;
}

/** Level by level: all pages that are one link away, then those behind them. */
async function crawl({ shutdown }: RunContext): Promise<string> {
  const seen = new Set(positionals);
  let level = positionals;

  // map() takes an address when it has room for one.
  function* untilShutdown(): Generator<string> {
    for (const url of level) {
      if (shutdown.isSet) return;
      yield url;
    }
  }
  while (level.length > 0) {
    const found = await map(untilShutdown(), visit, {
      concurrency: 4,
      name: (url) => `GET ${url}`,
    });
    if (shutdown.isSet) return "interrupted";
    level = [...new Set(found.flatMap(({ links }) => links))]
      .filter((url) => !seen.has(url));
    for (const url of level) seen.add(url);
  }
  return "complete";
}

async function main(context: RunContext): Promise<void> {
  let end = "interrupted";
  try {
    end = await moveOnAfter(deadline, () => crawl(context), {
      fallback: "out of time",
    });
  } finally {
    // Also when the drain is over and everything is cancelled.
    await shield(() => writeFile(values.out, JSON.stringify({ end, pages })));
    const failed = pages.filter(({ error }) => error !== undefined).length;
    console.log(`${end}: ${pages.length} read, ${failed} failed`);
  }
}

await run(main, { drain: Number(values.drain), grace: 1000 });
