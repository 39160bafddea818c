/**
 * What the code mod did to public code in its first edition, each as a minimal
 * case: none of it is written unread. And what it may write.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { type Finding, rewrite } from "../codemod.ts";

/** The text after all edits of that risk, and what is left. */
async function edit(
  text: string,
  rule: string,
  risk: "safe" | "review" = "safe",
): Promise<{ output: string; remaining: readonly Finding[] }> {
  const result = await rewrite(text, { rules: [rule], risk });
  if (result.status !== "parsed") throw new Error(result.problem.message);
  const { output, remaining, found } = result;
  assertEquals(found.length > 0, true, `nothing was found in ${text}`);
  return { output, remaining };
}

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
    never: /main\(\)\.catch/,
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
];

for (const { name, rule, code, never } of HARMFUL) {
  test(`no safe edit: ${name}`, async () => {
    const { output } = await edit(code, rule);
    assertEquals(never.test(output), false, output);
  });
}

test("an edit that has to be read is offered with its risk and its reason", async () => {
  const { output, remaining } = await edit(
    HARMFUL.find(({ name }) => name.startsWith("a rethrow isn't written"))
      ?.code ?? "",
    "no-swallowed-cancellation",
  );
  assertEquals(output.includes("throw"), false);
  assertEquals(remaining.map(({ edit }) => edit?.risk), ["review"]);
  assertStringIncludes(remaining[0]?.edit?.why ?? "", "the caller gets");
});

test("two rules in sequence don't undo each other's intent", async () => {
  const code = `export async function load(url: string, signal: AbortSignal) {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), 1000);
  try {
    return await fetch(url, { signal: own.signal });
  } catch (error) {
    if (error.name === "AbortError") throw new Error("timed out");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
`;
  const result = await rewrite(code, { tier: 3 });
  if (result.status !== "parsed") throw new Error(result.problem.message);
  assertStringIncludes(result.output, "AbortSignal.any([signal, own.signal])");
  assertStringIncludes(result.output, 'throw new Error("timed out");');
});

interface SafeCase {
  readonly name: string;
  readonly rule: string;
  readonly code: string;
  readonly output: string;
}

const SAFE: readonly SafeCase[] = [
  {
    name: "a handler for a dropped promise",
    rule: "no-untracked-promise",
    code: "export function f() {\n  fetch(url);\n}\n",
    output: "export function f() {\n  fetch(url).catch(console.error);\n}\n",
  },
  {
    name: "an empty .catch() is filled",
    rule: "no-untracked-promise",
    code: "export function f() {\n  work.catch();\n}\n",
    output: "export function f() {\n  work.catch(console.error);\n}\n",
  },
  {
    name: "a handler in a script keeps the exit code",
    rule: "no-untracked-promise",
    code: `async function crawl() { await work(process.argv); }
crawl();
`,
    output: `async function crawl() { await work(process.argv); }
crawl().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`,
  },
  {
    name: "await of short work at the end of a function",
    rule: "no-untracked-promise",
    code: `import { writeFile } from "node:fs/promises";
async function save(x) { await writeFile("x", x); }
export async function end(x) {
  save(x);
}
`,
    output: `import { writeFile } from "node:fs/promises";
async function save(x) { await writeFile("x", x); }
export async function end(x) {
  await save(x);
}
`,
  },
  {
    name: "return await",
    rule: "no-unawaited-promise-in-try",
    code:
      "export async function f() {\n  try { return fetch(url); } catch { return null; }\n}\n",
    output:
      "export async function f() {\n  try { return await fetch(url); } catch { return null; }\n}\n",
  },
  {
    name: "the signal is passed on",
    rule: "require-signal-forwarding",
    code: "export async function f(signal) {\n  return await fetch(url);\n}\n",
    output:
      "export async function f(signal) {\n  return await fetch(url, { signal });\n}\n",
  },
  {
    name: "the reason is passed on, with ?. where the field may be missing",
    rule: "require-abort-reason",
    code: `export function f(args) {
  const own = new AbortController();
  if (args.abortSignal) {
    args.abortSignal.addEventListener("abort", () => own.abort());
  }
  return own.signal;
}
`,
    output: `export function f(args) {
  const own = new AbortController();
  if (args.abortSignal) {
    args.abortSignal.addEventListener("abort", () => own.abort(args.abortSignal?.reason));
  }
  return own.signal;
}
`,
  },
  {
    name: "a lock is given back in finally, indented as the file is",
    rule: "require-completion-in-finally",
    code:
      "export async function f(lock) {\n\tawait work(`\n x`);\n\tlock.release();\n}\n",
    output:
      "export async function f(lock) {\n\ttry {\n\t\tawait work(`\n x`);\n\t} finally {\n\t\tlock.release();\n\t}\n}\n",
  },
  {
    name: "a check first in an executor whose listener rejects with the reason",
    rule: "require-aborted-check",
    code: `export function delay(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
  });
}
`,
    output: `export function delay(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
  });
}
`,
  },
  {
    name: "the listener itself is called, last in the function",
    rule: "require-aborted-check",
    code: `export function delay(ms: number, signal?: AbortSignal) {
  return new Promise<void>((resolve) => {
    const timer = setTimeout(stop, ms);
    function stop() { clearTimeout(timer); resolve(); }
    signal?.addEventListener("abort", stop);
  });
}
`,
    output: `export function delay(ms: number, signal?: AbortSignal) {
  return new Promise<void>((resolve) => {
    const timer = setTimeout(stop, ms);
    function stop() { clearTimeout(timer); resolve(); }
    if (signal?.aborted) stop(); else signal?.addEventListener("abort", stop);
  });
}
`,
  },
];

for (const { name, rule, code, output } of SAFE) {
  test(`safe: ${name}`, async () => {
    assertEquals((await edit(code, rule)).output, output);
  });
}
