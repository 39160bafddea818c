import rule from "../rules/no-unlinked-abort-controller.ts";
import { error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const NEW = "new AbortController()";
const OWN = `const own = ${NEW};`;
const f = (body: string) => `async function f() { ${body} }`;

function unlinked(name: string, code: string, variable = "own"): InvalidCase {
  return wrong(name, code, (code) => [
    error(code, NEW, "unlinked", { name: variable }),
  ]);
}

function dropped(name: string, code: string, variable: string): InvalidCase {
  return wrong(name, code, (code) => [
    error(code, NEW, "dropped", { name: variable }),
  ]);
}

/** A quiet signal in the callback that `head` calls back. */
const inCallback = (head: string) =>
  `${head}(async () => { ${OWN} await g(own.signal); });`;

testRule("no-unlinked-abort-controller", rule, {
  valid: [
    fine(
      "abort called",
      f(`${OWN} setTimeout(() => { own.abort(); }, 5); await g(own.signal);`),
    ),
    fine(
      "abort called on one path",
      f(`${OWN} if (late) own.abort(); await g(own.signal);`),
    ),
    fine(
      "abort through an optional chain",
      f(`${OWN} own?.abort(); await g(own.signal);`),
    ),
    fine(
      "abort bound",
      f(`${OWN} later(own.abort.bind(own)); await g(own.signal);`),
    ),
    fine(
      "abort in a closure",
      f(`${OWN} const stop = () => own.abort(); await g(own.signal);`),
    ),
    fine(
      "abort handed on",
      f(`${OWN} const stop = own.abort; await g(own.signal);`),
    ),
    fine("passed", f(`${OWN} link(own); await g(own.signal);`)),
    fine("returned", f(`${OWN} start(own.signal); return own;`)),
    fine(
      "stored in a field",
      `class A { m() { ${OWN} this.own = own; g(own.signal); } }`,
    ),
    fine("stored in a variable", f(`${OWN} other = own; await g(own.signal);`)),
    fine(
      "compared",
      f(`${OWN} if (own === current) go(); await g(own.signal);`),
    ),
    fine("in an array", f(`${OWN} all.push(...[own]); await g(own.signal);`)),
    fine("in an object", f(`${OWN} use({ own }); await g(own.signal);`)),
    fine(
      "reassigned",
      f(`let own = ${NEW}; await g(own.signal); own = next();`),
    ),
    fine(
      "a variable without an initialiser",
      f(`let own; own = ${NEW}; await g(own.signal);`),
    ),
    fine("a computed member", f(`${OWN} await g(own[key]);`)),
    fine(
      "a pattern that takes more than the signal",
      f(`${OWN} const { signal, ...rest } = own; await g(signal, rest);`),
    ),
    fine("module level", `${OWN} g(own.signal);`),
    fine("an unused variable", f(OWN)),
    fine("an unused signal", f(`const { signal } = ${NEW};`)),
    fine(
      "a pattern with abort",
      f(`const { signal, abort } = ${NEW}; await g(signal);`),
    ),
    fine(
      "the inline null object after ??",
      f(`await g(signal ?? ${NEW}.signal);`),
    ),
    fine(
      "the inline null object as a default",
      `async function f(signal = ${NEW}.signal) { await g(signal); }`,
    ),
    fine(
      "the inline null object among options, which could go without",
      f(`await g({ signal: ${NEW}.signal });`),
    ),
    fine(
      "the inline null object in a test",
      `test("x", async () => { await g(${NEW}.signal); });`,
    ),
    fine("the inline null object at module level", `g(${NEW}.signal);`),
    fine("what is called on it", f(`${NEW}.signal.throwIfAborted();`)),
    fine(
      "the inline null object in a variable",
      f(`const signal = ${NEW}.signal; await g(signal);`),
    ),
    fine(
      "another class",
      f("const own = new Controller(); await g(own.signal);"),
    ),
    fine(
      "a class of this file with that name",
      `class AbortController {} ${f(`${OWN} await g(own.signal);`)}`,
    ),
    fine(
      "propagateCancellation(P, [own]) is a use",
      `import { propagateCancellation } from "@mdc/tasks"; async function f(signal) { ${OWN} propagateCancellation(signal, [own]); await g(own.signal); }`,
    ),
    ...[
      "test",
      "it",
      "describe",
      "suite",
      "bench",
      "before",
      "beforeEach",
      "after",
      "afterAll",
      "test.only",
      "it.each(rows)",
      "Deno.test",
      "Deno.test.only",
      "Deno.bench",
      "t.test",
      "t.step",
    ].map((name) => fine(`in a callback of ${name}`, inCallback(name))),
    fine(
      "in a callback of Deno.test, in an object",
      `Deno.test({ name: "x", async fn() { ${OWN} await g(own.signal); } });`,
    ),
    fine(
      "in a function inside a callback of test",
      `test("x", () => { const f = async () => { ${OWN} await g(own.signal); }; });`,
    ),
  ],
  invalid: [
    wrong(
      "inline, as a required argument: it can never be cancelled",
      f(`await g(${NEW}.signal);`),
      (code) => [error(code, NEW, "inline")],
    ),
    wrong(
      "inline, after other arguments",
      f(`await g(url, ${NEW}.signal!);`),
      (code) => [error(code, NEW, "inline")],
    ),
    unlinked(
      "own.signal passed",
      f(`${OWN} await fetch(url, { signal: own.signal });`),
    ),
    unlinked(
      "own?.signal and own!.signal",
      f(`${OWN} await g(own?.signal, own!.signal);`),
    ),
    unlinked(
      "const { signal } = own",
      f(`${OWN} const { signal } = own; await g(signal);`),
    ),
    unlinked(
      "const { signal: s } = own",
      f(`${OWN} const { signal: s } = own; await g(s);`),
    ),
    unlinked("let", f(`let own = ${NEW}; await g(own.signal);`)),
    unlinked("var", f(`var own = ${NEW}; await g(own.signal);`)),
    unlinked(
      "also in nested functions",
      f(`${OWN} await retry(() => g({ signal: own.signal }));`),
    ),
    unlinked(
      "more than one use",
      f(`${OWN} await g(own.signal); own.signal.throwIfAborted(); return own.signal.aborted;`),
    ),
    unlinked(
      "wherever the signal goes: returned",
      `function f() { ${OWN} return own.signal; }`,
    ),
    unlinked(
      "wherever the signal goes: stored",
      `class A { m() { ${OWN} this.signal = own.signal; } }`,
    ),
    unlinked(
      "wherever the signal goes: combined",
      `function f(signal) { ${OWN} return g(AbortSignal.any([signal, own.signal])); }`,
    ),
    unlinked(
      "a listener on the signal is a read",
      f(`${OWN} own.signal.addEventListener("abort", stop);`),
    ),
    unlinked(
      "an arrow function",
      `const f = async () => { const ac = ${NEW}; await g(ac.signal); };`,
      "ac",
    ),
    unlinked(
      "an annotated variable",
      f(`const own: AbortController = ${NEW}; await g(own.signal);`),
    ),
    unlinked(
      "through a wrapper",
      f(`const own = ${NEW} as AbortController; await g(own.signal);`),
    ),
    unlinked(
      "{ signal: own.signal } of createTask is no use",
      `import { createTask } from "@mdc/tasks"; async function f() { ${OWN} await createTask(work, { signal: own.signal }); }`,
    ),
    unlinked(
      "a callback of another function than a test runner",
      inCallback("retest"),
    ),
    unlinked(
      "a callback of a method of something else",
      inCallback("queue.add"),
    ),
    unlinked(
      "a function beside the tests",
      `async function f() { ${OWN} await g(own.signal); } test("x", () => f());`,
    ),
    dropped(
      "const { signal } = new AbortController()",
      f(`const { signal } = ${NEW}; await g(signal);`),
      "signal",
    ),
    dropped(
      "the same with another name",
      f(`const { signal: s } = ${NEW}; await retry(() => g(s));`),
      "s",
    ),
    {
      name: "each controller by itself",
      code: f(
        `const a = ${NEW}; const b = ${NEW}; g(a.signal, b.signal); b.abort();`,
      ),
      errors: [{
        messageId: "unlinked",
        data: { name: "a" },
        at: `const a = «${NEW}»`,
      }],
    },
  ],
});
