import rule from "../rules/require-tracker-disposal.ts";
import { fine } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const NEW = "new TaskTracker()";
const mdc = (code: string) =>
  `import { TaskTracker } from "@mdc/tasks";\n${code}`;
const f = (body: string) => mdc(`async function f() { ${body} }`);

function undisposed(
  name: string,
  code: string,
  { at = NEW, variable = "t", declared, options }: {
    at?: string;
    variable?: string;
    /** The keyword that `await using` replaces. */
    declared?: "const" | "let";
    options?: readonly unknown[];
  } = {},
): InvalidCase {
  return {
    name,
    code,
    ...(options && { options }),
    errors: [{
      messageId: "undisposed",
      data: { name: variable },
      at,
      ...(declared && {
        suggestions: [{
          messageId: "awaitUsing",
          output: code.replace(
            `${declared} ${variable}`,
            `await using ${variable}`,
          ),
        }],
      }),
    }],
  };
}

function dropped(
  name: string,
  code: string,
  tracker = "TaskTracker",
): InvalidCase {
  return {
    name,
    code,
    errors: [{
      messageId: "dropped",
      data: { name: tracker },
      at: `new ${tracker}()`,
    }],
  };
}

testRule("require-tracker-disposal", rule, {
  valid: [
    fine(
      "a group that is joined",
      'import { TaskGroup } from "@mdc/tasks"; async function f() { const g = new TaskGroup(); g.spawn(work); await g.join(); }',
    ),
    fine(
      "a group of a block",
      'import { TaskGroup } from "@mdc/tasks"; async function f() { await using g = new TaskGroup(); g.spawn(work); }',
    ),

    fine("await using", f(`await using t = ${NEW}; t.spawn(work);`)),
    fine(
      "cancelAll",
      f(`const t = ${NEW}; try { t.spawn(work); } finally { await t.cancelAll(); }`),
    ),
    fine("drain", f(`const t = ${NEW}; t.spawn(work); await t.drain();`)),
    fine(
      "drain through an optional chain",
      f(`const t = ${NEW}; t.spawn(work); await t?.drain();`),
    ),
    fine(
      "[Symbol.asyncDispose]",
      f(`const t = ${NEW}; t.spawn(work); await t[Symbol.asyncDispose]();`),
    ),
    fine(
      "a disposal in a nested function",
      f(`const t = ${NEW}; t.spawn(work); onEnd(() => t.cancelAll());`),
    ),
    fine(
      "a disposal in a nested function declaration",
      f(`const t = ${NEW}; t.spawn(work); async function stop() { await t.drain(); }`),
    ),
    fine(
      "spread into a Promise combinator",
      f(`const t = ${NEW}; t.spawn(work); await Promise.all([...t]);`),
    ),
    fine(
      "returned",
      mdc(`function f() { const t = ${NEW}; t.spawn(work); return t; }`),
    ),
    fine(
      "yielded",
      mdc(`function* f() { const t = ${NEW}; t.spawn(work); yield t; }`),
    ),
    fine(
      "stored in a field",
      mdc(`class A { m() { const t = ${NEW}; t.spawn(work); this.t = t; } }`),
    ),
    fine(
      "a field",
      mdc(`class A { t = ${NEW}; constructor() { this.u = ${NEW}; } }`),
    ),
    fine(
      "stored in an outer variable",
      mdc(`let t; function f() { t = ${NEW}; t.spawn(work); }`),
    ),
    fine("in an object", f(`const t = ${NEW}; t.spawn(work); use({ t });`)),
    fine("in an array", f(`const t = ${NEW}; t.spawn(work); all = [t];`)),
    fine("passed to a call", f(`const t = ${NEW}; t.spawn(work); use(t);`)),
    fine(
      "stack.use(…)",
      f(`const stack = new AsyncDisposableStack(); const t = stack.use(${NEW}); t.spawn(work);`),
    ),
    fine(
      "an alias",
      f(`const t = ${NEW}; const u = t; u.spawn(work);`),
    ),
    fine(
      "used in a returned closure",
      mdc(`function f() { const t = ${NEW}; return () => t.spawn(work); }`),
    ),
    fine(
      "used in a method of a returned object",
      mdc(
        `function f() { const t = ${NEW}; return { go() { t.spawn(work); } }; }`,
      ),
    ),
    fine(
      "used in a function declaration",
      f(`const t = ${NEW}; function go() { t.spawn(work); } go();`),
    ),
    fine(
      "a bound method",
      f(`const t = ${NEW}; xs.forEach(t.add.bind(t));`),
    ),
    fine(
      "mixed",
      mdc(
        `function f(options) { const t = options.tracker ?? ${NEW}; t.spawn(work); }`,
      ),
    ),
    fine(
      "passed to a call at once",
      f(`await serve(${NEW});`),
    ),
    fine(
      "a value that flows on",
      f(`const t = ${NEW}; t.spawn(work); const u = t || other;`),
    ),
    fine("module level", mdc(`const t = ${NEW}; t.spawn(work);`)),
    fine("a tracker without tasks", f(`const t = ${NEW};`)),
    fine(
      "a class of that name from elsewhere",
      `import { TaskTracker } from "./trackers.ts"; async function f() { const t = ${NEW}; t.spawn(work); }`,
    ),
    fine(
      "a disposal of the first value does not matter: it is the variable's",
      f(`let t = ${NEW}; t.spawn(work); await t.drain(); t = ${NEW}; t.spawn(work);`),
    ),
    fine(
      "a class that names does not list",
      "async function f() { const t = new Tracker(); t.spawn(work); }",
      { options: [{ names: ["Pool"] }] },
    ),
  ],
  invalid: [
    undisposed(
      "a group that nobody joins",
      'import { TaskGroup } from "@mdc/tasks"; async function f() { const g = new TaskGroup(); g.spawn(work); }',
      { at: "new TaskGroup()", variable: "g", declared: "const" },
    ),
    undisposed(
      "a group that is only cancelled",
      'import { TaskGroup } from "@mdc/tasks"; async function f() { const g = new TaskGroup(); g.spawn(work); g.cancel(); }',
      { at: "new TaskGroup()", variable: "g", declared: "const" },
    ),

    dropped("a statement", f(`${NEW};`)),
    dropped("new TaskTracker().spawn(…)", f(`${NEW}.spawn(work);`)),
    dropped(
      "new TaskTracker().add(…), awaited",
      f(`await ${NEW}.add(work());`),
    ),
    dropped(
      "a renamed import",
      'import { TaskTracker as Tracker } from "@mdc/tasks"; function f() { new Tracker().spawn(work); }',
      "Tracker",
    ),
    undisposed("spawn", f(`const t = ${NEW}; t.spawn(work);`), {
      declared: "const",
    }),
    undisposed("add", f(`const t = ${NEW}; t.add(work());`), {
      declared: "const",
    }),
    undisposed(
      "close() only refuses new tasks",
      f(`const t = ${NEW}; t.spawn(work); t.close();`),
      { declared: "const" },
    ),
    undisposed(
      "size and closed",
      f(`const t = ${NEW}; t.spawn(work); log(t.size); while (!t.closed) go();`),
      { declared: "const" },
    ),
    undisposed(
      "another method call that is not a disposal",
      f(`const t = ${NEW}; t.spawn(work); t.inspect();`),
      { declared: "const" },
    ),
    undisposed(
      "iteration with for…of",
      f(`const t = ${NEW}; t.spawn(work); for (const task of t) log(task);`),
      { declared: "const" },
    ),
    undisposed(
      "a test",
      f(`const t = ${NEW}; if (t) t.spawn(work); t && go(); const a = t ? 1 : 2;`),
      { declared: "const" },
    ),
    undisposed(
      "a use in a callback passed to a call",
      f(`const t = ${NEW}; xs.forEach((x) => { t.spawn(() => work(x)); });`),
      { declared: "const" },
    ),
    undisposed(
      "a use in a callback of a callback, and in an executor",
      f(`const t = ${NEW}; on(() => xs.map((x) => t.add(x))); await new Promise((r) => t.add(g(r)));`),
      { declared: "const" },
    ),
    undisposed(
      "let without reassignment",
      f(`let t = ${NEW}; t.spawn(work);`),
      {
        declared: "let",
      },
    ),
    undisposed("var", f(`var t = ${NEW}; t.spawn(work);`)),
    undisposed(
      "a declaration of more than one variable",
      f(`const t = ${NEW}, u = 1; t.spawn(work);`),
    ),
    undisposed(
      "the first assigned value",
      f(`let t; t = ${NEW}; t.spawn(work);`),
    ),
    undisposed(
      "a variable that is written again",
      f(`let t = ${NEW}; t.spawn(work); t = other();`),
    ),
    undisposed(
      "a synchronous function",
      mdc(`function f() { const t = ${NEW}; t.spawn(work); }`),
    ),
    undisposed(
      "an arrow function",
      mdc(`const f = async () => { const t = ${NEW}; t.spawn(work); };`),
      { declared: "const" },
    ),
    undisposed(
      "a method",
      mdc(`class A { async m() { const t = ${NEW}; t.spawn(work); } }`),
      { declared: "const" },
    ),
    undisposed(
      "a switch case: no await using there",
      f(`switch (x) { case 1: const t = ${NEW}; t.spawn(work); }`),
    ),
    undisposed(
      "through wrappers and with options",
      mdc(
        "async function f() { const t = new TaskTracker({ name: 'x' }) as TaskTracker; t!.spawn(work); }",
      ),
      { at: "new TaskTracker({ name: 'x' })", declared: "const" },
    ),
    undisposed(
      "through a namespace",
      'import * as tasks from "jsr:@mdc/tasks@1"; async function f() { const t = new tasks.TaskTracker(); t.spawn(work); }',
      { at: "new tasks.TaskTracker()", declared: "const" },
    ),
    undisposed(
      "renamed",
      'import { TaskTracker as T } from "@mdc/tasks"; async function f() { const t = new T(); t.spawn(work); }',
      { at: "new T()", declared: "const" },
    ),
    undisposed(
      "a class that the option names",
      "async function f() { const pool = new Pool(); pool.run(work); }",
      {
        at: "new Pool()",
        variable: "pool",
        declared: "const",
        options: [{ names: ["Pool"] }],
      },
    ),
    {
      ...undisposed(
        "a source that settings name",
        `import { TaskTracker } from "../mod.ts"; async function f() { const t = ${NEW}; t.spawn(work); }`,
        { declared: "const" },
      ),
      settings: { mdc: { modules: ["../mod.ts"] } },
    },
  ],
});
