// A crawler that is bounded in every way, and writes what it has at Ctrl-C.
//   crawler.ts --out pages.json [--deadline 10000] http://localhost:8000/
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { failAfter, map, moveOnAfter, rethrowCancellation } from "../../mod.ts";
import { run, shield } from "../../mod.ts";
import { Channel, RateLimiter, retry, throttle } from "../../flow.ts";

const text = (value: string) => ({ type: "string", default: value }) as const;
const limits = { limit: text("1000"), rate: text("20"), drain: text("2000") };
const options = { out: text("pages.json"), deadline: text("10000"), ...limits };
const { values, positionals } = parseArgs({ allowPositionals: true, options });
const pages: { url: string; title?: string; error?: string }[] = [];
const seen = new Set<string>();
const frontier = new Channel<string>({ capacity: Infinity });
const hosts = new RateLimiter({ limit: Number(values.rate), interval: 1000 });
const draw = throttle(() => console.log(pages.length, "of", seen.size), 500);
function add(url: string): void {
  if (!seen.has(url) && frontier.trySend(url)) seen.add(url);
}
async function read(url: string): Promise<typeof pages[number]> {
  await hosts.acquire({ key: new URL(url).host });
  return await failAfter(Number(values.limit), async ({ signal }) => {
    const response = await fetch(url, { signal });
    const html = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    for (const [, to = ""] of html.matchAll(/href="(.*?)"/g)) {
      add(new URL(to, url).href);
    }
    return { url, title: /<title>(.*?)<\/title>/.exec(html)?.[1] ?? "" };
  });
}
const retryIf = (error: unknown) => !String(error).includes("status 4");
const again = { delay: 200, jitter: true, retryIf };
async function visit(url: string): Promise<void> {
  const page = await retry(() => read(url), again).catch((error) => {
    rethrowCancellation(error);
    return { url, error: String(error) };
  });
  console.log("error" in page ? page.error : "ok", url);
  if (pages.push(page) === seen.size) frontier.close();
  draw();
}

await run(async ({ shutdown }) => {
  positionals.forEach(add);
  const name = (url: string) => `GET ${url}`;
  const work = (url: string) => shutdown.isSet ? frontier.close() : visit(url);
  try {
    const all = () => map(frontier, work, { concurrency: 4, name });
    await moveOnAfter(Number(values.deadline), all);
  } finally {
    draw.cancel();
    const all = pages.length === seen.size ? "complete" : "out of time";
    const end = shutdown.isSet ? "interrupted" : all;
    await shield(() => writeFile(values.out, JSON.stringify({ end, pages })));
    const failed = pages.filter(({ error }) => error !== undefined).length;
    console.log(`${end}: ${pages.length} read, ${failed} failed`);
  }
}, { drain: Number(values.drain), grace: 1000 });
