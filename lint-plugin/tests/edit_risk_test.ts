/** Which edits are safe, and which have to be read. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { rewrite } from "../codemod.ts";
import { edit } from "./_edit.ts";

test("an edit that has to be read is offered with its risk and its reason", async () => {
  const { output, remaining } = await edit(
    `export async function load(url, signal) {
  try {
    return await fetch(url, { signal });
  } catch (error) {
    console.warn(error);
  }
}
`,
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
    throw new Error("could not load", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
`;
  const result = await rewrite(code, { tier: 3 });
  if (result.status !== "parsed") throw new Error(result.problem.message);
  assertStringIncludes(result.output, "AbortSignal.any([signal, own.signal])");
  assertStringIncludes(result.output, 'throw new Error("could not load", {');
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
  process.exit(1);
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
  {
    name: "an empty .catch() on a line of its own is filled there",
    rule: "no-untracked-promise",
    code: "export function f() {\n  work\n    .catch();\n}\n",
    output: "export function f() {\n  work\n    .catch(console.error);\n}\n",
  },
  {
    name: "a handler in a script without semicolons, behind a chain",
    rule: "no-untracked-promise",
    code: `process.title = 'x'
work
  .then(() => {
    done()
  })
next()
`,
    output: `process.title = 'x'
work
  .then(() => {
    done()
  }).catch((error) => {
    console.error(error)
    process.exit(1)
  })
next()
`,
  },
  {
    name: "a handler in a script with types takes whatever is thrown",
    rule: "no-untracked-promise",
    code: `const title: string = process.title;
connect(title).then(use);
`,
    output: `const title: string = process.title;
connect(title).then(use).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
`,
  },
  {
    name: "a comment in a callback isn't said of the chain",
    rule: "no-untracked-promise",
    code: `export function f() {
  work.then(() => {
    start();
    // don't await it
    void go();
  });
}
`,
    output: `export function f() {
  work.then(() => {
    start();
    // don't await it
    void go();
  }).catch(console.error);
}
`,
  },
  {
    name: "the signal is passed on in a line of its own",
    rule: "require-signal-forwarding",
    code: `export async function f(signal) {
  return await fetch(url, {
    headers: {},
  });
}
`,
    output: `export async function f(signal) {
  return await fetch(url, {
    headers: {},
    signal,
  });
}
`,
  },
  {
    name: "the reason is passed on, with ?. where the signal may be missing",
    rule: "require-abort-reason",
    code: `export function f({ signal }: { signal?: AbortSignal }) {
  const own = new AbortController();
  const stop = () => own.abort();
  if (signal != null) signal.addEventListener("abort", stop);
  return own.signal;
}
`,
    output: `export function f({ signal }: { signal?: AbortSignal }) {
  const own = new AbortController();
  const stop = () => own.abort(signal?.reason);
  if (signal != null) signal.addEventListener("abort", stop);
  return own.signal;
}
`,
  },
];

for (const { name, rule, code, output } of SAFE) {
  test(`safe: ${name}`, async () => {
    assertEquals((await edit(code, rule)).output, output);
  });
}
