import rule from "../rules/no-outer-signal-in-scope.ts";
import { error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const IMPORT =
  'import { all, createTask, CancelScope, failAfter, map, moveOnAfter, run, shield, TaskGroup, TaskTracker } from "@mdc/tasks"; ';

/** The code after the import; `edit` replaces `from` by `to`. */
function outer(
  name: string,
  code: string,
  { at = "signal }", call, edit, signal = "signal" }: {
    at?: string;
    call: string;
    edit?: readonly [from: string, to: string];
    signal?: string;
  },
): InvalidCase {
  return wrong(name, IMPORT + code, (whole) => [{
    ...error(whole, at, "outer", { signal, call }),
    ...(edit && {
      suggestions: [{
        messageId: "own",
        data: { call },
        output: whole.replace(edit[0], () => edit[1]),
      }],
    }),
  }]);
}

const ok = (name: string, code: string) => fine(name, IMPORT + code);

testRule("no-outer-signal-in-scope", rule, {
  valid: [
    fine(
      "functions of the same name from elsewhere",
      "function f(signal) { return failAfter(50, () => fetch(url, { signal })); }",
    ),
    ok(
      "the signal of the body's own context",
      "createTask(({ signal }) => failAfter(50, (scope) => fetch(url, { signal: scope.signal })));",
    ),
    ok(
      "the body's own signal under the same name",
      "createTask(({ signal }) => failAfter(50, ({ signal }) => fetch(url, { signal })));",
    ),
    ok(
      "the context answers for the innermost scope when it is asked",
      "createTask((ctx) => failAfter(50, () => fetch(url, { signal: ctx.signal })));",
    ),
    ok(
      "outside of the body",
      "createTask(async ({ signal }) => { await fetch(url, { signal }); await failAfter(50, work); });",
    ),
    ok(
      "given to the scope itself",
      "async function f(signal) { return await map(urls, (url, ctx) => fetch(url, { signal: ctx.signal }), { signal }); }",
    ),
    ok(
      "given to a scope in the body, which takes it",
      "createTask(({ signal }) => failAfter(50, () => map(urls, load, { signal })));",
    ),
    ok(
      "merged with the scope's",
      "createTask(({ signal }) => failAfter(50, (scope) => fetch(url, { signal: AbortSignal.any([signal, scope.signal]) })));",
    ),
    ok(
      "a listener on the outer one",
      "createTask(({ signal }) => failAfter(50, () => new Promise((resolve) => { signal.addEventListener('abort', resolve, { signal }); })));",
    ),
    ok(
      "an own signal: its owner decides",
      "async function f() { const own = new AbortController(); setTimeout(() => own.abort(), 5); await failAfter(50, () => fetch(url, { signal: own.signal })); }",
    ),
    ok(
      "a method in between is a flow of its own",
      "createTask(({ signal }) => failAfter(50, () => ({ load() { return fetch(url, { signal }); } })));",
    ),
    ok(
      "a shield keeps the outer cancellation away: another rule looks at it",
      "createTask(({ signal }) => shield(() => fetch(url, { signal })));",
    ),
    ok(
      "a signal made inside of the body",
      "createTask(() => failAfter(50, () => { const signal = make(); return fetch(url, { signal }); }));",
    ),
    ok(
      "a function that is no body",
      "function f(signal) { return urls.map((url) => fetch(url, { signal })); }",
    ),
  ],
  invalid: [
    outer(
      "a task's signal in the body of failAfter",
      "createTask(({ signal }) => failAfter(50, () => fetch(url, { signal })));",
      {
        at: "fetch(url, { «signal» })",
        call: "failAfter",
        edit: ["failAfter(50, () =>", "failAfter(50, ({ signal }) =>"],
      },
    ),
    outer(
      "with a parameter of the body",
      "createTask(({ signal }) => failAfter(50, (scope) => fetch(url, { signal })));",
      {
        at: "fetch(url, { «signal» })",
        call: "failAfter",
        edit: [
          "fetch(url, { signal })",
          "fetch(url, { signal: scope.signal })",
        ],
      },
    ),
    outer(
      "kept in a variable",
      "createTask((ctx) => { const outer = ctx.signal; return moveOnAfter(50, () => fetch(url, { signal: outer })); });",
      {
        at: "signal: outer",
        call: "moveOnAfter",
        signal: "outer",
        edit: ["(50, () =>", "(50, ({ signal: outer }) =>"],
      },
    ),
    outer(
      "a caller's signal",
      "async function load(url, signal) { return await failAfter(50, () => fetch(url, { signal })); }",
      {
        at: "fetch(url, { «signal» })",
        call: "failAfter",
        edit: ["(50, () =>", "(50, ({ signal }) =>"],
      },
    ),
    outer(
      "positional",
      "async function load(url, signal) { return await failAfter(50, () => read(url, signal)); }",
      {
        at: "read(url, «signal»)",
        call: "failAfter",
        edit: ["(50, () =>", "(50, ({ signal }) =>"],
      },
    ),
    outer(
      "in an item's body: the context is the second parameter",
      "async function loadAll(urls, signal) { return await map(urls, (url) => fetch(url, { signal })); }",
      {
        at: "fetch(url, { «signal» })",
        call: "map",
        edit: ["(url) =>", "(url, { signal }) =>"],
      },
    ),
    outer(
      "in a list of bodies",
      "async function both(signal) { return await all([() => fetch(url, { signal })]); }",
      {
        at: "fetch(url, { «signal» })",
        call: "all",
        edit: ["all([() =>", "all([({ signal }) =>"],
      },
    ),
    outer(
      "in a child task",
      "createTask(({ signal }) => { createTask(async () => { await fetch(url, { signal }); }); });",
      {
        at: "fetch(url, { «signal» })",
        call: "createTask",
        edit: ["createTask(async () =>", "createTask(async ({ signal }) =>"],
      },
    ),
    outer(
      "in a group: no place for the second parameter yet",
      "createTask(({ signal }) => TaskGroup.run(async () => { await fetch(url, { signal }); }));",
      { at: "fetch(url, { «signal» })", call: "TaskGroup.run" },
    ),
    outer(
      "in a group with its first parameter",
      "createTask(({ signal }) => TaskGroup.run(async (group) => { await fetch(url, { signal }); }));",
      {
        at: "fetch(url, { «signal» })",
        call: "TaskGroup.run",
        edit: ["(group) =>", "(group, { signal }) =>"],
      },
    ),
    outer(
      "in the body of a scope",
      "async function f(signal) { const scope = new CancelScope(); await scope.run(() => fetch(url, { signal })); }",
      {
        at: "fetch(url, { «signal» })",
        call: "scope.run",
        edit: ["scope.run(() =>", "scope.run(({ signal }) =>"],
      },
    ),
    outer(
      "in a spawned task",
      "async function f(tracker: TaskTracker, signal) { tracker.spawn(() => fetch(url, { signal })); }",
      {
        at: "fetch(url, { «signal» })",
        call: "tracker.spawn",
        edit: ["spawn(() =>", "spawn(({ signal }) =>"],
      },
    ),
    outer(
      "through a plain callback",
      "createTask(({ signal }) => failAfter(50, async (scope) => { await retry(() => fetch(url, { signal })); }));",
      {
        at: "fetch(url, { «signal» })",
        call: "failAfter",
        edit: [
          "fetch(url, { signal })",
          "fetch(url, { signal: scope.signal })",
        ],
      },
    ),
  ],
});
