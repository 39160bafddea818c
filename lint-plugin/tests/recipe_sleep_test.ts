import { testRecipe } from "./_recipe.ts";

testRecipe("abortable-sleep", [
  {
    name: "writes sleep() for a promise with a listener and a timer",
    before:
      `export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
`,
    after: `import { sleep } from "@mdc/tasks";

export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, { signal });
}
`,
  },
  {
    name: "reads helpers, doors and options",
    before:
      `async function pause(seconds: number, options?: { signal?: AbortSignal }) {
  options?.signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    function cleanup() {
      clearTimeout(timer);
      options?.signal?.removeEventListener("abort", onAbort);
    }
    function onAbort() {
      cleanup();
      reject(new DOMException("Aborted", "AbortError"));
    }
    const timer = setTimeout(() => {
      cleanup();
      resolve();
    }, seconds * 1000);
    options?.signal?.addEventListener("abort", onAbort);
  });
}
`,
    after: `import { sleep } from "@mdc/tasks";

async function pause(seconds: number, options?: { signal?: AbortSignal }) {
  await sleep(seconds * 1000, { signal: options?.signal });
}
`,
  },
  {
    name: "imports sleep() in place of a plain timer of the module",
    before: `import { work } from "./work.ts";

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function wait(time: number) {
  return new Promise((r) => setTimeout(r, time));
}

export const nap = async (ms: number) => await sleep(ms);
export const rest = () => wait(5).then(work);
`,
    after: `import { work } from "./work.ts";
import { sleep, sleep as wait } from "@mdc/tasks";

export const nap = async (ms: number) => await sleep(ms);
export const rest = () => wait(5).then(work);
`,
  },
  {
    name: "keeps a plain timer that is exported, described, or handed on",
    before:
      `export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

// In seconds.
const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds));

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const all = async () => await Promise.all([1, 2].map(wait));
export const both = async () => await pause(2);
`,
    after: `import { sleep as mdcSleep } from "@mdc/tasks";

export const sleep = (ms: number) => mdcSleep(ms);

// In seconds.
const pause = (seconds: number) => mdcSleep(seconds);

const wait = (ms: number) => mdcSleep(ms);

export const all = async () => await Promise.all([1, 2].map(wait));
export const both = async () => await pause(2);
`,
  },
  {
    name: "keeps that a time which is over already ends at once",
    before:
      `const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export const until = async (time: number) => await sleep(time - Date.now());
`,
    after: `import { sleep as mdcSleep } from "@mdc/tasks";

const sleep = (ms: number) => mdcSleep(Math.max(0, ms));
export const until = async (time: number) => await sleep(time - Date.now());
`,
  },
  {
    name: "leaves a time that may be missing",
    before:
      `export const tick = (ms?: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
`,
    left: ["its time may be missing"],
  },
  {
    name: "leaves one that resolves when it is aborted",
    before:
      `export const nap = (ms: number, signal: AbortSignal) => new Promise<void>((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  });
});
`,
    left: ["it resolves when it is aborted"],
  },
  {
    name: "leaves errors with a meaning, values and more work",
    before:
      `export const a = (ms: number, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(new JobLostError()); });
});
export const b = (ms: number, value: string) => new Promise((resolve) => setTimeout(() => resolve(value), ms));
export const c = (ms: number, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  timer.unref();
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
});
`,
    left: [
      "what it rejects with means something of its own",
      "it does more: `timer.unref()`",
    ],
  },
  {
    name:
      "leaves one that hangs when it is aborted, and a promise of something else",
    before:
      `export const a = (ms: number, signal: AbortSignal) => new Promise<void>((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => clearTimeout(timer));
});
export const b = (signal: AbortSignal) => new Promise<void>((_, reject) => {
  signal.addEventListener("abort", () => reject(signal.reason));
});
`,
    left: ["it never ends when it is aborted"],
  },
  {
    name: "leaves a function without parameters, which is no sleep for others",
    before:
      `export const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
`,
  },
]);

testRecipe("abort-zoo", [
  {
    name: "writes rethrowCancellation() for a test that throws the error on",
    before: `export async function run() {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    return undefined;
  }
}
`,
    after: `import { rethrowCancellation } from "@mdc/tasks";

export async function run() {
  try {
    await work();
  } catch (error) {
    rethrowCancellation(error);
    return undefined;
  }
}
`,
  },
  {
    name: "writes isCancellation() for all the ways to ask",
    before: `export const isAbort = (e: any) =>
  e instanceof DOMException && e.name === "AbortError" || e?.code === "ABORT_ERR" || "AbortError" === (e as Error).name;
export const isOther = (e: any) => e.name !== "AbortError" && e.code !== "ABORT_ERR";
`,
    after: `import { isCancellation } from "@mdc/tasks";

export const isAbort = (e: any) =>
  isCancellation(e);
export const isOther = (e: any) => !isCancellation(e);
`,
  },
  {
    name: "keeps the other parts of a test",
    before: `export async function run(signal: AbortSignal) {
  await work().catch((e) => {
    if (signal.aborted || e.name === "AbortError") return;
    if (e.name === "AbortError" || e.name === "TimeoutError") retry();
    throw e;
  });
}
`,
    after: `import { isCancellation } from "@mdc/tasks";

export async function run(signal: AbortSignal) {
  await work().catch((e) => {
    if (signal.aborted || isCancellation(e)) return;
    if (isCancellation(e) || e.name === "TimeoutError") retry();
    throw e;
  });
}
`,
  },
  {
    name: "leaves a test that tells TypeScript the type",
    before: `export function log(e: unknown) {
  if (e instanceof Error && e.name === "AbortError") console.log(e.message);
}
export const text = (e: unknown) => e instanceof Error && e.name === "AbortError" && e.message;
`,
    left: [
      "what it guards reads more of `e`, whose type it tells",
      "what it guards reads more of `e`, whose type it tells",
    ],
  },
  {
    name: "leaves files that abort work themselves",
    before: `export async function load(url: string) {
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  return await fetch(url, { signal: controller.signal }).catch((e) => {
    if (e.name === "AbortError") return undefined;
    throw e;
  });
}
`,
    left: [
      "the file aborts work itself: ask \`isCancellation(error, signal)\`",
    ],
  },
  {
    name: "asks for the kind of the error no longer",
    before: `export const isAbort = (cause: unknown) =>
  typeof cause === "object" && cause !== null && "name" in cause && cause.name === "AbortError";
`,
    after: `import { isCancellation } from "@mdc/tasks";

export const isAbort = (cause: unknown) =>
  isCancellation(cause);
`,
  },
  {
    name: "leaves what isn't a test of an error in a variable",
    before:
      `export const a = (result: any) => result.error.name === "AbortError";
export const b = (e: Error) => e.name === "TimeoutError";
export const c = (e: Error, f: Error) => e instanceof Error && f.name === "x";
`,
  },
  {
    name: "keeps a branch that does more than throwing",
    before: `export function handle(error) {
  if (error && error.name === "AbortError") {
    // Nothing to report.
    throw error;
  }
  if (error.code === "ABORT_ERR") { close(); throw error; }
}
`,
    after: `import { isCancellation } from "@mdc/tasks";

export function handle(error) {
  if (isCancellation(error)) {
    // Nothing to report.
    throw error;
  }
  if (isCancellation(error)) { close(); throw error; }
}
`,
    filename: "main.js",
  },
  {
    name: "writes no semicolon where the file has none",
    before: `export const run = () => work().catch((err) => {
  if (err.name === 'AbortError') {
    throw err
  }
  throw new Error('failed', { cause: err })
})
`,
    after: `import { rethrowCancellation } from '@mdc/tasks'

export const run = () => work().catch((err) => {
  rethrowCancellation(err)
  throw new Error('failed', { cause: err })
})
`,
  },
  {
    name: "uses the namespace of the file",
    before: `import * as mdc from "@mdc/tasks";
export const isAbort = (error: any) => error.name === "AbortError";
export const task = mdc.createTask(() => {});
`,
    after: `import * as mdc from "@mdc/tasks";
export const isAbort = (error: any) => mdc.isCancellation(error);
export const task = mdc.createTask(() => {});
`,
  },
]);

testRecipe("promise-all-map", [
  {
    name: "writes map()",
    before: `export async function load(urls: string[]) {
  return await Promise.all(urls.map(async (url) => await fetch(url)));
}
export const sizes = (files: string[]) => Promise.all(files.filter(Boolean).map((file) => stat(file)));
`,
    after: `import { map } from "@mdc/tasks";

export async function load(urls: string[]) {
  return await map(urls, async (url) => await fetch(url));
}
export const sizes = (files: string[]) => map(files.filter(Boolean), (file) => stat(file));
`,
  },
  {
    name: "gives the index its new place",
    before: `export async function load(urls: string[]) {
  await Promise.all(urls.map(async (url, index) => {
    await save(index, url);
  }));
}
`,
    after: `import { map } from "@mdc/tasks";

export async function load(urls: string[]) {
  await map(urls, async (url, _context, index) => {
    await save(index, url);
  });
}
`,
  },
  {
    name:
      "hands a function of one parameter on, and leaves one that nobody knows",
    before: `import { save } from "./save.ts";
async function load(url: string) { return await fetch(url); }
export const all = (urls: string[]) => Promise.all(urls.map(load));
export const other = (urls: string[]) => Promise.all(urls.map(save));
`,
    after: `import { save } from "./save.ts";
import { map } from "@mdc/tasks";
async function load(url: string) { return await fetch(url); }
export const all = (urls: string[]) => map(urls, load);
export const other = (urls: string[]) => Promise.all(urls.map(save));
`,
    left: ["nobody knows which arguments its callback takes"],
  },
  {
    name: "leaves one that nobody waits for right there",
    before: `export async function load(urls: string[]) {
  const all = Promise.all(urls.map(async (url) => await fetch(url)));
  await prepare();
  return await all;
}
`,
    left: ["nobody waits for it right there"],
  },
  {
    name: "leaves the array, a receiver, and plain values",
    before:
      `export const a = (urls: string[]) => Promise.all(urls.map(async (url, i, all) => all[i]));
export const b = (urls: string[]) => Promise.all(urls.map((url) => url.length));
export const c = (urls: string[]) => Promise.all(urls.map(async function () { return this; }, {}));
`,
    left: [
      "its callback takes more than an item and an index",
      "its callback isn't async",
    ],
  },
  {
    name: "leaves Promise.allSettled and several arrays",
    before:
      `export const a = (urls: string[]) => Promise.allSettled(urls.map((url) => fetch(url)));
export const b = (urls: string[]) => Promise.all([...urls.map((url) => fetch(url)), close()]);
`,
  },
]);
