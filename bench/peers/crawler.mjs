// The crawler of examples/apps/crawler.ts with p-queue and p-retry: the same
// options, bounds and output.
//   node crawler.mjs --out pages.json [--deadline 10000] http://localhost:8000/
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import PQueue from "p-queue";
import pRetry from "p-retry";

const text = (value) => ({ type: "string", default: value });
const limits = { limit: text("1000"), rate: text("20"), drain: text("2000") };
const options = { out: text("pages.json"), deadline: text("10000"), ...limits };
const { values, positionals } = parseArgs({ allowPositionals: true, options });

const pages = [];
const seen = new Set();
const queue = new PQueue({ concurrency: 4 });
const hosts = new Map();
const over = new AbortController();
let end = "complete";

function add(url) {
  if (seen.has(url) || end !== "complete") return;
  seen.add(url);
  // What is still queued rejects when all is over.
  queue.add(() => visit(url), { signal: over.signal }).catch(() => {});
}

function hostQueue(url) {
  const { host } = new URL(url);
  if (!hosts.has(host)) {
    const intervalCap = Number(values.rate);
    hosts.set(host, new PQueue({ interval: 1000, intervalCap }));
  }
  return hosts.get(host);
}

async function read(url) {
  return await hostQueue(url).add(async () => {
    const limit = AbortSignal.timeout(Number(values.limit));
    const signal = AbortSignal.any([limit, over.signal]);
    const response = await fetch(url, { signal });
    const html = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    for (const [, to = ""] of html.matchAll(/href="(.*?)"/g)) {
      add(new URL(to, url).href);
    }
    return { url, title: /<title>(.*?)<\/title>/.exec(html)?.[1] ?? "" };
  }, { signal: over.signal });
}

async function visit(url) {
  const page = await pRetry(() => read(url), {
    retries: 2,
    minTimeout: 200,
    randomize: true,
    signal: over.signal,
    shouldRetry: ({ error }) => !String(error).includes("status 4"),
  }).catch((error) => ({ url, error: String(error) }));
  // A page that was given up is no page that failed.
  if (over.signal.aborted) return;
  console.log("error" in page ? page.error : "ok", url);
  pages.push(page);
}

function stop(why, grace) {
  end = why;
  queue.clear();
  return setTimeout(() => over.abort(new Error(why)), grace);
}

const timers = [
  setTimeout(() => stop("out of time", 0), Number(values.deadline)),
];
process.once("SIGINT", () => {
  timers.push(stop("interrupted", Number(values.drain)));
  process.exitCode = 130;
});
const progress = setInterval(
  () => console.log(pages.length, "of", seen.size),
  500,
);
positionals.forEach(add);
await queue.onIdle();
clearInterval(progress);
timers.forEach(clearTimeout);
await writeFile(values.out, JSON.stringify({ end, pages }));
const failed = pages.filter(({ error }) => error !== undefined).length;
console.log(`${end}: ${pages.length} read, ${failed} failed`);
