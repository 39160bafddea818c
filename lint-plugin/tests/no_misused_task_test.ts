import rule from "../rules/no-misused-task.ts";
import { error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const IMPORT =
  'import { AsyncEvent, cancelAndWait, createTask, currentTask, sleep } from "@mdc/tasks"; ';
const EVENTS = "const a = new AsyncEvent(), b = new AsyncEvent(); ";

const ok = (name: string, code: string, extra = {}) =>
  fine(name, IMPORT + code, extra);

function bad(
  name: string,
  code: string,
  at: string,
  messageId: string,
  data?: { name: string },
  extra: {
    edit?: string;
    options?: unknown[];
    settings?: Record<string, unknown>;
  } = {},
): InvalidCase {
  const { edit, ...rest } = extra;
  return wrong(name, IMPORT + code, (whole) => [
    error(whole, at, messageId, data, edit ? [["wait", edit]] : []),
  ], rest);
}

const explicit = { options: [{ explicitMode: true }] };

testRule("no-misused-task", rule, {
  valid: [
    fine(
      "names from elsewhere",
      "const a = new AsyncEvent(); while (x) await Promise.race([a.wait(), b()]);",
    ),
    // Races of waits on events
    ok(
      "a race outside of a loop",
      `${EVENTS}await Promise.race([a.wait(), b.wait()]);`,
    ),
    ok(
      "waits that a signal ends",
      `${EVENTS}while (x) { await Promise.race([a.wait({ signal }), b.wait({ signal })]); }`,
    ),
    ok(
      "one event made of several",
      `${EVENTS}while (x) { await AsyncEvent.any([a, b]).wait(); }`,
    ),
    ok(
      "a race in a function inside of the loop",
      `${EVENTS}for (const x of xs) { on(() => Promise.race([a.wait(), b.wait()])); }`,
    ),
    // Derivatives of waits
    ok(
      "a derivative that is awaited at once",
      "async function f() { const p = sleep(5).then(g); await p; }",
    ),
    ok(
      "a derivative with a handler",
      "async function f() { const p = sleep(5).then(g, h); await load(); await p; }",
    ),
    ok(
      "the wait itself, which is marked as handled",
      "async function f() { const p = sleep(5); await load(); await p; }",
    ),
    ok(
      "a derivative that is given to something",
      "async function f() { const p = sleep(5).then(g); keep(p); await load(); await p; }",
    ),
    ok(
      "a derivative of something else",
      "async function f() { const p = load().then(g); await load(); await p; }",
    ),
    // Cancel without a wait
    ok(
      "a task that is awaited after it was cancelled",
      "async function f() { const t = createTask(g); t.cancel(); await t; }",
    ),
    ok(
      "cancelAndWait()",
      "async function f() { const t = createTask(g); await cancelAndWait(t); }",
    ),
    ok(
      "a task that others have",
      "function f() { const t = createTask(g); keep(t); t.cancel(); }",
    ),
    ok("a task that was given", "function f(t) { t.cancel(); }"),
    ok(
      "a task that a handler cancels",
      "function f() { const t = createTask(g); on(() => { t.cancel(); }); }",
    ),
    // Waiting for oneself
    ok(
      "a task that another one awaits",
      "const t = createTask(g); createTask(async () => { await t; });",
    ),
    ok(
      "a function in the body that others call later",
      "const t = createTask(async () => { on(async () => { await t; }); });",
    ),
    // Served handlers
    fine(
      "a handler that looks at its context",
      'import { serve } from "@mdc/remote"; serve({ sum(context, xs) { for (const x of xs) context.throwIfCancelled(); } });',
    ),
    fine(
      "a handler that takes what it looks at",
      'import { serve } from "@mdc/remote"; serve({ sum({ throwIfCancelled }, xs) { for (const x of xs) throwIfCancelled(); } });',
    ),
    fine(
      "a handler whose loop waits",
      'import { serve } from "@mdc/remote"; serve({ async sum(_, xs) { for (const x of xs) await load(x); } });',
    ),
    fine(
      "serve() from elsewhere",
      'import { serve } from "x"; serve({ sum(_, xs) { for (const x of xs) add(x); } });',
    ),
    // Explicit mode
    ok(
      "a call after an await, where the project has a context",
      "createTask(async (ctx) => { await load(); await sleep(5); });",
    ),
    ok(
      "calls that say whose they are",
      "createTask(async (ctx) => { await load(); await sleep(5, { signal: ctx.signal }); await sleep(5, { signal: null }); createTask(g, { parent: ctx }).cancel(); });",
      explicit,
    ),
    ok(
      "methods of the context",
      "createTask(async (ctx) => { await load(); await ctx.sleep(5); });",
      explicit,
    ),
    ok(
      "a call before the first await",
      "createTask(async (ctx) => { await sleep(5); });",
      explicit,
    ),
    ok(
      "options that aren't shown",
      "async function f(options) { await load(); await sleep(5, options); }",
      explicit,
    ),
  ],

  invalid: [
    bad(
      "Promise.race of waits in a loop",
      `${EVENTS}while (x) { await Promise.race([a.wait(), b.wait()]); }`,
      "Promise.race([a.wait(), b.wait()])",
      "raced",
    ),
    bad(
      "Promise.any, and one wait of several",
      `${EVENTS}for (;;) { await Promise.any([load(), b.wait()]); }`,
      "Promise.any([load(), b.wait()])",
      "raced",
    ),
    bad(
      "a derivative that is awaited after something else",
      "async function f() { const p = sleep(5).then(g); await load(); await p; }",
      "const «p» =",
      "late",
      { name: "p" },
    ),
    bad(
      "a longer chain on the wait of an event",
      `${EVENTS}async function f() { const p = a.wait().then(g).finally(h); await load(); await p; }`,
      "const «p» =",
      "late",
      { name: "p" },
    ),
    bad(
      "a task that is only cancelled",
      "async function f() { const t = createTask(g); await load(); t.cancel(); }",
      "t.cancel();",
      "unwaited",
      { name: "t" },
      { edit: "await cancelAndWait(t);" },
    ),
    bad(
      "a task that is cancelled with a reason, and looked at",
      'async function f() { const t = createTask(g); if (!t.done) { t.cancel("late"); } }',
      't.cancel("late");',
      "unwaited",
      { name: "t" },
      { edit: 'await cancelAndWait(t, { reason: "late" });' },
    ),
    bad(
      "no edit where await can't stand",
      "function f() { const t = createTask(g); t.cancel(); }",
      "t.cancel();",
      "unwaited",
      { name: "t" },
    ),
    bad(
      "a body that awaits its own task",
      "const t = createTask(async () => { await load(); await t; });",
      "await t",
      "self",
      { name: "t" },
    ),
    bad(
      "a body that awaits the current task",
      "createTask(async () => { await currentTask(); });",
      "await currentTask()",
      "self",
      { name: "currentTask()" },
    ),
    wrong(
      "a served handler that nothing can stop",
      'import { serve } from "@mdc/remote"; serve({ sum(_, xs) { for (const x of xs) add(x); } });',
      (code) => [error(code, "for (const x of xs) add(x);", "unchecked")],
    ),
    wrong(
      "a served handler without a parameter, by name",
      'import { serve } from "jsr:@mdc/remote@0.1"; function spin() { while (x) go(); } serve({ spin });',
      (code) => [error(code, "while (x) go();", "unchecked")],
    ),
    bad(
      "explicit mode: a wait after an await",
      "createTask(async (ctx) => { await load(); await sleep(5); });",
      "sleep(5)",
      "orphan",
      { name: "sleep" },
      explicit,
    ),
    bad(
      "explicit mode: a task in a loop that waits",
      "async function f() { for (const x of xs) { createTask(g).catch(log); await load(x); } }",
      "createTask(g)",
      "orphan",
      { name: "createTask" },
      explicit,
    ),
    bad(
      "explicit mode by settings",
      "async function f() { await load(); await sleep(5); }",
      "sleep(5)",
      "orphan",
      { name: "sleep" },
      { settings: { mdc: { explicitMode: true } } },
    ),
  ],
});
