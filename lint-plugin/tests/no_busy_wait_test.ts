import rule from "../rules/no-busy-wait.ts";
import { error, fine, wrong } from "./_cases.ts";
import { testRule } from "./_tester.ts";

/** A method that has the loop. */
const method = (loop: string) => `class A { async m(n, signal) { ${loop} } }`;

const ok = (name: string, loop: string) => fine(name, method(loop));

/** The only report is on `at` (its text without guillemets is the state). */
function polled(
  name: string,
  code: string,
  at: string,
  sleep = "await sleep(50)",
) {
  const state = /«(.*)»/.exec(at)?.[1] ?? at;
  return wrong(name, code, (code) => [
    error(code, at, "polled", { state, sleep }),
  ]);
}

const inMethod = (name: string, loop: string, at: string, sleep?: string) =>
  polled(name, method(loop), at, sleep);

/** A loop until `this.ready`, with the given sleep. */
const sleeping = (name: string, sleep: string, before = "") =>
  polled(
    name,
    `${before} ${method(`while (!this.ready) ${sleep};`)}`,
    "!«this.ready»",
    sleep,
  );

const MDC = (names: string) => `import { ${names} } from "@mdc/tasks";`;

testRule("no-busy-wait", rule, {
  valid: [
    ok("any other call in the test", "while (!pool.isIdle()) await sleep(50);"),
    ok("a method with an argument", "while (!this.has(n)) await sleep(50);"),
    ok("an await in the test", "while (!(await exists(n))) await sleep(50);"),
    ok("new in the test", "while (new Probe(n).failed) await sleep(50);"),
    ok("a global", "while (!ready) await sleep(50);"),
    ok("window", "while (!window.ready) await sleep(50);"),
    ok("document", "while (document.hidden) await sleep(50);"),
    ok("process", "while (!process.exitCode) await sleep(50);"),
    fine(
      "process by import",
      "import process from 'node:process'; while (!process.exitCode) await sleep(50);",
    ),
    ok(
      "bufferedAmount has no event",
      "while (this.socket.bufferedAmount > 0) await sleep(50);",
    ),
    ok(
      "what the loop itself changes: a counter",
      "for (let i = 0; i < n; i++) await sleep(50);",
    ),
    ok(
      "what the loop itself changes: compared with a member",
      "for (let i = 0; i < this.limit; i++) await sleep(50);",
    ),
    ok(
      "what the loop itself changes: a member",
      "while (this.count > 0) { this.count--; await sleep(50); }",
    ),
    ok(
      "what the loop itself changes: a variable of members",
      "let node = this.head; while (node.next) { node = node.next; await sleep(50); }",
    ),
    ok("a parameter that nobody assigns", "while (n) await sleep(50);"),
    ok("a constant", "const on = true; while (on) await sleep(50);"),
    ok("a constant member", "while (Config.ENDLESS) await sleep(50);"),
    ok("time only", "while (Date.now() < this.deadline) await sleep(50);"),
    ok(
      "time only, with performance",
      "while (performance.now() - this.start < 5) await sleep(50);",
    ),
    ok("an endless loop without an exit", "while (true) await sleep(50);"),
    ok(
      "a heartbeat that ends by throwing",
      "while (true) { signal.throwIfAborted(); await sleep(50); }",
    ),
    ok(
      "a test that throws",
      "while (true) { if (this.failed) throw new Error(); await sleep(50); }",
    ),
    ok("work in the body", "while (!this.ready) { poll(); await sleep(50); }"),
    ok(
      "work in a declaration",
      "while (!this.ready) { const x = read(); await sleep(50); }",
    ),
    ok(
      "work in an if of the body",
      "while (!this.ready) { if (n) poll(); await sleep(50); }",
    ),
    ok(
      "work in the test of an if",
      "while (!this.ready) { if (isLate(n)) break; await sleep(50); }",
    ),
    ok(
      "another await in the body",
      "while (!this.ready) { await poll(); await sleep(50); }",
    ),
    ok(
      "a loop in the body",
      "while (!this.ready) { for (const x of n) {} await sleep(50); }",
    ),
    ok(
      "waiting on a condition",
      "while (this.queue.length === 0) await this.notEmpty.wait();",
    ),
    ok(
      "waiting for an event",
      "while (!this.ready) await once(this.emitter, 'ready');",
    ),
    ok("a sleep with a function", "while (!this.ready) await wait(() => n);"),
    fine(
      "a sleep with a function by name",
      `const isDone = () => done; ${
        method("while (!this.ready) await wait(isDone);")
      }`,
    ),
    ok("no await", "while (!this.ready) sleep(50);"),
    ok(
      "a promise that does more than to arm a timer",
      "while (!this.ready) await new Promise((r) => { this.wake = r; setTimeout(r, 50); });",
    ),
    ok(
      "a promise that waits for something else",
      "while (!this.ready) await new Promise((r) => this.once('ready', r));",
    ),
    fine(
      "a function of this file that does more",
      `async function doze() { await sleep(5); await flush(); } ${
        method("while (!this.ready) await doze();")
      }`,
    ),
    fine(
      "a variable that only the function itself assigns",
      "async function f() { let on = true; on = g(); while (on) await sleep(50); }",
    ),
    fine(
      "a function of this file that does some work",
      `const isReady = () => probe(); ${
        method("while (!isReady()) await sleep(50);")
      }`,
    ),
    fine(
      "a function that calls itself",
      `function f() { return f(); } ${method("while (f()) await sleep(50);")}`,
    ),
    fine(
      "a member of an enum",
      `async function f(mode) { while (mode === Mode.On) await sleep(50); }`,
    ),
    ok(
      "setInterval of timers/promises is no sleep",
      "for await (const x of setInterval(5)) { if (this.ready) break; }",
    ),
  ],
  invalid: [
    inMethod(
      "a member of this",
      "while (!this.ready) await sleep(50);",
      "!«this.ready»",
    ),
    inMethod(
      "a private member",
      "while (!this.#ready) { await sleep(50); }",
      "!«this.#ready»",
    ),
    inMethod(
      "do … while",
      "do { await sleep(50); } while (!this.ready);",
      "!«this.ready»",
    ),
    inMethod(
      "for(;;)",
      "for (; !this.ready;) await sleep(50);",
      "!«this.ready»",
    ),
    inMethod(
      "a member of a parameter",
      "while (n.busy) await sleep(50);",
      "n.busy",
    ),
    inMethod(
      ".length",
      "while (this.queue.length > 0) await sleep(50);",
      "this.queue.length",
    ),
    inMethod(
      ".size of a variable",
      "const set = n; while (set.size >= 10) await sleep(50);",
      "set.size",
    ),
    inMethod(
      "signal.aborted",
      "while (!signal.aborted) await sleep(50);",
      "signal.aborted",
    ),
    polled(
      "a variable that another function assigns",
      "let ready = false; function set() { ready = true; } async function f() { while (!ready) await sleep(50); }",
      "!«ready»",
    ),
    polled(
      "a variable that a callback assigns",
      "async function f() { let ready = false; g(() => { ready = true; }); while (!ready) await sleep(50); }",
      "!«ready»",
    ),
    polled(
      "a function of this file that only returns such state",
      "let ready; const set = () => { ready = true; }; const isReady = () => ready; async function f() { while (!isReady()) await sleep(50); }",
      "!«isReady()»",
    ),
    polled(
      "a method of this that only returns such state",
      "class A { isReady() { return this.state === 'ready'; } async m() { while (!this.isReady()) await sleep(50); } }",
      "!«this.isReady()»",
    ),
    inMethod(
      "in a test that breaks, of an endless loop",
      "while (true) { if (this.ready) break; await sleep(50); }",
      "this.ready",
    ),
    inMethod(
      "in a test that returns",
      "for (;;) { await sleep(50); if (this.ready) return this.value(); }",
      "this.ready",
    ),
    inMethod(
      "in a test that breaks, of a loop that only looks at time",
      "while (Date.now() < n) { if (this.ready) break; await sleep(50); }",
      "this.ready",
    ),
    inMethod(
      "in a test that breaks, of a loop that only counts",
      "for (let i = 0; i < 9; i++) { if (this.ready) break; await sleep(50); }",
      "this.ready",
    ),
    inMethod(
      "state besides a counter",
      "for (let i = 0; i < 9 && !this.ready; i++) await sleep(50);",
      "!«this.ready»",
    ),
    inMethod(
      "with a deadline that throws",
      "while (!this.ready) { if (Date.now() > n) throw new Error(); await sleep(50); }",
      "!«this.ready»",
    ),
    inMethod(
      "counters, assignments and remarks are no work",
      "let i = 0; while (!this.ready) { i++; const x = i * 2; console.log(x); log.debug(i); signal.throwIfAborted(); await sleep(50); }",
      "!«this.ready»",
    ),
    inMethod(
      "an if over these is no work",
      "let i = 0; while (!this.ready) { if (i > 3) { i = 0; } else i++; await sleep(50); }",
      "!«this.ready»",
    ),
    sleeping("delay", "await delay(50)"),
    sleeping("setTimeout", "await setTimeout(50)"),
    sleeping("nextTick", "await nextTick()"),
    sleeping("a member .sleep", "await utils.sleep(50)"),
    sleeping("Bun.sleep", "await Bun.sleep(50)"),
    sleeping("scheduler.wait", "await scheduler.wait(50)"),
    sleeping(
      "an import from timers/promises",
      "await pass(50)",
      "import { setTimeout as pass } from 'node:timers/promises';",
    ),
    sleeping(
      "a promise that only arms a timer",
      "await new Promise((r) => setTimeout(r, 50))",
    ),
    sleeping(
      "a promise that only arms a timer, with a callback",
      "await new Promise((resolve) => { setTimeout(() => resolve(), 50); })",
    ),
    sleeping(
      "a promise that only arms a frame",
      "await new Promise(function (r) { requestAnimationFrame(r); })",
    ),
    sleeping(
      "a promise that only arms a microtask",
      "await new Promise((r) => queueMicrotask(r))",
    ),
    sleeping(
      "a function of this file that only returns one",
      "await doze(50)",
      "const doze = (ms) => new Promise((r) => setTimeout(r, ms));",
    ),
    sleeping(
      "a function of this file that only awaits one",
      "await doze()",
      "async function doze() { await sleep(5); }",
    ),
    sleeping("Promise.resolve()", "await Promise.resolve()"),
    sleeping("a literal", "await null"),
    sleeping("sleep of the package", "await doze(50)", MDC("sleep as doze")),
    sleeping(
      "checkpoint of the package",
      "await checkpoint()",
      MDC("checkpoint"),
    ),
    polled(
      "sleep of a context",
      `${
        MDC("createTask")
      } createTask(async (ctx) => { while (!state.ready) await ctx.sleep(50); }); const state = {};`,
      "!«state.ready»",
      "await ctx.sleep(50)",
    ),
    polled(
      "checkpoint of a destructured context",
      `${
        MDC("createTask")
      } createTask(async ({ checkpoint: turn }) => { while (!state.ready) await turn(); }); const state = {};`,
      "!«state.ready»",
      "await turn()",
    ),
    polled(
      "task.done is state",
      `${
        MDC("createTask, sleep")
      } async function f() { const t = createTask(g); while (!t.done) await sleep(50); }`,
      "t.done",
    ),
    polled(
      "event.isSet is state",
      `${
        MDC("AsyncEvent, sleep")
      } const e = new AsyncEvent(); async function f() { while (!e.isSet) await sleep(50); }`,
      "e.isSet",
    ),
  ],
});
