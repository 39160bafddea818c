import rule from "../rules/no-unawaited-promise-in-try.ts";
import { type Edit, error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const LOAD = "async function load(id) { return await db(id); }\n";
const QUIET =
  "async function quiet(id) { try { await db(id); } catch (e) { log(e); } }\n";

type Kind = "dropped" | "returned" | "early" | "voided";

/** One report on `at`, with `await` where the function is async. */
function reports(
  kind: Kind,
  name: string,
  code: string,
  { at = "load(1)", call = "load", awaited = `await ${at}`, options }: {
    at?: string;
    call?: string;
    /** What the suggestion writes; null where none is offered. */
    awaited?: string | null;
    options?: readonly unknown[];
  } = {},
): InvalidCase {
  const edits: Edit[] = awaited === null ? [] : [["await", awaited]];
  return wrong(
    name,
    code,
    (code) => [error(code, at, kind, { call }, edits)],
    options ? { options } : {},
  );
}

const asynchronous = (block: string, rest = "catch (e) { log(e); }") =>
  `${LOAD}async function f() { try { ${block} } ${rest} }`;
const synchronous = (block: string, rest = "catch (e) { return null; }") =>
  `${LOAD}function f() { try { ${block} } ${rest} }`;

testRule("no-unawaited-promise-in-try", rule, {
  valid: [
    fine(
      "a promise that can't reject, with an empty .then()",
      "async function f() { try { (async () => { try { await g(); } catch (e) { log(e); } })().then(); } catch (e) { no(e); } }",
    ),
    fine(
      "a comment that says so to deno lint",
      "async function f() { try {\n// deno-lint-ignore no-floating-promises\ntask.then(use);\n} catch (e) { no(e); } }",
    ),

    fine("awaited", asynchronous("await load(1); return await load(1);")),
    fine(
      "dropped with a real rejection handler",
      asynchronous("load(1).catch(report);"),
    ),
    fine(
      "dropped: a self-handled callee",
      QUIET + asynchronous("quiet(1);"),
    ),
    fine(
      "returned: a self-handled callee",
      QUIET + asynchronous("return quiet(1);"),
    ),
    fine(
      "returned from a synchronous function: a self-handled callee",
      QUIET + synchronous("return quiet(1);"),
    ),
    fine("passed on", asynchronous("track(load(1));")),
    fine(
      "stored",
      asynchronous("this.p = load(1); const p = load(2); await p;"),
    ),
    fine("void p", asynchronous("void load(1);")),
    fine("an unknown call", asynchronous("other(1); return other(1);")),
    fine(
      "dropped in a catch that no outer try covers",
      asynchronous("go();", "catch { load(1); }"),
    ),
    fine(
      "dropped under a finally without a catch",
      asynchronous("load(1);", "finally { stop(); }"),
    ),
    fine(
      "returned in a catch that no outer try covers",
      asynchronous("go();", "catch { return load(1); }"),
    ),
    fine(
      "returned in a finally",
      asynchronous("go();", "finally { return load(1); }"),
    ),
    fine(
      "outside of the try",
      `${LOAD}async function f() { try { go(); } catch { no(); } load(1).then(a, b); return load(1); }`,
    ),
    fine(
      "a nested function is another function",
      asynchronous("return later(() => { return load(1); });"),
    ),
    fine(
      "an async generator awaits what it returns",
      `${LOAD}async function* f() { try { return load(1); } catch { no(); } finally { stop(); } }`,
    ),
    fine(
      "an async generator awaits what it yields",
      `${LOAD}async function* f() { try { yield load(1); } catch { no(); } }`,
    ),
    fine(
      "a synchronous function with finally only",
      synchronous("return load(1);", "finally { stop(); }"),
    ),
    fine(
      "return of a direct recursion",
      "async function f(n) { try { await g(n); return f(n - 1); } catch (e) { log(e); } finally { stop(); } }",
    ),
    fine(
      "return of a direct recursion of a method",
      "class A { async m(n) { try { await g(n); return this.m(n - 1); } catch (e) { log(e); } } }",
    ),
    fine(
      "return of Promise.resolve(…)",
      asynchronous(
        "return Promise.resolve(1);",
        "catch { no(); } finally { stop(); }",
      ),
    ),
    fine(
      "return of Promise.reject(…)",
      asynchronous("return Promise.reject(e);"),
    ),
    fine(
      "a catch that only throws its own error on",
      asynchronous("return load(1);", "catch (e) { throw e; }"),
    ),
    fine(
      "a catch that only rejects with its own error",
      synchronous("return load(1);", "catch (e) { return Promise.reject(e); }"),
    ),
    fine(
      "a promise that cannot reject: new Promise without reject",
      asynchronous("return new Promise((resolve) => on(resolve));"),
    ),
    fine(
      "a promise that cannot reject: Promise.allSettled",
      asynchronous("return Promise.allSettled([load(1)]);"),
    ),
    fine(
      "a promise that cannot reject: Promise.all of handled elements",
      asynchronous(
        "return Promise.all([load(1).catch(no), load(2).then(a, b)]);",
      ),
    ),
    fine(
      "a promise that cannot reject: Promise.race of constants",
      `${LOAD}async function f() { const a = load(1).catch(no); try { return Promise.race([a, new Promise((r) => on(r))]); } catch { no(); } }`,
    ),
    fine(
      "returned with a handler",
      asynchronous("return load(1).catch(no);"),
    ),
    fine(
      "an array of promises is no promise",
      asynchronous("return xs.map(async (x) => await g(x));"),
    ),
    fine(
      "in a synchronous function: an unknown call may throw",
      synchronous("check(); return load(1);"),
    ),
    fine(
      "in a synchronous function: new may throw",
      synchronous("const u = new URL(x); return fetch(u);"),
    ),
    fine(
      "in a synchronous function: throw",
      synchronous("if (!x) throw e; return load(1);"),
    ),
    fine(
      "in a synchronous function: an argument contains a call",
      synchronous("return fetch(getUrl());"),
    ),
    fine(
      "in a synchronous function: a chain on an unknown call",
      synchronous("return other(1).then(go);"),
    ),
    fine(
      "a dropped spawn or add is owned",
      `import { TaskTracker } from "@mdc/tasks"; async function f() { await using t = new TaskTracker(); try { t.spawn(work); t.add(fetch(u)); } catch { no(); } }`,
    ),
  ],
  invalid: [
    reports("dropped", "dropped as a statement", asynchronous("load(1);")),
    reports("dropped", "fetch", asynchronous("fetch(u);"), {
      at: "fetch(u)",
      call: "fetch",
    }),
    reports(
      "dropped",
      "on the right side of &&",
      asynchronous("ok && load(1);"),
    ),
    reports(
      "dropped",
      "on the right side of ??",
      asynchronous("x ?? load(1);"),
    ),
    reports(
      "dropped",
      "in an arm of ?:",
      asynchronous("ok ? load(1) : null;"),
    ),
    reports(
      "dropped",
      "as a member of a comma list",
      asynchronous("const x = (load(1), 2); use(x);"),
    ),
    wrong(
      "in a variable that is never read",
      asynchronous("const p = load(1);"),
      (code) => [
        error(code, "load(1)", "unread", { call: "load", name: "p" }, [
          ["await", "await load(1)"],
        ]),
      ],
    ),
    reports(
      "dropped",
      "a nullish handler is none",
      asynchronous("load(1).catch(null);"),
      { at: "load(1).catch(null)", call: "….catch" },
    ),
    reports(
      "dropped",
      "an inner handler stands in the outer block",
      asynchronous("try { go(); } catch { load(1); }"),
    ),
    reports(
      "dropped",
      "an inner finally stands in the outer block",
      asynchronous("try { go(); } finally { load(1); }"),
    ),
    reports(
      "dropped",
      "a try with a catch and a finally",
      asynchronous("load(1);", "catch { no(); } finally { stop(); }"),
    ),
    reports(
      "dropped",
      "in a synchronous function",
      synchronous("load(1);"),
      { awaited: null },
    ),
    reports(
      "dropped",
      "at module level",
      `${LOAD}try { load(1); } catch { no(); } export {};`,
    ),
    reports(
      "dropped",
      "in an async generator",
      `${LOAD}async function* f() { try { load(1); yield 1; } catch { no(); } }`,
    ),
    reports(
      "dropped",
      "an array of promises",
      asynchronous("xs.map(async (x) => { await g(x); });"),
      {
        at: "xs.map(async (x) => { await g(x); })",
        call: "xs.map",
        awaited: "await Promise.all(xs.map(async (x) => { await g(x); }))",
      },
    ),
    reports(
      "voided",
      "void p with allowVoid: false",
      asynchronous("void load(1);"),
      {
        options: [{ allowVoid: false }],
      },
    ),
    reports(
      "returned",
      "return p in an async function",
      asynchronous("return load(1);"),
    ),
    reports(
      "returned",
      "an optional chain",
      asynchronous("return api?.go(1).then(use);"),
      { at: "api?.go(1).then(use)", call: "….then" },
    ),
    reports(
      "returned",
      "return of a chain without a handler",
      asynchronous("return load(1).then(use);"),
      { at: "load(1).then(use)", call: "….then" },
    ),
    wrong(
      "every arm of the returned expression",
      asynchronous("return x ? load(1) : fetch(u);"),
      (code) => [
        error(code, "load(1)", "returned", { call: "load" }, [
          ["await", "await load(1)"],
        ]),
        error(code, "fetch(u)", "returned", { call: "fetch" }, [
          ["await", "await fetch(u)"],
        ]),
      ],
    ),
    wrong(
      "through a type assertion",
      asynchronous("return load(1) as Promise<string>;"),
      (code) => [{
        ...error(code, "load(1) as Promise<string>", "returned", {
          call: "load",
        }, [["await", "await (load(1) as Promise<string>)"]]),
        at: "load(1)",
      }],
    ),
    reports(
      "returned",
      "return in an inner try whose handler only rethrows",
      asynchronous("try { return load(1); } catch (e) { throw e; }"),
    ),
    reports(
      "returned",
      "a catch that throws another error",
      asynchronous(
        "return load(1);",
        "catch (e) { throw new Error('x', { cause: e }); }",
      ),
    ),
    reports(
      "returned",
      "new Promise that can reject",
      asynchronous("return new Promise((resolve, reject) => go(reject));"),
      {
        at: "new Promise((resolve, reject) => go(reject))",
        call: "new Promise",
      },
    ),
    reports(
      "returned",
      "Promise.all with an element that can reject",
      asynchronous("return Promise.all([load(1).catch(no), load(2)]);"),
      {
        at: "Promise.all([load(1).catch(no), load(2)])",
        call: "Promise.all",
      },
    ),
    reports(
      "returned",
      "a recursion that is not direct",
      "async function f(n) { try { return g(n + 1); } catch (e) { log(e); } }\nasync function g(n) { return await f(n); }",
      { at: "g(n + 1)", call: "g" },
    ),
    reports(
      "early",
      "return p under a finally",
      asynchronous("return load(1);", "finally { stop(); }"),
    ),
    reports(
      "early",
      "handled or not",
      asynchronous("return load(1).catch(no);", "finally { stop(); }"),
      { at: "load(1).catch(no)", call: "….catch" },
    ),
    reports(
      "early",
      "in a catch whose finally runs when it is left",
      asynchronous("go();", "catch { return load(1); } finally { stop(); }"),
    ),
    reports(
      "early",
      "a self-handled callee",
      QUIET + asynchronous("return quiet(1);", "finally { stop(); }"),
      { at: "quiet(1)", call: "quiet" },
    ),
    reports(
      "early",
      "a catch that only rethrows, with a finally",
      asynchronous(
        "return load(1);",
        "catch (e) { throw e; } finally { stop(); }",
      ),
    ),
    reports(
      "returned",
      "a catch and a finally: one report",
      asynchronous("return load(1);", "catch { no(); } finally { stop(); }"),
    ),
    reports(
      "returned",
      "in a synchronous function: a known async function",
      synchronous("return load(1);"),
      { awaited: null },
    ),
    reports(
      "returned",
      "in a synchronous function: fetch with a chain",
      synchronous("return fetch(u).then((r) => r.json());"),
      {
        at: "fetch(u).then((r) => r.json())",
        call: "….then",
        awaited: null,
      },
    ),
    reports(
      "returned",
      "in a synchronous function: new Promise",
      synchronous("return new Promise((a, b) => go(a, b));"),
      {
        at: "new Promise((a, b) => go(a, b))",
        call: "new Promise",
        awaited: null,
      },
    ),
    reports(
      "returned",
      "in a synchronous function: a combinator",
      synchronous("const all = [p, q]; return Promise.all(all);"),
      { at: "Promise.all(all)", call: "Promise.all", awaited: null },
    ),
    reports(
      "dropped",
      "a task of @mdc/tasks",
      'import { createTask } from "@mdc/tasks"; async function f() { try { createTask(work); } catch { no(); } }',
      { at: "createTask(work)", call: "createTask" },
    ),
    reports(
      "returned",
      "a spawned task is owned, but the catch doesn't see it fail",
      'import { TaskTracker } from "@mdc/tasks"; async function f(t: TaskTracker) { try { return t.spawn(work); } catch { no(); } }',
      { at: "t.spawn(work)", call: "t.spawn" },
    ),
    reports(
      "returned",
      "sleep of @mdc/tasks",
      'import { sleep } from "@mdc/tasks"; async function f() { try { return sleep(5); } catch { no(); } }',
      { at: "sleep(5)", call: "sleep" },
    ),
  ],
});
