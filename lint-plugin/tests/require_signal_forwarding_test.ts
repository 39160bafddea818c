import rule from "../rules/require-signal-forwarding.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

/** A call that isn't given the signal; `output` has it. */
function forwards(
  name: string,
  code: string,
  at: string,
  output: string | undefined,
  data: { callee?: string; signal?: string } = {},
): InvalidCase {
  const { callee = "fetch", signal = "signal" } = data;
  return {
    name,
    code,
    errors: [{
      messageId: "notForwarded",
      data: { callee, signal },
      at,
      suggestions: output === undefined
        ? []
        : [{ messageId: "forward", data: { signal }, output }],
    }],
  };
}

/** `fetch(url)` in a place where a signal is in scope. */
function inScope(name: string, code: string, signal = "signal"): InvalidCase {
  const property = signal === "signal" ? signal : `signal: ${signal}`;
  return forwards(
    name,
    code,
    "fetch(url)",
    code.replace("fetch(url)", `fetch(url, { ${property} })`),
    { signal },
  );
}

const silent = (name: string, code: string) => ({ name, code });

/** A call of an imported function in `f(signal)`. */
function imported(
  source: string,
  names: string,
  call: string,
  output: string,
  callee = names,
): InvalidCase {
  const code = (text: string) =>
    `import { ${names} } from "${source}"; async function f(signal) { await ${text}; }`;
  return forwards(
    `${call} of ${source}`,
    code(call),
    call,
    code(output),
    { callee },
  );
}

testRule("require-signal-forwarding", rule, {
  valid: [
    silent(
      "abortSignal is passed on under its own name",
      'import { generateText } from "ai"; async function f(abortSignal) { await generateText({ model, abortSignal }); }',
    ),
    silent(
      "execa with a signal among its options",
      'import { execa } from "execa"; async function f(signal) { await execa("ls", { cancelSignal: signal }); }',
    ),
    silent(
      "a carrier's signal of another type",
      "async function f(config: { signal: string }) { use(config.signal); await fetch(url); }",
    ),
    silent(
      "a request whose signal nobody uses",
      "async function f(request) { await fetch(url); }",
    ),
    silent(
      "options of the object that another method reads",
      "class A { g() { check(this.options.signal); } async f() { await fetch(url); } }",
    ),

    // Signal in scope
    silent("no signal in scope", "async function f() { await fetch(url); }"),
    silent(
      "a signal parameter of another type is none",
      "async function f(signal: NodeJS.Signals) { await fetch(url); }",
    ),
    silent(
      "options whose signal is another thing by their interface in this file",
      "interface KillOptions { signal?: NodeJS.Signals } async function f(options: KillOptions) { await fetch(url); kill(options.signal); }",
    ),
    silent(
      "options whose signal is neither used nor declared",
      "async function f(options) { use(options.x); await fetch(url); }",
    ),
    silent(
      "other carriers than options, opts, init, ctx and context",
      "async function f(job) { use(job.signal); await fetch(url); }",
    ),
    silent(
      "the search stops at methods",
      "function f(signal) { return class { m() { return fetch(url); } }; }",
    ),
    silent(
      "the search stops at methods of objects",
      "function f(signal) { return { m() { return fetch(url); } }; }",
    ),
    ...[
      "target.addEventListener('x', ",
      "emitter.on('x', ",
      "emitter.once('x', ",
      "setTimeout(",
      "setInterval(",
      "setImmediate(",
      "queueMicrotask(",
      "promise.finally(",
      "useEffect(",
    ].map((call) =>
      silent(
        `the search stops at functions passed to ${call}…)`,
        `function f(signal) { ${call}() => { fetch(url); }); }`,
      )
    ),
    silent(
      "never inside finally",
      "async function f(signal) { try { a(); } finally { await fetch(url); } }",
    ),
    silent(
      "a shadowed signal is not in scope",
      "function f(signal) { { const signal = 1; fetch(url); } }",
    ),
    // Callees
    silent(
      "an unknown callee is not judged",
      "async function f(signal) { await load(url); }",
    ),
    silent(
      "a callee that is a parameter is not judged",
      "async function f(load, signal) { await load(url); }",
    ),
    silent(
      "a fetch of this file is another function",
      "function fetch() {} async function f(signal) { await fetch(url); }",
    ),
    silent(
      "once of another module",
      "import { once } from 'lodash'; async function f(signal) { await once(x); }",
    ),
    silent(
      "the global setTimeout takes no signal",
      "async function f(signal) { setTimeout(g, 5); }",
    ),
    silent(
      "synchronous functions of Deno take no signal",
      "function f(signal) { Deno.readTextFileSync(path); }",
    ),
    silent(
      "a function of this file without a signal",
      "async function g(url) {} async function f(signal) { await g(url); }",
    ),
    // Satisfied
    silent(
      "satisfied by the signal",
      "async function f(signal) { await fetch(url, { signal }); }",
    ),
    silent(
      "satisfied by any argument that mentions a signal",
      "async function f(signal) { await fetch(url, withSignal(init, signal)); }",
    ),
    silent(
      "satisfied by another signal",
      "async function f(signal) { await fetch(url, { signal: AbortSignal.timeout(5) }); }",
    ),
    silent(
      "satisfied by the whole options object",
      "async function f(url, options) { use(options.signal); await fetch(url, options); }",
    ),
    silent(
      "satisfied by a spread of unknown content",
      "async function f(signal, init) { await fetch(url, { ...init }); }",
    ),
    silent(
      "satisfied by spread arguments",
      "async function f(signal, ...args) { await fetch(...args); }",
    ),
    silent(
      "satisfied by an options variable",
      "async function f(signal) { const o = make(); await fetch(url, o); }",
    ),
    silent(
      "satisfied by a Request built with a signal",
      "async function f(signal) { const r = new Request(url, { signal }); await fetch(r); }",
    ),
    silent(
      "a Request that comes from elsewhere has its own signal",
      "async function f(request, signal) { await fetch(request); }",
    ),
    silent(
      "an explicit signal: undefined is an opt-out",
      "async function f(signal) { await fetch(url, { signal: undefined }); }",
    ),
    silent(
      "an explicit signal: null is an opt-out",
      "async function f(signal) { await fetch(url, { signal: null }); }",
    ),
    silent(
      "an explicit undefined in the signal's position is an opt-out",
      "function g(url, signal) {} function f(signal) { g(url, undefined); }",
    ),
    // @mdc/tasks
    silent(
      "in a task, sleep() knows the task's signal",
      `import { createTask, sleep } from "@mdc/tasks";
      createTask(async (context) => { await sleep(5); });`,
    ),
    silent(
      "a cancelEvent is enough",
      `import { waitForOutcome } from "@mdc/tasks";
      async function f(signal) { await waitForOutcome(task, { cancelEvent }); }`,
    ),
    silent(
      "a task whose body mentions the signal",
      `import { createTask } from "@mdc/tasks";
      async function f(signal) { await createTask(() => g(signal)); }`,
    ),
    silent(
      "spawn() is cancelled by its owner",
      `import { TaskTracker } from "@mdc/tasks";
      async function f(signal) { const t = new TaskTracker(); t.spawn(body); }`,
    ),
  ],

  invalid: [
    // `abortSignal` is a signal's name like `signal`.
    inScope(
      "abortSignal of options that the function uses",
      "async function f(options) { options.abortSignal?.throwIfAborted(); await fetch(url); }",
      "options.abortSignal",
    ),
    inScope(
      "abortSignal that is declared",
      "async function f(options: { abortSignal?: AbortSignal }) { await fetch(url); }",
      "options.abortSignal",
    ),
    inScope(
      "abortSignal of an interface of this file",
      "interface Given { abortSignal?: AbortSignal } async function f(options: Given) { await fetch(url); }",
      "options.abortSignal",
    ),
    inScope(
      "abortSignal that is taken out of the options",
      "async function f(options) { const { abortSignal } = options; await fetch(url); }",
      "abortSignal",
    ),
    forwards(
      "a function of this file whose options call it abortSignal",
      "async function g(o: { abortSignal?: AbortSignal }) {} async function f(signal) { await g({ a: 1 }); }",
      "g({ a: 1 })",
      "async function g(o: { abortSignal?: AbortSignal }) {} async function f(signal) { await g({ a: 1, abortSignal: signal }); }",
      { callee: "g" },
    ),
    forwards(
      "a function of this file that takes abortSignal out of its parameter",
      "async function g({ abortSignal }) {} async function f(abortSignal) { await g({}); }",
      "g({})",
      "async function g({ abortSignal }) {} async function f(abortSignal) { await g({ abortSignal }); }",
      { callee: "g", signal: "abortSignal" },
    ),
    // Carriers.
    ...["params", "config", "args", "request", "req"].map((name) =>
      inScope(
        `${name} carries a signal`,
        `async function f(${name}) { check(${name}.signal); await fetch(url); }`,
        `${name}.signal`,
      )
    ),
    inScope(
      "options of the object that the method reads",
      "class A { async f() { this.options.signal?.throwIfAborted(); await fetch(url); } }",
      "this.options.signal",
    ),
    inScope(
      "private options of the object",
      "class A { async f() { check(this.#config.abortSignal); await fetch(url); } }",
      "this.#config.abortSignal",
    ),
    // Known callees of packages.
    imported(
      "p-retry",
      "default as retry",
      "retry(work)",
      "retry(work, { signal })",
      "retry",
    ),
    imported(
      "p-map",
      "default as map",
      "map(all, work)",
      "map(all, work, { signal })",
      "map",
    ),
    imported(
      "p-event",
      "pEvent",
      'pEvent(target, "end")',
      'pEvent(target, "end", { signal })',
    ),
    imported(
      "delay",
      "default as wait",
      "wait(5)",
      "wait(5, { signal })",
      "wait",
    ),
    imported(
      "ky",
      "default as ky",
      "ky.get(url)",
      "ky.get(url, { signal })",
      "ky.get",
    ),
    imported(
      "execa",
      "execa",
      'execa("ls", ["-l"])',
      'execa("ls", ["-l"], { cancelSignal: signal })',
    ),
    imported(
      "execa",
      "execa",
      'execa("ls", { cwd })',
      'execa("ls", { cwd, cancelSignal: signal })',
    ),
    imported(
      "ai",
      "generateText",
      "generateText({ model })",
      "generateText({ model, abortSignal: signal })",
    ),

    // Signal in scope
    inScope(
      "a parameter signal",
      "async function f(signal) { await fetch(url); }",
    ),
    inScope(
      "a parameter that ends in signal",
      "async function f(abortSignal) { await fetch(url); }",
      "abortSignal",
    ),
    inScope(
      "a parameter annotated with AbortSignal",
      "async function f(stop: AbortSignal) { await fetch(url); }",
      "stop",
    ),
    inScope(
      "a destructured signal",
      "const f = async ({ signal }) => { await fetch(url); };",
    ),
    inScope(
      "a destructured and renamed signal",
      "const f = async ({ signal: s }) => { await fetch(url); };",
      "s",
    ),
    inScope(
      "options whose signal is used in the body",
      "async function f(options) { options.signal?.throwIfAborted(); await fetch(url); }",
      "options.signal",
    ),
    inScope(
      "options whose signal the body has taken out",
      "async function f(options) { const { signal } = options; await fetch(url); }",
    ),
    inScope(
      "opts whose signal is declared in the annotation",
      "async function f(opts: { signal?: AbortSignal }) { await fetch(url); }",
      "opts.signal",
    ),
    inScope(
      "options annotated with an interface of this file",
      "interface O { signal?: AbortSignal } async function f(options: O) { await fetch(url); }",
      "options.signal",
    ),
    inScope(
      "init of the platform's type",
      "async function f(url, init: RequestInit) { await fetch(url); }",
      "init.signal",
    ),
    inScope(
      "the search crosses plain callbacks",
      "function f(signal) { return urls.map((url) => fetch(url)); }",
    ),
    inScope(
      "the search crosses retry()",
      "function f(signal) { return retry(async () => { await fetch(url); }); }",
    ),
    inScope(
      "the nearest function with a signal wins",
      "function f(signal) { return map((x, innerSignal) => fetch(url)); }",
      "innerSignal",
    ),
    inScope(
      "a method's own parameter",
      "class A { async m(signal) { await fetch(url); } }",
    ),
    // Callees and edits
    forwards(
      "fetch with other options",
      "async function f(signal) { await fetch(url, { method: 'PUT' }); }",
      "fetch(url, { method: 'PUT' })",
      "async function f(signal) { await fetch(url, { method: 'PUT', signal }); }",
    ),
    forwards(
      "fetch with empty options",
      "async function f(signal) { await fetch(url, {}); }",
      "fetch(url, {})",
      "async function f(signal) { await fetch(url, { signal }); }",
    ),
    forwards(
      "globalThis.fetch",
      "async function f(signal) { await globalThis.fetch(url); }",
      "globalThis.fetch(url)",
      "async function f(signal) { await globalThis.fetch(url, { signal }); }",
      { callee: "globalThis.fetch" },
    ),
    forwards(
      "a Request built without a signal",
      "async function f(signal) { const r = new Request('x'); await fetch(r); }",
      "fetch(r)",
      "async function f(signal) { const r = new Request('x'); await fetch(r, { signal }); }",
    ),
    forwards(
      "a trailing comma",
      "async function f(signal) { await fetch(\n  url,\n); }",
      "fetch(…)",
      "async function f(signal) { await fetch(\n  url, { signal },\n); }",
    ),
    forwards(
      "a parenthesised last argument",
      "async function f(signal) { await fetch((a, b)); }",
      "fetch((a, b))",
      "async function f(signal) { await fetch((a, b), { signal }); }",
    ),
    imported(
      "node:timers/promises",
      "setTimeout",
      "setTimeout(5)",
      "setTimeout(5, undefined, { signal })",
    ),
    imported(
      "timers/promises",
      "setImmediate",
      "setImmediate()",
      "setImmediate(undefined, { signal })",
    ),
    imported(
      "node:events",
      "once",
      "once(emitter, 'x')",
      "once(emitter, 'x', { signal })",
    ),
    imported(
      "node:fs/promises",
      "readFile",
      "readFile(path, 'utf8')",
      "readFile(path, { encoding: 'utf8', signal })",
    ),
    imported(
      "fs/promises",
      "writeFile",
      "writeFile(path, data)",
      "writeFile(path, data, { signal })",
    ),
    imported("@std/async", "delay", "delay(5)", "delay(5, { signal })"),
    imported(
      "jsr:@std/async@1/deadline",
      "deadline",
      "deadline(p, 5)",
      "deadline(p, 5, { signal })",
    ),
    imported(
      "node:fs",
      "promises",
      "promises.readFile(path)",
      "promises.readFile(path, { signal })",
      "promises.readFile",
    ),
    forwards(
      "a namespace import",
      "import * as timers from 'timers/promises'; async function f(signal) { await timers.setTimeout(5); }",
      "timers.setTimeout(5)",
      "import * as timers from 'timers/promises'; async function f(signal) { await timers.setTimeout(5, undefined, { signal }); }",
      { callee: "timers.setTimeout" },
    ),
    forwards(
      "Deno.readTextFile",
      "async function f(signal) { await Deno.readTextFile(path); }",
      "Deno.readTextFile(path)",
      "async function f(signal) { await Deno.readTextFile(path, { signal }); }",
      { callee: "Deno.readTextFile" },
    ),
    forwards(
      "pipeTo of any stream",
      "async function f(signal) { await a.b().pipeTo(sink); }",
      "a.b().pipeTo(sink)",
      "async function f(signal) { await a.b().pipeTo(sink, { signal }); }",
      { callee: "a.b().pipeTo" },
    ),
    forwards(
      "a function of this file with an AbortSignal parameter",
      "function g(url, x?: number, stop?: AbortSignal) {} function f(signal) { g(1); }",
      "g(1)",
      "function g(url, x?: number, stop?: AbortSignal) {} function f(signal) { g(1, undefined, signal); }",
      { callee: "g" },
    ),
    forwards(
      "a function of this file with a signal in its options' annotation",
      "function g(url, o: { signal?: AbortSignal }) {} function f(signal) { g(1); }",
      "g(1)",
      "function g(url, o: { signal?: AbortSignal }) {} function f(signal) { g(1, { signal }); }",
      { callee: "g" },
    ),
    forwards(
      "a function of this file with a destructured signal",
      "const g = (url, { signal } = {}) => {}; function f(signal) { g(1); }",
      "g(1)",
      "const g = (url, { signal } = {}) => {}; function f(signal) { g(1, { signal }); }",
      { callee: "g" },
    ),
    forwards(
      "a method of this",
      "class A { async #g(signal) {} async f(signal) { await this.#g(); } }",
      "this.#g()",
      "class A { async #g(signal) {} async f(signal) { await this.#g(signal); } }",
      { callee: "this.#g" },
    ),
    {
      name: "a configured callee",
      code: "async function f(signal) { await client.get(url); }",
      options: [{
        callees: [{ name: "client.get", argument: 1, form: "options" }],
      }],
      errors: [{
        messageId: "notForwarded",
        data: { callee: "client.get", signal: "signal" },
        at: "client.get(url)",
        suggestions: [{
          messageId: "forward",
          data: { signal: "signal" },
          output:
            "async function f(signal) { await client.get(url, { signal }); }",
        }],
      }],
    },
    // @mdc/tasks
    forwards(
      "a task's context is a carrier",
      `import { createTask } from "@mdc/tasks"; createTask(async (task) => { await fetch(url); });`,
      "fetch(url)",
      `import { createTask } from "@mdc/tasks"; createTask(async (task) => { await fetch(url, { signal: task.signal }); });`,
      { signal: "task.signal" },
    ),
    imported("@mdc/tasks", "sleep", "sleep(5)", "sleep(5, { signal })"),
    imported(
      "@mdc/tasks",
      "checkpoint",
      "checkpoint()",
      "checkpoint({ signal })",
    ),
    forwards(
      "a wait for an event outside of a task",
      `import { AsyncEvent } from "@mdc/tasks"; const event = new AsyncEvent(); async function f(signal) { await event.wait(); }`,
      "event.wait()",
      `import { AsyncEvent } from "@mdc/tasks"; const event = new AsyncEvent(); async function f(signal) { await event.wait({ signal }); }`,
      { callee: "event.wait" },
    ),
  ],
});
