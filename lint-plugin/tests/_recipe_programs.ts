/** Programs that print the same before and after a recipe, by recipe. */
export const PROGRAMS: { readonly [recipe: string]: string } = {
  "race-timeout": `
function slow(ms: number, value: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(value), ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
function work(ms: number, value: string) {
  return slow(ms, value);
}
async function withLimit(ms: number): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("late")), 400);
  });
  try {
    return await Promise.race([work(ms, "limited"), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
const fails = (ms: number) =>
  Promise.race([
    slow(ms, "in time"),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too late")), 400)),
  ]);
console.log(await fails(1));
console.log(await fails(60_000).catch((error) => error instanceof Error));
console.log(await withLimit(1));
console.log(await withLimit(60_000).catch((error) => error instanceof Error));
console.log(await Promise.race([work(1, "fast"), new Promise((resolve) => setTimeout(resolve, 60_000, "fallback"))]));
console.log(await Promise.race([work(60_000, "slow"), new Promise((resolve) => setTimeout(resolve, 10, "fallback"))]));
console.log(await Promise.race([work(60_000, "slow"), new Promise((resolve) => setTimeout(resolve, 10))]));
const broken = () => Promise.reject(new Error("own"));
console.log(await Promise.race([broken(), new Promise((resolve) => setTimeout(resolve, 60_000))]).catch((error) => error.message));
Deno.exit();
`,
  "abortable-sleep": `
function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
const nap = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
await delay(5);
await nap(5);
console.log("slept");
const controller = new AbortController();
setTimeout(() => controller.abort(new Error("enough")), 5);
console.log(await delay(60_000, controller.signal).catch((error) => error.message));
console.log(await delay(60_000, controller.signal).catch((error) => error.message));
console.log(await delay(1, new AbortController().signal));
`,
  "controller-tree": `
function work(ms: number, name: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      if (ms === 7) reject(new Error(name));
      else resolve(name);
    }, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      stopped.push(name);
      reject(signal.reason);
    });
  });
}
const stopped: string[] = [];
async function both(ms: number, signal: AbortSignal): Promise<string[]> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.all([
      work(ms, "first", controller.signal),
      work(300, "second", controller.signal),
    ]);
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
async function limited(ms: number): Promise<string> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("late")), 400);
  try {
    return await work(ms, "limited", controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
async function watched(signal: AbortSignal): Promise<void> {
  const controller = new AbortController();
  const relay = () => controller.abort(signal.reason);
  signal.addEventListener("abort", relay);
  const watcher = work(60_000, "watcher", controller.signal).catch(() => console.log("watcher ends"));
  try {
    console.log(await work(5, "watched", controller.signal));
  } finally {
    controller.abort();
    signal.removeEventListener("abort", relay);
    await watcher;
  }
}
const { signal } = new AbortController();
console.log(await both(1, signal));
console.log(await both(7, signal).catch((error) => error.message));
const outer = new AbortController();
setTimeout(() => outer.abort(new Error("outer")), 5);
console.log(await both(250, outer.signal).catch((error) => error.message));
console.log(await both(250, outer.signal).catch((error) => error.message));
console.log(await limited(1));
console.log(await limited(60_000).catch((error) => error instanceof Error));
await watched(signal);
console.log(stopped.includes("second"), stopped.includes("watcher"));
`,
  "promise-all-map": `
const started: string[] = [];
async function load(name: string): Promise<string> {
  started.push(name);
  await new Promise((resolve) => setTimeout(resolve, 10 - 3 * name.length));
  if (name === "bad") throw new Error(name);
  return name.toUpperCase();
}
const names = ["a", "bb", "ccc"];
async function all(list: string[]) {
  return await Promise.all(list.map(async (name, index) => \`\${index} \${await load(name)}\`));
}
const named = (list: string[]) => Promise.all(list.map(load));
console.log(await all(names));
console.log(started);
console.log(await named(names.filter((name) => name !== "bb")));
console.log(await named([]));
console.log(await all(["a", "bad"]).catch((error) => error.message));
`,
  "fire-and-forget": `
class Poller {
  lines: string[] = [];

  start(): void {
    void this.#poll("first").catch(console.error);
    this.#poll("second").catch(console.error);
    this.lines.push("started");
  }

  async close(): Promise<void> {
    this.lines.push("closing");
  }

  async #poll(name: string): Promise<void> {
    this.lines.push(name);
    await Promise.resolve();
    this.lines.push(name + " again");
  }
}
const poller = new Poller();
poller.start();
await new Promise((resolve) => setTimeout(resolve, 5));
await poller.close();
console.log(poller.lines);
`,
  "flag-polling": `
let ready = false;
const lines: string[] = [];
class Gate {
  #open = false;
  open() {
    this.#open = true;
  }
  shut(): void {
    this.#open = false;
  }
  get isOpen(): boolean {
    return this.#open;
  }
  async pass(name: string) {
    while (!this.#open) await new Promise((resolve) => setTimeout(resolve, 2));
    lines.push(name);
  }
}
async function wait() {
  while (!ready) await new Promise((resolve) => setTimeout(resolve, 2));
  lines.push("ready");
}
const gate = new Gate();
setTimeout(() => gate.open(), 20);
setTimeout(() => {
  ready = true;
}, 60);
console.log(gate.isOpen);
await Promise.all([wait(), gate.pass("a")]);
await wait();
console.log(lines, gate.isOpen);
gate.shut();
console.log(gate.isOpen);
`,
  "abort-zoo": `
async function attempt(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    return "handled";
  }
}
const isAbort = (error: any) =>
  error instanceof DOMException && error.name === "AbortError" || error?.code === "ABORT_ERR";
const isOther = (error: any) => error.name !== "AbortError";
const aborted = AbortSignal.abort().reason;
console.log(await attempt(async () => "value"));
console.log(await attempt(async () => { throw new Error("own"); }));
console.log(await attempt(async () => { throw aborted; }).catch((error) => error === aborted));
console.log(isAbort(aborted), isAbort(new Error("own")), isAbort(undefined));
console.log(isOther(aborted), isOther(new TypeError("own")));
`,
  "delay": `
import delay from "delay";
await delay(5);
const controller = new AbortController();
setTimeout(() => controller.abort(new Error("enough")), 5);
console.log(await delay(60_000, { signal: controller.signal }).catch((error) => error.message));
console.log(await delay(1));
`,
  "p-limit": `
import pLimit from "p-limit";
let active = 0;
let most = 0;
async function work(n: number): Promise<number> {
  most = Math.max(most, ++active);
  await new Promise((resolve) => setTimeout(resolve, 5));
  active--;
  if (n < 0) throw new Error(\`\${n}\`);
  return n * n;
}
async function all(numbers: number[]) {
  const limit = pLimit(2);
  return await Promise.all(numbers.map((n, index) => limit(async () => index + await work(n))));
}
async function given(numbers: number[]) {
  const limit = pLimit(3);
  return await Promise.all(numbers.map((n) => limit(work, n)));
}
console.log(await all([1, 2, 3, 4, 5]), most);
console.log(await given([1, 2, 3, 4, 5]), most);
console.log(await all([1, -2, 3]).catch((error) => error.message));
`,
  "p-map": `
import pMap from "p-map";
let active = 0;
let most = 0;
const work = async (n: number, index: number): Promise<string> => {
  most = Math.max(most, ++active);
  await new Promise((resolve) => setTimeout(resolve, 5));
  active--;
  if (n < 0) throw new Error(\`\${n}\`);
  return \`\${index} \${n}\`;
};
console.log(await pMap([1, 2, 3, 4], work, { concurrency: 2 }), most);
console.log(await pMap(new Set([1, 2]), async (n) => n + 1));
console.log(await pMap([1, -2, 3], work, { concurrency: 1, stopOnError: true }).catch((error) => error.message));
const aborted = AbortSignal.abort(new Error("enough"));
console.log(await pMap([1, 2], work, { signal: aborted }).catch((error) => error.message));
`,
  "p-retry": `
import pRetry from "p-retry";
const attempts: number[] = [];
const told: string[] = [];
const value = await pRetry((attempt) => {
  attempts.push(attempt);
  if (attempt < 3) throw new Error(\`attempt \${attempt}\`);
  return "done";
}, {
  retries: 4,
  minTimeout: 1,
  onFailedAttempt: ({ error, attemptNumber }) => {
    told.push(\`\${attemptNumber} \${error}\`);
  },
});
console.log(value, attempts, told);
const failed: string[] = [];
const run = () => pRetry(async () => {
  throw new Error("never");
}, {
  retries: 2,
  minTimeout: 1,
  factor: 1,
  shouldRetry: ({ error }) => String(error) === "Error: never",
});
console.log(await run().catch((error) => error.message), failed);
console.log(await pRetry(() => { throw new Error("once"); }, { retries: 0 }).catch((error) => error.message));
`,
  "p-timeout": `
import pTimeout from "p-timeout";
const work = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve("done"), ms));
const limited = (ms: number) => pTimeout(work(ms), { milliseconds: 400 });
const quiet = (ms: number) => pTimeout(work(ms), { milliseconds: 400, message: false });
const fallback = (ms: number) => pTimeout(work(ms), { milliseconds: 400, fallback: () => "fallback" });
console.log(await limited(1), await quiet(1), await fallback(1));
console.log(await limited(60_000).catch((error) => error.name));
console.log(await quiet(60_000), await fallback(60_000));
Deno.exit();
`,
};
