/**
 * What the code mod did to public code, each as a minimal case: none of it is
 * written unread.
 */
import { assertEquals } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { edit } from "./_edit.ts";

interface HarmfulCase {
  readonly name: string;
  readonly rule: string;
  readonly code: string;
  /** What no safe edit may write. */
  readonly never: RegExp;
}

const HARMFUL: readonly HarmfulCase[] = [
  {
    name: "an IIFE that reads until something else ends isn't awaited",
    rule: "no-untracked-promise",
    code: `export async function watch(nc) {
  const it = nc.status();
  (async () => { for await (const each of it) console.log(each); })();
}
`,
    never: /await \(async/,
  },
  {
    name:
      "an IIFE that writes into a stream whose reader is returned isn't awaited",
    rule: "no-untracked-promise",
    code: `export async function respond(writer, readable) {
  (async () => { await writer.write("x"); })();
  return new Response(readable);
}
`,
    never: /await \(async/,
  },
  ...["closed()", "iterClosed", "promise", "done", "finished", "exited()"].map(
    (promise) => ({
      name: `a chain on \`${promise}\` isn't awaited`,
      rule: "no-untracked-promise",
      code: `export async function start(x) {
  x.${promise}.then(() => clean());
}
`,
      never: /await x/,
    }),
  ),
  {
    name: "a method that runs until it is paused isn't awaited",
    rule: "no-untracked-promise",
    code: `export class Worker {
  async run() { while (!this.closing) await this.next(); }
  async resume() { this.paused = false; this.run(); }
}
`,
    never: /await this\.run/,
  },
  {
    name: "a function that calls itself isn't awaited",
    rule: "no-untracked-promise",
    code: `export async function loop() {
  await work();
  if (more) loop();
}
`,
    never: /await loop/,
  },
  {
    name: "a statement that what follows starts or ends isn't awaited",
    rule: "no-untracked-promise",
    code: `async function send(pipe) { await pipe.add(1); }
export async function flush(pipe) {
  send(pipe);
  await pipe.exec();
}
`,
    never: /await send/,
  },
  {
    name: "a comment that says why not stops the edit",
    rule: "no-untracked-promise",
    code: `async function send() {}
export async function flush() {
  // we do not need to await each call
  send();
}
`,
    never: /await send|\.catch/,
  },
  {
    name: "a rethrow doesn't make a branch dead that cancels a child",
    rule: "no-swallowed-cancellation",
    code: `export async function run(child, signal) {
  try {
    return await work({ signal });
  } catch (error) {
    if (signal.aborted) {
      await child.cancel();
      return undefined;
    }
    throw error;
  }
}
`,
    never: /throw error;[^]*throw error;/,
  },
  {
    name: "a rethrow doesn't skip what a reader waits for",
    rule: "no-swallowed-cancellation",
    code: `export async function pump(source, queue, signal) {
  try {
    return await source.read({ signal });
  } catch (error) {
    queue.enqueue(DONE);
  }
}
`,
    never: /throw error/,
  },
  {
    name: "a rethrow isn't put into a handler that makes data of the error",
    rule: "no-swallowed-cancellation",
    code: `export async function settle(task, signal) {
  return await task({ signal }).catch((error) => ({ task, failed: true }));
}
`,
    never: /throw/,
  },
  {
    name: "a rethrow isn't written unread at all",
    rule: "no-swallowed-cancellation",
    code: `export async function load(url, signal) {
  try {
    return await fetch(url, { signal });
  } catch (error) {
    console.warn(error);
  }
}
`,
    never: /throw/,
  },
  {
    name: "a process that was spawned isn't lost to a check after it",
    rule: "require-aborted-check",
    code: `export async function start(abortSignal?: AbortSignal) {
  const proc = await spawn();
  abortSignal?.addEventListener("abort", () => proc.kill());
  return proc;
}
`,
    never: /spawn\(\);\s*abortSignal\?\.throwIfAborted/,
  },
  {
    name: "a promise that ends early doesn't reject now",
    rule: "require-aborted-check",
    code: `export function delay(ms: number, signal?: AbortSignal) {
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
  });
}
`,
    never: /throwIfAborted/,
  },
  {
    name: "no timer stays armed behind a check in an executor",
    rule: "require-aborted-check",
    code: `export function delay(ms: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
`,
    never: /setTimeout[^]*if \(signal\.aborted\)/,
  },
  {
    name: "no second kind of error next to the listener's own",
    rule: "require-aborted-check",
    code: `export function take(options: { signal: AbortSignal }) {
  return new Promise<void>((resolve, reject) => {
    options.signal.addEventListener("abort", () => reject(new AbortError()));
    waiters.push(resolve);
  });
}
`,
    never: /reject\(options\.signal\.reason\)/,
  },
  {
    name: "a class that handlers ask for isn't replaced",
    rule: "no-masked-cancellation",
    code: `export async function run(signal: AbortSignal) {
  if (signal.aborted) throw new UnrecoverableError("do not retry");
}
`,
    never: /throwIfAborted|throw signal/,
  },
  {
    name: "a comment against throwIfAborted isn't overruled",
    rule: "no-masked-cancellation",
    code: `export async function run(signal: AbortSignal) {
  // don't use throwIfAborted here
  if (signal.aborted) throw new Error("aborted");
}
`,
    never: /signal\.throwIfAborted/,
  },
  {
    name: "a script whose runtime isn't known keeps its exit code",
    rule: "no-untracked-promise",
    code: `async function crawl() { await work(); }
crawl();
`,
    never: /crawl\(\)\.catch/,
  },
  {
    name: "a timer that the next line clears isn't cleared twice",
    rule: "no-uncleared-race-timer",
    code: `export async function limit(work: Promise<void>) {
  let timerId: number;
  const late = new Promise((_, reject) => {
    timerId = setTimeout(reject, 5000);
  });
  return await Promise.race([work, late]);
}
`,
    never: /finally/,
  },
  {
    name: "several awaits don't become one after the other",
    rule: "no-async-void-callback",
    code: `export async function all(xs) {
  xs.forEach(async (x) => { await work(x); });
}
`,
    never: /for \(/,
  },
  {
    name: "what fails in a test isn't only printed",
    rule: "no-untracked-promise",
    code: `test("it works", async () => {
  check().then((x) => assert(x));
  await other();
});
`,
    never: /console\.error/,
  },
  {
    name: "a program that ends after its cleanup still ends when that fails",
    rule: "no-untracked-promise",
    code: `process.on("SIGINT", () => {
  cleanup().then(() => process.exit(130));
});
`,
    never: /console\.error/,
  },
  {
    name: "a handler of the program for what is rejected isn't passed by",
    rule: "no-untracked-promise",
    code: `process.on("unhandledRejection", report);
export function start() {
  fetch("x");
}
`,
    never: /console\.error/,
  },
  {
    name: "what is only asked for `then` needn't have `catch`",
    rule: "no-untracked-promise",
    code: `export function get(store) {
  const result = store.get();
  if (result && typeof result.then === "function") {
    result.then(use);
  }
}
`,
    never: /\.catch/,
  },
  {
    name: "a timer that `finally` clears doesn't bound what it didn't bound",
    rule: "no-unawaited-promise-in-try",
    code: `export async function get(url) {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), 1000);
  try {
    const response = await fetch(url, { signal: own.signal });
    return response.text().then((text) => text);
  } finally {
    clearTimeout(timer);
  }
}
`,
    never: /return await/,
  },
  {
    name: "a comment above the loop is said of its first statement, too",
    rule: "no-untracked-promise",
    code: `async function add(pipe, x) { await pipe.add(x); }
export async function flush(pipe, xs) {
  // we do not need to await each call
  for (const x of xs) {
    add(pipe, x);
  }
  await pipe.exec();
}
`,
    never: /await add|\.catch/,
  },
];

for (const { name, rule, code, never } of HARMFUL) {
  test(`no safe edit: ${name}`, async () => {
    const { output } = await edit(code, rule);
    assertEquals(never.test(output), false, output);
  });
}
