import rule from "../rules/no-untracked-promise.ts";
import { error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule, type ValidCase } from "./_tester.ts";

const LOAD = "async function load(x) { return x; }\n";

/** A dropped promise in module code, where `await` is possible. */
function dropped(
  name: string,
  code: string,
  at: string,
  call: string,
  extra: Partial<ValidCase> & {
    id?: string;
    whole?: string;
    caught?: string;
  } = {},
): InvalidCase {
  const {
    id = "dropped",
    whole = at,
    caught = `${whole}.catch(console.error)`,
    ...rest
  } = extra;
  return wrong(name, code, (code) => [
    error(code, at, id, { call }, [
      ["catch", caught],
      ["await", `await ${whole}`],
    ]),
  ], rest);
}

const METHODS = `class Store {
  async save() { return 1; }
  async #sync() { return 1; }
  load = async () => 1;
  static async open() { return 1; }
  run() { CALL; }
  static start() { CALL2; }
}`;

function inMethod(call: string): string {
  return METHODS.replace("CALL;", `${call};`).replace("CALL2;", "");
}

function droppedInMethod(name: string, call: string): InvalidCase {
  return wrong(name, inMethod(call), (code) => [
    error(code, call, "dropped", { call: call.slice(0, -2) }, [
      ["catch", `${call}.catch(console.error)`],
    ]),
  ]);
}

testRule("no-untracked-promise", rule, {
  valid: [
    fine(
      "a microtask",
      "Promise.resolve().then(() => { pending = false; });",
    ),
    fine("run() of a program", "async function run() { await go(); } run();"),

    fine(
      "main() of a program",
      "async function main() { await go(); } main();",
    ),
    fine(
      "Promise.all of handled elements",
      "Promise.all([a().catch(log), b().catch(log)]);",
    ),
    fine(
      "Promise.all of elements that a callback handles",
      "Promise.all(xs.map((x) => close(x).catch(log)));",
    ),
    fine(
      "a function that handles all it waits for",
      "async function load() { try { await go(); } catch (e) { log(e); } await stop().catch(log); } load();",
    ),
    fine(
      "a chain that ends handled and then only does something plain",
      "task.catch((e) => { log(e); }).then(() => { done = true; });",
    ),
    fine(
      "a comment that says so to typescript-eslint",
      "// deno-lint-ignore no-floating-promises\ntask.then(use);",
    ),
    fine("a name in neverRejects", "it.closed.then(() => { stop(); });", {
      options: [{ neverRejects: ["closed"] }],
    }),
    fine("a function in neverRejects", `${LOAD}load(1);`, {
      options: [{ neverRejects: ["load"] }],
    }),

    fine("an awaited call", `${LOAD}await load(1);`),
    fine("passed as an argument", `${LOAD}keep(load(1));`),
    fine("stored in a field", `${LOAD}state.pending = load(1);`),
    fine("returned", `${LOAD}function f() { return load(1); }`),
    fine("returned by a concise arrow", `${LOAD}const f = () => load(1);`),
    fine("yielded", `${LOAD}function* f() { yield load(1); }`),
    fine(
      "a variable that is read",
      `${LOAD}async function f() { const p = load(1); await p; }`,
    ),
    fine(
      "a variable that is read in a nested function",
      `${LOAD}function f() { const p = load(1); return () => p; }`,
    ),
    fine(
      "a variable that is written in branches and read once (ruff 9215)",
      `${LOAD}async function f(a) {
        let p = load(1);
        if (a) p = load(2);
        await p;
      }`,
    ),
    fine(
      "await using reads its variable at the end of the block",
      `${LOAD}async function f() { await using p = load(1); }`,
    ),
    fine("a handler: .catch(fn)", `${LOAD}load(1).catch(report);`),
    fine("a handler: .then(a, fn)", `${LOAD}load(1).then(use, report);`),
    fine(
      "a handler, then only .finally (promise 29)",
      `${LOAD}load(1).catch(report).finally(stop);`,
    ),
    fine("a handler after .then", `${LOAD}load(1).then(use).catch(report);`),
    fine("a handler of unknown arguments", `${LOAD}load(1).catch(...args);`),
    fine("void says it is on purpose", `${LOAD}void load(1);`),
    fine(
      "a self-handled callee",
      `async function load() { try { await go(); } catch (e) { log(e); } }
load();`,
    ),
    fine(
      "a self-handled callee with a quiet finally",
      `async function load() {
        "use strict";
        try { await go(); } catch { no(); } finally { stop(); }
      }
      load();`,
    ),
    fine(
      "a self-handled async IIFE",
      "(async () => { try { await go(); } catch (e) { log(e); } })();",
    ),
    fine(
      "a self-handled callee whose catch throws only into an inner catch",
      `async function load() {
        try { await go(); } catch { try { throw 1; } catch { log(); } }
      }
      load();`,
    ),
    fine("a callee that this file does not know", "load();"),
    fine("an imported callee", 'import { load } from "./load.ts"; load();'),
    fine(
      "a generator makes no promise by being called",
      "async function* all() { yield 1; } all();",
    ),
    fine(
      "a callee with two definitions",
      "let load = async () => 1; load = () => 2; load();",
    ),
    fine(
      "a shadowed callee",
      `${LOAD}function f(load) { load(); }`,
    ),
    fine(
      "an overloaded signature is no second definition, but the call is awaited",
      `class A {
        async m(x: string): Promise<void>;
        async m(x: unknown): Promise<void> { use(x); }
        async n() { await this.m(""); }
      }`,
    ),
    fine("a synchronous method", inMethod("this.run()")),
    fine("a static method is not the instance's", inMethod("this.open()")),
    fine(
      "this of a nested function is unknown",
      `class A { async m() {} n() { return function () { this.m(); }; } }`,
    ),
    fine(
      "a shadowed fetch",
      "function f(fetch) { fetch(url); }",
    ),
    fine("a shadowed Promise", "class Promise {} new Promise(f);"),
    fine(
      "functions of promise modules that return no promise",
      `import { setInterval } from "node:timers/promises";
import * as readline from "node:readline/promises";
import { watch } from "node:fs/promises";
setInterval(10); readline.createInterface({}); watch(path);`,
    ),
    fine("a synchronous map", "xs.map((x) => load(x));"),
    fine(
      "a map whose callback is self-handled",
      "xs.map(async (x) => { try { await go(x); } catch (e) { log(e); } });",
    ),
    fine(
      "a map that goes into a combinator",
      "await Promise.all(xs.map(async (x) => go(x)));",
    ),
    fine("the left side of &&", `${LOAD}load(1) && other();`),
    fine("a conversion that is awaited", `${LOAD}await (load(1) as X)!;`),
    fine(
      "the last member of a comma list that is used",
      `${LOAD}const f = () => (other(), load(1));`,
    ),
    fine(
      "owned by @mdc/tasks",
      `import { TaskGroup, TaskTracker } from "@mdc/tasks";
const tracker = new TaskTracker();
tracker.spawn(work);
tracker.add(load());
tracker.close();
await TaskGroup.run(async (group) => { group.spawn(work); group.cancel(); });`,
    ),
    fine(
      "functions of @mdc/tasks that return no promise",
      `import { AsyncEvent, createTask, propagateCancellation, run } from "@mdc/tasks";
const event = new AsyncEvent();
const task = createTask(work);
event.set(); event.clear(); task.cancel();
propagateCancellation(task, []); run(main);`,
    ),
    fine(
      "a function of the same name from elsewhere",
      'import { sleep } from "./sleep.ts"; sleep(10);',
    ),
    fine(
      "in a try with a catch: no-unawaited-promise-in-try reports it",
      "async function f() { try { fetch(u); } catch { no(); } }",
    ),
    fine(
      "in a finally inside a try with a catch",
      "async function f() { try { try { g(); } finally { fetch(u); } } catch { no(); } }",
    ),
  ],
  invalid: [
    dropped(
      "main() of a module that exports something",
      "export async function main(x) { await go(); } main(1);",
      "main(1)",
      "main",
    ),
    dropped(
      "an async function of another name",
      "async function sync(x) { await go(); } sync(1);",
      "sync(1)",
      "sync",
    ),
    dropped(
      "Promise.all with one element that can reject",
      "Promise.all([a().catch(log), b()]);",
      "Promise.all([a().catch(log), b()])",
      "Promise.all",
    ),
    dropped(
      "a function with one wait that can reject",
      "async function load() { try { await go(); } catch (e) { log(e); } await stop(); } load(1);",
      "load(1)",
      "load",
    ),
    dropped(
      "a chain of a name in neverRejects whose callback gives a promise on",
      "it.closed.then(() => stop());",
      "it.closed.then(() => stop())",
      "it.closed.then",
      { options: [{ neverRejects: ["closed"] }] },
    ),

    dropped(
      "a function of a package that returns a promise",
      'import got from "got"; got.post(url);',
      "got.post(url)",
      "got.post",
    ),

    wrong(
      "under a finally without a catch",
      "async function f() { try { fetch(u); } finally { stop(); } }",
      (code) => [
        error(code, "fetch(u)", "dropped", { call: "fetch" }, [
          ["catch", "fetch(u).catch(console.error)"],
          ["await", "await fetch(u)"],
        ]),
      ],
    ),
    wrong(
      "in a catch that no outer try covers",
      "async function f() { try { g(); } catch { fetch(u); } }",
      (code) => [
        error(code, "fetch(u)", "dropped", { call: "fetch" }, [
          ["catch", "fetch(u).catch(console.error)"],
          ["await", "await fetch(u)"],
        ]),
      ],
    ),
    dropped(
      "a local async function",
      `${LOAD}load(1);`,
      "load(1)",
      "load",
    ),
    dropped(
      "a local async arrow",
      "const load = async () => 1; load();",
      "load()",
      "load",
    ),
    droppedInMethod("an async method of this", "this.save()"),
    droppedInMethod("a private async method of this", "this.#sync()"),
    droppedInMethod("an async class field of this", "this.load()"),
    wrong(
      "a static method called by a static method",
      METHODS.replace("CALL;", "").replace("CALL2;", "this.open();"),
      (code) => [
        error(code, "this.open()", "dropped", { call: "this.open" }, [
          ["catch", "this.open().catch(console.error)"],
        ]),
      ],
    ),
    wrong(
      "an async method of the enclosing object literal",
      "const o = { async m() {}, n() { [1].map(() => { this.m(); }); } };",
      (code) => [
        error(code, "this.m()", "dropped", { call: "this.m" }, [
          ["catch", "this.m().catch(console.error)"],
        ]),
      ],
    ),
    dropped(
      "an async IIFE",
      "(async () => { await go(); })();",
      "(async () => { await go(); })()",
      "async function",
    ),
    dropped(".then", "start().then(use);", "start().then(use)", "….then"),
    dropped(
      ".finally",
      "task.finally(stop);",
      "task.finally(stop)",
      "task.finally",
    ),
    dropped(
      ".catch without a handler (typescript-eslint 6881)",
      "task.catch();",
      "task.catch()",
      "task.catch",
      { caught: "task.catch(console.error)" },
    ),
    dropped(
      "an undefined handler is none",
      "task.catch(undefined);",
      "task.catch(undefined)",
      "task.catch",
      { caught: "task.catch(console.error)" },
    ),
    dropped(
      "a null handler is none",
      "task.then(use, null);",
      "task.then(use, null)",
      "task.then",
    ),
    dropped(
      "a void 0 handler is none",
      "task.catch(void 0);",
      "task.catch(void 0)",
      "task.catch",
      { caught: "task.catch(console.error)" },
    ),
    dropped(
      "a .then after .catch is unhandled again",
      "task.catch(report).then(use);",
      "task.catch(report).then(use)",
      "….then",
    ),
    ...["all", "race", "any", "allSettled", "resolve", "reject", "try"].map(
      (name) =>
        dropped(
          `Promise.${name}`,
          `Promise.${name}(xs);`,
          `Promise.${name}(xs)`,
          `Promise.${name}`,
        ),
    ),
    dropped(
      "new Promise",
      "new Promise(go);",
      "new Promise(go)",
      "new Promise",
    ),
    dropped("global fetch", "fetch(url);", "fetch(url)", "fetch"),
    ...["fs", "timers", "dns", "stream", "readline"].map((name) =>
      dropped(
        `an import from node:${name}/promises`,
        `import { work } from "node:${name}/promises"; work(1);`,
        "work(1)",
        "work",
        {
          caught: `work(1).catch((error) => {
  console.error(error);
  process.exit(1);
})`,
        },
      )
    ),
    dropped(
      "a member of an imported namespace, without node:",
      'import * as fs from "fs/promises"; fs.rm(path);',
      "fs.rm(path)",
      "fs.rm",
    ),
    dropped(
      "xs.map(async …): the suggestion waits for all",
      "xs.map(async (x) => go(x));",
      "xs.map(async (x) => go(x))",
      "xs.map",
      { whole: "Promise.all(xs.map(async (x) => go(x)))" },
    ),
    dropped("right side of &&", `${LOAD}a && load(1);`, "load(1)", "load"),
    dropped("right side of ||", `${LOAD}a || load(1);`, "load(1)", "load"),
    dropped("right side of ??", `${LOAD}a ?? load(1);`, "load(1)", "load"),
    wrong(
      "both arms of ?:",
      `${LOAD}a ? load(1) : load(2);`,
      (code) =>
        ["load(1)", "load(2)"].map((at) =>
          error(code, at, "dropped", { call: "load" }, [
            ["catch", `${at}.catch(console.error)`],
            ["await", `await ${at}`],
          ])
        ),
    ),
    wrong(
      "members of a comma list",
      `${LOAD}load(1), load(2);`,
      (code) =>
        ["load(1)", "load(2)"].map((at) =>
          error(code, at, "dropped", { call: "load" }, [
            ["catch", `${at}.catch(console.error)`],
            ["await", `await ${at}`],
          ])
        ),
    ),
    dropped(
      "a dropped member of a comma list whose value is used",
      `${LOAD}const x = (load(1), 2); use(x);`,
      "load(1)",
      "load",
    ),
    dropped(
      "through ?.",
      "task?.then(use);",
      "task?.then(use)",
      "task?.then",
    ),
    dropped("through !", `${LOAD}load(1)!;`, "load(1)", "load"),
    dropped("through as", `${LOAD}load(1) as unknown;`, "load(1)", "load"),
    wrong(
      "the initialiser of a local variable that is never read",
      `${LOAD}async function f() { const p = load(1); }`,
      (code) => [
        error(code, "load(1)", "unread", { call: "load", name: "p" }, [
          ["catch", "load(1).catch(console.error)"],
          ["await", "await load(1)"],
        ]),
      ],
    ),
    wrong(
      "a variable named _ is no owner (ruff 8863)",
      `${LOAD}function f() { const _ = load(1); }`,
      (code) => [
        error(code, "load(1)", "unread", { call: "load", name: "_" }, [
          ["catch", "load(1).catch(console.error)"],
        ]),
      ],
    ),
    wrong(
      "a variable that is only written again",
      `${LOAD}function f() { let p = load(1); p = null; }`,
      (code) => [
        error(code, "load(1)", "unread", { call: "load", name: "p" }, [
          ["catch", "load(1).catch(console.error)"],
        ]),
      ],
    ),
    wrong(
      "no await is suggested in a function that is not async",
      `${LOAD}function f() { load(1); }`,
      (code) => [
        error(code, "load(1)", "dropped", { call: "load" }, [
          ["catch", "load(1).catch(console.error)"],
        ]),
      ],
    ),
    wrong(
      "no await is suggested in a static block",
      `${LOAD}class A { static { load(1); } }`,
      (code) => [
        error(code, "load(1)", "dropped", { call: "load" }, [
          ["catch", "load(1).catch(console.error)"],
        ]),
      ],
    ),
    dropped(
      "allowVoid: false reports void",
      `${LOAD}void load(1);`,
      "load(1)",
      "load",
      { id: "voided", options: [{ allowVoid: false }] },
    ),
    dropped(
      "allowVoid: false reports void inside of &&",
      `${LOAD}a && void load(1);`,
      "load(1)",
      "load",
      { id: "voided", options: [{ allowVoid: false }] },
    ),
    dropped(
      "reportSelfHandled: true reports a self-handled callee",
      `const load = async () => { try { await go(); } catch { no(); } };
load(1);`,
      "load(1)",
      "load",
      { options: [{ reportSelfHandled: true }] },
    ),
    dropped(
      "a callee whose catch throws on",
      `const load = async () => { try { await go(); } catch (e) { throw e; } };
load(1);`,
      "load(1)",
      "load",
    ),
    dropped(
      "a callee whose finally throws",
      `const load = async () => {
  try { await go(); } catch { no(); } finally { throw 1; }
};
load(1);`,
      "load(1)",
      "load",
    ),
    dropped(
      "a callee with a try and something after it",
      `const load = async () => { try { await go(); } catch { no(); } end(); };
load(1);`,
      "load(1)",
      "load",
    ),
    wrong(
      "with a tracker in scope",
      `${LOAD}async function f(tracker) { load(1); }`,
      (code) => [
        error(code, "load(1)", "dropped", { call: "load" }, [
          ["own", "tracker.add(load(1))", { owner: "tracker" }],
          ["catch", "load(1).catch(console.error)"],
          ["await", "await load(1)"],
        ]),
      ],
    ),
    wrong(
      "a dropped createTask, with a tracker of the package first",
      `import { createTask, TaskTracker } from "@mdc/tasks";
const work = new TaskTracker();
createTask(body, { name: "x" });`,
      (code) => [
        error(
          code,
          'createTask(body, { name: "x" })',
          "dropped",
          { call: "createTask" },
          [
            ["own", 'work.spawn(body, { name: "x" })', { owner: "work" }],
            [
              "catch",
              'createTask(body, { name: "x" }).catch(console.error)',
            ],
            ["await", 'await createTask(body, { name: "x" })'],
          ],
        ),
      ],
    ),
    wrong(
      "a dropped createTask in a group",
      `import { createTask, TaskGroup } from "@mdc/tasks";
await TaskGroup.run(async (group) => { createTask(body); });`,
      (code) => [
        error(code, "createTask(body)", "dropped", { call: "createTask" }, [
          ["own", "group.spawn(body)", { owner: "group" }],
          ["catch", "createTask(body).catch(console.error)"],
          ["await", "await createTask(body)"],
        ]),
      ],
    ),
    dropped(
      "a renamed function of @mdc/tasks",
      'import { sleep as nap } from "jsr:@mdc/tasks@^1"; nap(5);',
      "nap(5)",
      "nap",
    ),
    dropped(
      "a detached task with a self-handled body",
      `import { createTask } from "@mdc/tasks";
createTask(async () => { try { await go(); } catch { no(); } }, { detached: true });`,
      "createTask(async () => { try { await go(); } catch { no(); } }, { detached: true })",
      "createTask",
    ),
  ],
});
