import rule from "../rules/no-unscoped-promise-array.ts";
import { type Edit, error, fine, wrong } from "./_cases.ts";
import { testRule } from "./_tester.ts";

const OWN = "const own = new AbortController();";
const MDC = (names: string) => `import { ${names} } from "@mdc/tasks";`;

/** A function of `xs` and `signal`. */
const func = (body: string) =>
  `async function f(xs, signal: AbortSignal) { ${body} }`;

const ok = (name: string, body: string) => fine(name, func(body));

function unscoped(
  name: string,
  code: string,
  at: string,
  { signal = "signal", edits = [] as readonly Edit[] } = {},
) {
  return wrong(name, code, (code) => [
    error(code, at, "unscoped", { signal }, edits),
  ]);
}

/** `Promise.all(…)` awaited in a function of `xs` and `signal`. */
const inFunction = (name: string, list: string) =>
  unscoped(
    name,
    func(`await Promise.all(${list});`),
    `Promise.all(${list})`,
  );

/** `Promise.all(…)` in a task. */
function inTask(
  name: string,
  names: string,
  list: string,
  edits: readonly Edit[] = [],
) {
  const all = `Promise.all(${list})`;
  return wrong(
    name,
    `${MDC(names)} createTask(async () => { await ${all}; });`,
    (code) => [error(code, all, "unscopedInTask", undefined, edits)],
  );
}

testRule("no-unscoped-promise-array", rule, {
  valid: [
    fine(
      "a function without a signal",
      "async function f(xs) { await Promise.all(xs.map((x) => load(x))); }",
    ),
    ok(
      "fn without a signal: the work cannot be cancelled anyway",
      "await Promise.all(xs.map((x) => load(x)));",
    ),
    ok(
      "fn gets the signal of an own controller",
      `${OWN} await Promise.all(xs.map((x) => load(x, own.signal)));`,
    ),
    ok(
      "fn gets an own signal in options",
      `${OWN} await Promise.all(xs.map((x) => fetch(x, { signal: own.signal })));`,
    ),
    ok(
      "fn gets an own signal by name",
      `${OWN} const s = own.signal; await Promise.all(xs.map((x) => fetch(x, { signal: s })));`,
    ),
    ok(
      "fn gets a combination with an own one",
      `${OWN} await Promise.all(xs.map((x) => fetch(x, { signal: AbortSignal.any([signal, own.signal]) })));`,
    ),
    ok(
      "fn gets a combination with an own one, by name",
      `${OWN} const both = AbortSignal.any([signal, own.signal]); await Promise.all(xs.map((x) => fetch(x, { signal: both })));`,
    ),
    ok(
      "a combination of a list that was made elsewhere",
      "await Promise.all(xs.map((x) => fetch(x, { signal: AbortSignal.any(all) })));",
    ),
    ok(
      "an own signal besides the caller's",
      `${OWN} await Promise.all(xs.map((x) => load(x, { signal, other: { signal: own.signal } })));`,
    ),
    fine(
      "an own signal after the caller's options",
      `async function f(xs, init: RequestInit) { ${OWN} await Promise.all(xs.map((x) => fetch(x, { ...init, signal: own.signal }))); }`,
    ),
    ok(
      "the signal of each element",
      "await Promise.all(xs.map((x) => load(x, x.signal)));",
    ),
    ok(
      "reason and aborted are facts",
      "await Promise.all(xs.map((x) => load(x, signal.aborted, signal.reason)));",
    ),
    ok(
      "a look at the signal",
      "await Promise.all(xs.map(async (x) => { throwIfAborted(signal); await load(x); }));",
    ),
    ok(
      "allSettled",
      "await Promise.allSettled(xs.map((x) => load(x, signal)));",
    ),
    ok("race", "await Promise.race(xs.map((x) => load(x, signal)));"),
    ok(
      "a later allSettled of the same variable",
      "const all = xs.map((x) => load(x, signal)); try { await Promise.all(all); } finally { await Promise.allSettled(all); }",
    ),
    ok("a fixed list", "await Promise.all([a(signal), b(signal)]);"),
    ok("a function by name", "await Promise.all(xs.map(load));"),
    ok(
      "fn returns no call",
      "await Promise.all(xs.map((x) => ({ x, signal })));",
    ),
    ok(
      "neither awaited nor kept",
      "use(Promise.all(xs.map((x) => load(x, signal))));",
    ),
    ok(
      "an event handler",
      "socket.on('close', async () => { await Promise.all(xs.map((x) => load(x, signal))); });",
    ),
    ok(
      "in finally",
      "try { g(); } finally { await Promise.all(xs.map((x) => load(x, signal))); }",
    ),
    ok(
      "a variable that is assigned again",
      "let all = xs.map((x) => load(x, signal)); all = []; await Promise.all(all);",
    ),
    ok(
      "a self-handled fn",
      "await Promise.all(xs.map(async (x) => { try { return await load(x, signal); } catch { return null; } }));",
    ),
    ok(
      "a self-handled fn that looks something up first",
      "await Promise.all(xs.map(async (x) => { const y = find(x); if (!y) return null; signal.throwIfAborted(); try { return await load(y, signal); } catch { return null; } }));",
    ),
    ok(
      "fn ends in a non-throwing catch",
      "await Promise.all(xs.map((x) => load(x, signal).catch(() => null)));",
    ),
    ok(
      "an async fn ends in a non-throwing catch",
      "await Promise.all(xs.map(async (x) => await load(x, signal).catch(log)));",
    ),
    ok(
      "fn ends in .then(a, h)",
      "await Promise.all(xs.map((x) => load(x, signal).then(g, () => null)));",
    ),
    fine(
      "fn calls a self-handled function of this file",
      `async function one(x, signal) { try { await load(x, signal); } catch (e) { log(e); } } ${
        func("await Promise.all(xs.map((x) => one(x, signal)));")
      }`,
    ),
    fine(
      "fn calls a self-handled method",
      "class A { async one(x, signal) { try { await load(x, signal); } catch (e) { log(e); } } async all(xs, signal) { await Promise.all(xs.map((x) => this.one(x, signal))); } }",
    ),
    ok(
      "a catch that throws only under a cancellation test",
      "await Promise.all(xs.map(async (x) => { try { await load(x, signal); } catch (e) { if (signal.aborted) throw e; log(e); } }));",
    ),
    ok(
      "a catch that throws only under a test of the error",
      "await Promise.all(xs.map(async (x) => { try { await load(x, signal); } catch (e) { if (e.name === 'AbortError') throw e; log(e); } }));",
    ),
    fine(
      "a catch that throws only what rethrowCancellation throws",
      `${MDC("rethrowCancellation")} ${
        func(
          "await Promise.all(xs.map(async (x) => { try { await load(x, signal); } catch (e) { rethrowCancellation(e); log(e); } }));",
        )
      }`,
    ),
    fine(
      "elements that are group.spawn(…) have an owner",
      `${
        MDC("TaskGroup")
      } const f = (xs, signal) => TaskGroup.run(async (group) => { await Promise.all(xs.map((x) => group.spawn(() => load(x, signal)))); });`,
    ),
    fine(
      "elements that are tracker.spawn(…) have an owner",
      `${MDC("TaskTracker")} ${
        func(
          "const t = new TaskTracker(); await Promise.all(xs.map((x) => t.spawn(() => load(x, signal))));",
        )
      }`,
    ),
    fine(
      "all of the package is no Promise.all",
      `${MDC("all")} ${func("await all(xs.map((x) => load(x, signal)));")}`,
    ),
    fine(
      "map of the package is no Promise.all",
      `${MDC("map")} ${
        func("await map(xs, (x, ctx) => load(x, ctx.signal));")
      }`,
    ),
    fine(
      "a task whose elements can't be cancelled",
      `${
        MDC("createTask")
      } createTask(async () => { await Promise.all(xs.map((x) => load(x))); });`,
    ),
    fine(
      "an implicit point in a task of its own",
      `${
        MDC("createTask, sleep")
      } async function f(xs) { await Promise.all(xs.map((x) => createTask(() => sleep(x)))); }`,
    ),
    fine(
      "in a shield the task's cancellation does not arrive",
      `${
        MDC("createTask, shield, sleep")
      } createTask(() => shield(async () => { await Promise.all(xs.map((x) => sleep(x))); }));`,
    ),
  ],
  invalid: [
    inFunction("map with a call", "xs.map((x) => load(x, signal))"),
    inFunction("in options", "xs.map((x) => fetch(x, { signal }))"),
    inFunction(
      "two objects deep",
      "xs.map((x) => load(x, { init: { signal } }))",
    ),
    inFunction(
      "under another key",
      "xs.map((x) => load(x, { cancelSignal: signal }))",
    ),
    inFunction(
      "an async fn",
      "xs.map(async (x) => { const y = await load(x, signal); return y + 1; })",
    ),
    inFunction(
      "a function expression",
      "xs.map(function (x) { return load(x, signal); })",
    ),
    inFunction("flatMap", "xs.flatMap((x) => load(x, signal))"),
    inFunction(
      "Array.from",
      "Array.from(xs, (x) => load(x, signal))",
    ),
    inFunction(
      "after other methods",
      "[...xs].filter(Boolean).map((x) => load(x, signal))",
    ),
    inFunction(
      "in nested functions",
      "xs.map((x) => retry(() => load(x, signal)))",
    ),
    inFunction(
      "a combination with a timeout only",
      "xs.map((x) => load(x, AbortSignal.any([signal, AbortSignal.timeout(5)])))",
    ),
    inFunction(
      "a catch that throws",
      "xs.map(async (x) => { try { await load(x, signal); } catch (e) { throw new Error(x); } })",
    ),
    inFunction(
      "a catch that throws on the other side of a cancellation test",
      "xs.map(async (x) => { try { await load(x, signal); } catch (e) { if (signal.aborted) return; throw e; } })",
    ),
    inFunction(
      "a try with work around it",
      "xs.map(async (x) => { await open(x); try { await load(x, signal); } catch {} })",
    ),
    inFunction(
      "a handler that throws",
      "xs.map((x) => load(x, signal).catch((e) => { throw e; }))",
    ),
    unscoped(
      "returned",
      func("return Promise.all(xs.map((x) => load(x, signal)));"),
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "returned by an arrow",
      "const f = (xs, signal) => Promise.all(xs.map((x) => load(x, signal)));",
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "kept in a variable",
      func(
        "const all = Promise.all(xs.map((x) => load(x, signal))); await all;",
      ),
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "the elements in a local variable",
      func(
        "const all = xs.map((x) => load(x, signal)); await Promise.all(all);",
      ),
      "Promise.all(all)",
    ),
    unscoped(
      "a destructured signal",
      "async function f(xs, { signal }) { await Promise.all(xs.map((x) => load(x, signal))); }",
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "a signal of options",
      "async function f(xs, options) { await Promise.all(xs.map((x) => load(x, options.signal))); }",
      "Promise.all(xs.map((x) => load(x, options.signal)))",
      { signal: "options.signal" },
    ),
    unscoped(
      "the caller's options object",
      "async function f(xs, init: RequestInit) { await Promise.all(xs.map((x) => fetch(x, init))); }",
      "Promise.all(xs.map((x) => fetch(x, init)))",
      { signal: "init.signal" },
    ),
    unscoped(
      "the caller's options object, spread",
      "async function f(xs, init: RequestInit) { await Promise.all(xs.map((x) => fetch(x, { ...init, method: 'PUT' }))); }",
      "Promise.all(xs.map((x) => fetch(x, { ...init, method: 'PUT' })))",
      { signal: "init.signal" },
    ),
    unscoped(
      "an alias of the caller's signal",
      "async function f(xs, options: { signal: AbortSignal }) { const { signal } = options; await Promise.all(xs.map((x) => load(x, signal))); }",
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "in a plain callback of the function",
      func(
        "await retry(async () => { await Promise.all(xs.map((x) => load(x, signal))); });",
      ),
      "Promise.all(xs.map((x) => load(x, signal)))",
    ),
    unscoped(
      "the signal of a task's context",
      `${
        MDC("createTask")
      } createTask(async (ctx) => { await Promise.all(xs.map((x) => load(x, ctx.signal))); });`,
      "Promise.all(xs.map((x) => load(x, ctx.signal)))",
      { signal: "ctx.signal" },
    ),
    inTask(
      "an implicit point in a task",
      "createTask, sleep",
      "xs.map((x) => sleep(x))",
    ),
    inTask(
      "an implicit point in nested functions",
      "createTask, checkpoint",
      "xs.map(async (x) => { await each(x, async () => { await checkpoint(); }); })",
    ),
    {
      name: "tasks: the suggestion is all(), with its import",
      code: `${
        MDC("createTask")
      } createTask(async () => { await Promise.all(xs.map((x) => createTask(() => load(x)))); });`,
      errors: [{
        messageId: "unscopedInTask",
        at: "Promise.all(xs.map((x) => createTask(() => load(x))))",
        suggestions: [{
          messageId: "all",
          data: { all: "all" },
          output: `${
            MDC("createTask, all")
          } createTask(async () => { await all(xs.map((x) => createTask(() => load(x)))); });`,
        }],
      }],
    },
    wrong(
      "tasks, with all() imported",
      `${
        MDC("createTask, all")
      } createTask(async () => { await Promise.all(xs.map((x) => createTask(() => load(x)))); });`,
      (code) => [
        error(
          code,
          "Promise.all(xs.map((x) => createTask(() => load(x))))",
          "unscopedInTask",
          undefined,
          [["all", "all(xs.map((x) => createTask(() => load(x))))", {
            all: "all",
          }]],
        ),
      ],
    ),
    unscoped(
      "tasks that get the signal, through a namespace",
      `import * as mdc from "@mdc/tasks"; ${
        func(
          "await Promise.all(xs.map((x) => mdc.createTask(() => load(x), { signal })));",
        )
      }`,
      "Promise.all(xs.map((x) => mdc.createTask(() => load(x), { signal })))",
      {
        edits: [[
          "all",
          "mdc.all(xs.map((x) => mdc.createTask(() => load(x), { signal })))",
          { all: "mdc.all" },
        ]],
      },
    ),
  ],
});
