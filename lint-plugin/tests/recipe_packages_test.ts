/** Recipes for packages of npm. */
import { testRecipe } from "./_recipe.ts";

testRecipe("delay", [
  {
    name: "writes sleep() and removes the import",
    before: `import delay from "delay";

export async function poll() {
  await delay(100);
}
`,
    after: `import { sleep } from "@mdc/tasks";

export async function poll() {
  await sleep(100);
}
`,
  },
  {
    name: "passes the signal on, and keeps other imports",
    before: `import delay from 'delay'
import { load } from './load.js'

export async function poll(signal) {
  await delay(100, { signal })
  await delay(load(), { signal: signal })
}
`,
    after: `import { load } from './load.js'
import { sleep } from '@mdc/tasks'

export async function poll(signal) {
  await sleep(100, { signal })
  await sleep(load(), { signal: signal })
}
`,
    filename: "main.js",
  },
  {
    name: "adds the name to an import that is there",
    before: `import delay from "delay";
import { createTask } from "@mdc/tasks";
createTask(() => delay(1));
`,
    after: `import { createTask, sleep } from "@mdc/tasks";
createTask(() => sleep(1));
`,
  },
  {
    name: "uses another name where the file has one of its own",
    before: `import delay from "delay";
function sleep() {}
await delay(1);
sleep();
`,
    after: `import { sleep as mdcSleep } from "@mdc/tasks";
function sleep() {}
await mdcSleep(1);
sleep();
`,
  },
  {
    name: "leaves a value, what is handed on, and other functions",
    before: `import delay, { rangeDelay } from "delay";
await delay(1, { value: 2 });
await Promise.all([1, 2].map(delay));
await rangeDelay(1, 2);
`,
    left: [
      "`value` has no counterpart",
      "it isn't called here, but handed on",
      "only `delay()` itself has a counterpart",
    ],
  },
  {
    name: "keeps the import for what is left",
    before: `import delay from "delay";
await delay(1, { value: 2 });
await delay(1);
`,
    after: `import delay from "delay";
import { sleep } from "@mdc/tasks";
await delay(1, { value: 2 });
await sleep(1);
`,
    left: ["`value` has no counterpart"],
  },
  {
    name: "leaves options that it can't see",
    before: `import delay from "delay";
export const nap = (options) => delay(1, options);
export const rest = (options) => delay(1, { ...options });
`,
    left: [
      "its options aren't written there",
      "its options aren't all written there",
    ],
  },
  {
    name: "leaves another delay() alone",
    before: `import delay from "./delay.js";
await delay(1);
`,
  },
]);

testRecipe("p-map", [
  {
    name: "keeps concurrency and signal",
    before: `import pMap from "p-map";
export const all = (urls: string[], signal: AbortSignal) =>
  pMap(urls, (url) => fetch(url, { signal }), { concurrency: 4, signal });
`,
    after: `import { map } from "@mdc/tasks";
export const all = (urls: string[], signal: AbortSignal) =>
  map(urls, (url) => fetch(url, { signal }), { concurrency: 4, signal });
`,
  },
  {
    name: "gives the index its new place",
    before: `import pMap from "npm:p-map@7";
const mapper = async (url: string, index: number) => \`\${index} \${url}\`;
export const named = (urls: string[]) => pMap(urls, mapper);
export const inline = (urls: string[]) => pMap(urls, async (url, index) => url + index, { stopOnError: true });
`,
    after: `import { map } from "@mdc/tasks";
const mapper = async (url: string, index: number) => \`\${index} \${url}\`;
export const named = (urls: string[]) => map(urls, (item, _context, index) => mapper(item, index));
export const inline = (urls: string[]) => map(urls, async (url, _context, index) => url + index);
`,
  },
  {
    name: "hands a function of one parameter on",
    before: `import pMap from "p-map";
async function load(url: string) { return await fetch(url); }
export const all = (urls: string[]) => pMap(urls, load, { concurrency: 2 });
`,
    after: `import { map } from "@mdc/tasks";
async function load(url: string) { return await fetch(url); }
export const all = (urls: string[]) => map(urls, load, { concurrency: 2 });
`,
  },
  {
    name: "leaves what goes on after a failure, or skips items",
    before: `import pMap, { pMapSkip } from "p-map";
export const all = (urls: string[]) => pMap(urls, fetch, { stopOnError: false });
export const some = (urls: string[]) => pMap(urls, async (url) => (await fetch(url)).ok ? url : pMapSkip);
`,
    left: [
      "the file skips items by `pMapSkip`",
      "the file skips items by `pMapSkip`",
    ],
  },
  {
    name: "leaves promises, spread arguments and options from elsewhere",
    before: `import pMap from "p-map";
export const a = (promises: Promise<string>[]) => pMap(promises, (each) => each);
export const b = (args: [string[], () => void]) => pMap(...args);
export const c = (urls: string[], options: object) => pMap(urls, (url) => url, options);
`,
    left: [
      "its items seem to be promises, which \`map()\` doesn't await",
      "its arguments aren't known",
      "its options aren't written there",
    ],
  },
  {
    name: "leaves a callback that takes everything",
    before: `import pMap from "p-map";
export const all = (urls: string[]) => pMap(urls, (...args) => args.length);
export const other = (urls: string[]) => pMap(urls, function () { return arguments.length; });
`,
    left: [
      "its callback takes more than an item and an index",
      "its callback takes more than an item and an index",
    ],
  },
]);

testRecipe("p-limit", [
  {
    name: "writes map() and removes the limit",
    before: `import pLimit from "p-limit";

export async function load(urls: string[]) {
  const limit = pLimit(4);
  return await Promise.all(urls.map((url) => limit(() => fetch(url))));
}
`,
    after: `import { map } from "@mdc/tasks";

export async function load(urls: string[]) {
  return await map(urls, (url) => fetch(url), { concurrency: 4 });
}
`,
  },
  {
    name: "keeps async bodies, indexes and arguments",
    before: `import pLimit from "p-limit";

export async function first(urls: string[]) {
  const limit = pLimit(most);
  await Promise.all(urls.map((url, i) => limit(async () => {
    await fetch(url + i);
  })));
}
export function second(urls: string[]) {
  const limit = pLimit(2);
  return Promise.all(urls.map((url) => limit(fetch, url)));
}
`,
    after: `import { map } from "@mdc/tasks";

export async function first(urls: string[]) {
  await map(urls, async (url, _context, i) => {
    await fetch(url + i);
  }, { concurrency: most });
}
export function second(urls: string[]) {
  return map(urls, (url) => fetch(url), { concurrency: 2 });
}
`,
  },
  {
    name: "takes the map() of a limit",
    before: `import pLimit from "p-limit";
export async function load(urls: string[]) {
  const limit = pLimit(4);
  return await limit.map(urls, (url) => fetch(url));
}
`,
    after: `import { map } from "@mdc/tasks";
export async function load(urls: string[]) {
  return await map(urls, (url) => fetch(url), { concurrency: 4 });
}
`,
  },
  {
    name: "leaves a limit that calls share",
    before: `import pLimit from "p-limit";
const limit = pLimit(4);
export const load = (urls: string[]) => Promise.all(urls.map((url) => limit(() => fetch(url))));
`,
    left: ["several calls share the limit"],
  },
  {
    name: "leaves a limit of several places, and one that is handed on",
    before: `import pLimit from "p-limit";
export async function load(a: string[], b: string[]) {
  const limit = pLimit(4);
  const one = Promise.all(a.map((url) => limit(() => fetch(url))));
  await Promise.all(b.map((url) => limit(() => fetch(url))));
  return await one;
}
export function make() {
  const limit = pLimit(4);
  return limit;
}
`,
    left: [
      "the limit is used in several places",
      "it isn't one \`Promise.all\` of an array's \`map()\`",
    ],
  },
  {
    name: "leaves work outside of the limit, and loops",
    before: `import pLimit from "p-limit";
export async function load(urls: string[]) {
  const limit = pLimit(4);
  return await Promise.all(urls.map(async (url) => {
    const response = await limit(() => fetch(url));
    return await response.text();
  }));
}
export async function loop(urls: string[]) {
  const limit = pLimit(4);
  const all = [];
  for (const url of urls) all.push(limit(() => fetch(url)));
  return await Promise.all(all);
}
`,
    left: [
      "it isn't one \`Promise.all\` of an array's \`map()\`",
      "it isn't one \`Promise.all\` of an array's \`map()\`",
    ],
  },
  {
    name: "leaves a promise that nobody waits for right there",
    before: `import pLimit from "p-limit";
export async function load(urls: string[]) {
  const limit = pLimit(4);
  const all = Promise.all(urls.map((url) => limit(() => fetch(url))));
  await prepare();
  return await all;
}
`,
    left: ["nobody waits for its \`Promise.all\` right there"],
  },
]);

testRecipe("p-timeout", [
  {
    name: "gives the limit's signal to what takes one",
    before: `import pTimeout from "p-timeout";
export const load = (url: string) => pTimeout(fetch(url), { milliseconds: 1000 });
`,
    after: `import { failAfter } from "@mdc/tasks";
export const load = (url: string) => failAfter(1000, ({ signal }) => fetch(url, { signal }));
`,
  },
  {
    name: "leaves other work behind when the time is over, as before",
    before: `import pTimeout from "p-timeout";
export const load = (work: Promise<string>) => pTimeout(work, { milliseconds: 1000 });
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";
export const load = (work: Promise<string>) => failAfter(1000, () => abortable(work));
`,
  },
  {
    name: "writes moveOnAfter() for a fallback and for message: false",
    before: `import pTimeout from "p-timeout";
export const load = () => pTimeout(work(), { milliseconds: 10, fallback: () => "none" });
export const find = () => pTimeout(work(), { milliseconds: 10, message: false });
export const none = () => pTimeout(work(), { milliseconds: 10, fallback: () => undefined });
`,
    after: `import { abortable, moveOnAfter } from "@mdc/tasks";
export const load = () => moveOnAfter(10, () => abortable(work()), { fallback: "none" });
export const find = () => moveOnAfter(10, () => abortable(work()));
export const none = () => moveOnAfter(10, () => abortable(work()));
`,
  },
  {
    name: "keeps the signal of the caller",
    before: `import pTimeout from "p-timeout";
export const load = (signal: AbortSignal) => pTimeout(work(), { milliseconds: 10, signal, message: "late" });
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";
export const load = (signal: AbortSignal) => failAfter(10, () => abortable(work()), { signal });
`,
  },
  {
    name: "leaves errors with a meaning and fallbacks that work",
    before: `import pTimeout, { TimeoutError } from "p-timeout";
export const a = () => pTimeout(work(), { milliseconds: 10, message: new LateError() });
export const b = () => pTimeout(work(), { milliseconds: 10, fallback: () => retry() });
export const c = (error: unknown) => error instanceof TimeoutError;
`,
    left: [
      "its error means something of its own",
      "its fallback does something",
      "`@mdc/tasks` throws a `TimeoutError` of its own: import that",
    ],
  },
  {
    name:
      "leaves promises that may be cleared, timers of one's own, old versions",
    before: `import pTimeout from "p-timeout";
export const a = pTimeout(work(), { milliseconds: 10 });
export const b = () => pTimeout(work(), { milliseconds: 10, customTimers });
export const c = () => pTimeout(work(), 10);
export const d = async () => await pTimeout(work(await key()), { milliseconds: 10 });
`,
    left: [
      "its promise may be cleared",
      "`customTimers` has no counterpart",
      "its time isn't an option: it is an old version",
      "something is awaited before its work starts",
    ],
  },
]);

testRecipe("p-retry", [
  {
    name: "counts attempts in place of retries",
    before: `import pRetry from "p-retry";
export const load = (url: string) => pRetry(() => fetch(url), { retries: 3, minTimeout: 100, signal });
`,
    after: `import { retry } from "@mdc/tasks/flow";
export const load = (url: string) => retry(() => fetch(url), { attempts: 4, delay: 100, signal });
`,
  },
  {
    name: "writes defaults that differ",
    before: `import pRetry from "p-retry";
export const load = (url: string) => pRetry(() => fetch(url));
export const find = (url: string, n: number) => pRetry(() => fetch(url), { retries: n - 1, maxTimeout: 500 });
`,
    after: `import { retry } from "@mdc/tasks/flow";
export const load = (url: string) => retry(() => fetch(url), { attempts: 11, maxDelay: Infinity });
export const find = (url: string, n: number) => retry(() => fetch(url), { attempts: (n - 1) + 1, maxDelay: 500 });
`,
  },
  {
    name: "gives the number of the attempt its new place",
    before: `import pRetry from "p-retry";
export const a = () => pRetry(async (attempt) => await run(attempt), { retries: 1 });
export const b = () => pRetry(attempt => run(attempt), { retries: 1 });
export const c = () => pRetry(run, { retries: 1 });
`,
    after: `import { retry } from "@mdc/tasks/flow";
export const a = () => retry(async (_context, attempt) => await run(attempt), { attempts: 2 });
export const b = () => retry((_context, attempt) => run(attempt), { attempts: 2 });
export const c = () => retry((_context, attempt) => run(attempt), { attempts: 2 });
`,
  },
  {
    name: "translates callbacks that say what they take",
    before: `import pRetry from "p-retry";
export const load = () => pRetry(run, {
  retries: 2,
  shouldRetry: ({ error }) => error.code !== 404,
  onFailedAttempt: ({ error, attemptNumber }) => log(error, attemptNumber),
});
`,
    after: `import { retry } from "@mdc/tasks/flow";
export const load = () => retry((_context, attempt) => run(attempt), { attempts: 3, retryIf: (error) => error.code !== 404, onRetry: ({ error, attempt: attemptNumber }) => log(error, attemptNumber) });
`,
  },
  {
    name:
      "leaves callbacks that take the whole, and options without counterpart",
    before: `import pRetry from "p-retry";
export const a = () => pRetry(run, { onFailedAttempt: (error) => log(error) });
export const b = () => pRetry(run, { onFailedAttempt: ({ retriesLeft }) => log(retriesLeft) });
export const c = () => pRetry(run, { randomize: true });
export const d = () => pRetry(run, { maxRetryTime: 10 });
`,
    left: [
      "what `onFailedAttempt` gets isn't known",
      "what `onFailedAttempt` gets isn't known",
      "`randomize` has no counterpart",
      "`maxRetryTime` has no counterpart",
    ],
  },
  {
    name: "leaves a file that stops it by its AbortError",
    before: `import pRetry, { AbortError } from "p-retry";
export const a = () => pRetry(async () => { throw new AbortError("no"); });
`,
    left: [
      "the file stops it by its `AbortError`, and `retry()` throws what it got",
    ],
  },
]);
