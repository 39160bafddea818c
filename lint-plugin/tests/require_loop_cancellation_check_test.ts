import rule from "../rules/require-loop-cancellation-check.ts";
import { fine } from "./_cases.ts";
import {
  type ExpectedSuggestion,
  type InvalidCase,
  testRule,
} from "./_tester.ts";

const LOOP = "for (const x of xs) {";

interface Expected {
  readonly signal?: string;
  /** How `throwIfAborted` is called. */
  readonly throws?: string;
  /** The call of `checkpoint`, and whether its import is missing. */
  readonly checkpoint?: string;
  readonly addsImport?: boolean;
  /** The beginning of the loop. */
  readonly at?: string;
}

/** One loop with a block, reported from its head to its last brace. */
function unchecked(
  name: string,
  code: string,
  {
    signal = "signal",
    throws = `${signal}.throwIfAborted();`,
    checkpoint,
    addsImport = false,
    at = LOOP,
  }: Expected = {},
): InvalidCase {
  const suggestions: ExpectedSuggestion[] = [{
    messageId: "throwIfAborted",
    data: { signal },
    output: code.replace(at, `${at} ${throws}`),
  }];
  if (checkpoint) {
    suggestions.push(start(code, at, checkpoint, addsImport));
  }
  return {
    name,
    code,
    errors: [{
      messageId: "unchecked",
      data: { signal },
      at: `${at}…}`,
      suggestions,
    }],
  };
}

function start(
  code: string,
  at: string,
  call: string,
  addsImport: boolean,
): ExpectedSuggestion {
  const output = code.replace(at, `${at} await ${call};`);
  return {
    messageId: "checkpoint",
    data: { call },
    output: addsImport
      ? output.replace(
        ' } from "@mdc/tasks"',
        ', checkpoint } from "@mdc/tasks"',
      )
      : output,
  };
}

const f = (body: string, parameters = "xs, signal") =>
  `async function f(${parameters}) { ${body} }`;
const mdc = (code: string, names = "createTask") =>
  `import { ${names} } from "@mdc/tasks";\n${code}`;

testRule("require-loop-cancellation-check", rule, {
  valid: [
    {
      name: "an own signal of each round",
      code:
        "async function f() { while (x) { const own = new AbortController(); arm(own); try { await g(own.signal); } catch (e) { log(e); } } }",
    },
    {
      name: "a loop that looks at its own signal",
      code:
        "async function f() { const own = new AbortController(); arm(own); while (!own.signal.aborted) { try { await g(own.signal); } catch (e) { log(e); } } }",
    },
    {
      name: "a loop that a failed round leaves",
      code:
        "async function f() { const own = new AbortController(); arm(own); while (x) { try { await g(own.signal); } catch (e) { log(e); break; } } }",
    },
    {
      name: "for await over something that got the signal",
      code:
        "async function f(signal) { const stream = await open({ signal }); for await (const x of stream) use(x); }",
    },
    {
      name: "a reader of something that got the signal",
      code:
        "async function f(signal) { const answer = await fetch(url, { signal }); const reader = answer.body.getReader(); while (x) { await reader.read(); } }",
    },
    {
      name:
        "for await over something that got the signal in an options variable",
      code:
        "async function f(signal) { const init = { signal }; const stream = open(init); for await (const x of stream) use(x); }",
    },

    fine("a loop without await", f(`${LOOP} use(x); }`)),
    fine(
      "an await in a nested function is not the loop's own",
      f(`${LOOP} ps.push(later(async () => { await g(x); })); }`),
    ),
    fine(
      "an await in a nested loop is not the outer loop's own",
      f(
        `${LOOP} for (const y of x) { signal.throwIfAborted(); await g(y); } }`,
      ),
    ),
    fine(
      "an await before the first round is not the loop's own",
      f("for (const x of await g()) { use(x); }"),
    ),
    fine(
      "a function without a signal parameter",
      f(`${LOOP} await g(x); }`, "xs"),
    ),
    fine(
      "the nearest function only",
      `function f(signal) { return xs.map(async (x) => { while (more()) { await g(x); } }); }`,
    ),
    fine("module level", "for (const x of xs) { await g(x); }"),
    fine(
      "the signal appears in the body",
      f(`${LOOP} await g(x, signal); }`),
    ),
    fine(
      "the signal appears in a nested function of the body",
      f(`${LOOP} await retry(() => g(x, { signal })); }`),
    ),
    fine(
      "throwIfAborted in the body",
      f(`${LOOP} signal.throwIfAborted(); await g(x); }`),
    ),
    fine(
      "the signal appears in the test",
      f("while (!signal.aborted) { await g(); }"),
    ),
    fine(
      "the signal appears in the test of a do loop",
      f("do { await g(); } while (!signal.aborted);"),
    ),
    fine(
      "the signal appears in the iterable of for await",
      f("for await (const x of on(source, 'x', { signal })) { await g(x); }"),
    ),
    fine(
      "the iterable waits for jobs that were given the signal",
      f(
        "const jobs = []; for (const x of xs) { jobs.push(() => g(x, signal)); } for await (const y of parallel(jobs)) { use(y); }",
      ),
    ),
    fine(
      "the carrier object appears in the body",
      f(
        `${LOOP} await g(x, options); }`,
        "xs, options: { signal?: AbortSignal }",
      ),
    ),
    fine(
      "an alias appears in the body",
      f(`const s = signal; ${LOOP} s.throwIfAborted(); await g(x); }`),
    ),
    fine(
      "a variable derived from the signal appears in the body",
      f(`const any = AbortSignal.any([signal, other]); ${LOOP} await g(x, any); }`),
    ),
    fine(
      "a variable derived from a derived one",
      f(
        `const init = { signal }; const client = connect(init); ${LOOP} await client.send(x); }`,
      ),
    ),
    fine(
      "a variable that is assigned later",
      f(`let client; client = connect(signal); ${LOOP} await client.send(x); }`),
    ),
    fine(
      "a function that mentions the signal appears in the body",
      f(`function step(x) { return g(x, signal); } ${LOOP} await step(x); }`),
    ),
    fine(
      "a variable derived from the carrier appears in the test",
      f(
        "const { limit } = options; for (let i = 0; i < limit; i++) { await g(i); }",
        "options: { signal?: AbortSignal; limit: number }",
      ),
    ),
    fine(
      "a loop in a finally",
      f(`try { await g(signal); } finally { ${LOOP} await x.close(); } }`),
    ),
    fine(
      "an abort listener on the signal, registered earlier in the function",
      f(
        `signal.addEventListener("abort", () => source.close()); for await (const x of source) { await g(x); }`,
      ),
    ),
    fine(
      "onabort, set earlier",
      f(`signal.onabort = stop; ${LOOP} await g(x); }`),
    ),
    fine(
      "addAbortListener of Node, called earlier",
      `import { addAbortListener } from "node:events"; ${
        f(`const d = addAbortListener(signal, stop); ${LOOP} await g(x); }`)
      }`,
    ),
    fine(
      "an unrelated kind of signal",
      f(`${LOOP} await g(x); }`, "xs, signal: NodeJS.Signals"),
    ),
    fine(
      "in a task, an implicit checkpoint in the body",
      mdc(
        `createTask(async ({ signal }) => { ${LOOP} await checkpoint(); await g(x); } });`,
        "checkpoint, createTask",
      ),
    ),
    fine(
      "in a task, an implicit sleep in the body",
      mdc(
        "createTask(async () => { while (true) { await sleep(5); } });",
        "createTask, sleep",
      ),
    ),
    fine(
      "in a task, abortable in the body",
      mdc(
        "createTask(async () => { for (;;) { await abortable(g()); } });",
        "abortable, createTask",
      ),
    ),
    fine(
      "the context is a carrier",
      mdc(`createTask(async (ctx) => { ${LOOP} await ctx.sleep(5); } });`),
    ),
    fine(
      "a sleep that the body takes from its context",
      mdc(`createTask(async ({ sleep }) => { for (;;) { await sleep(5); } });`),
    ),
    fine(
      "an endless loop of a task that looks at an outer signal",
      mdc(
        "function f(signal) { return createTask(async () => { while (true) { await g(signal); } }); }",
      ),
    ),
    fine(
      "an endless loop of a task without await",
      mdc("createTask(async () => { while (true) { g(); } });"),
    ),
    fine(
      "an endless loop of a function that is no task",
      mdc("async function f() { while (true) { await g(); } }"),
    ),
    fine(
      "a loop with an end in a task body that takes no parameter",
      mdc(`createTask(async () => { ${LOOP} await g(x); } });`),
    ),
    fine(
      "an own controller that propagateCancellation links",
      mdc(
        f(
          `const own = new AbortController(); const stop = propagateCancellation(signal, [own]); try { ${LOOP} await g(x, own.signal); } } finally { stop(); }`,
        ),
        "propagateCancellation",
      ),
    ),
  ],
  invalid: [
    {
      name: "a loop that goes on after its own signal was aborted",
      code:
        "async function f() { const own = new AbortController(); arm(own); while (x) { try { await g(own.signal); } catch (e) { log(e); } } }",
      errors: [{
        messageId: "goesOn",
        data: { signal: "own.signal" },
        at: "while (x) {…} }",
      }],
    },
    {
      name: "a loop over items that goes on after its deadline",
      code:
        "async function f(urls) { const signal = AbortSignal.timeout(5); for (const url of urls) { try { await fetch(url, { signal }); } catch { continue; } } }",
      errors: [{
        messageId: "goesOn",
        data: { signal: "signal" },
        at: "for (const url of urls) {…} }",
      }],
    },

    unchecked("a for…of loop", f(`${LOOP} await g(x); }`)),
    unchecked("a while loop", f("while (more()) { await g(); }"), {
      at: "while (more()) {",
    }),
    unchecked("a for loop", f("for (let i = 0; i < 9; i++) { await g(i); }"), {
      at: "for (let i = 0; i < 9; i++) {",
    }),
    unchecked("a for…in loop", f("for (const k in xs) { await g(k); }"), {
      at: "for (const k in xs) {",
    }),
    unchecked("a for await loop", f("for await (const x of xs) { use(x); }"), {
      at: "for await (const x of xs) {",
    }),
    {
      name: "a do loop with its await in the test",
      code: f("do { g(); } while (await more());"),
      errors: [{
        messageId: "unchecked",
        data: { signal: "signal" },
        at: "do { g(); } while (await more());",
        suggestions: [{
          messageId: "throwIfAborted",
          data: { signal: "signal" },
          output: f(
            "do { signal.throwIfAborted(); g(); } while (await more());",
          ),
        }],
      }],
    },
    {
      name: "a loop without a block",
      code: f("for (const x of xs) await g(x);"),
      errors: [{
        messageId: "unchecked",
        data: { signal: "signal" },
        at: "for (const x of xs) await g(x);",
        suggestions: [{
          messageId: "throwIfAborted",
          data: { signal: "signal" },
          output: f(
            "for (const x of xs) { signal.throwIfAborted(); await g(x); }",
          ),
        }],
      }],
    },
    {
      name: "the check on a line of its own",
      code:
        "async function f(signal) {\n  while (more()) {\n    await g();\n  }\n}",
      errors: [{
        messageId: "unchecked",
        data: { signal: "signal" },
        at: "while…}",
        suggestions: [{
          messageId: "throwIfAborted",
          data: { signal: "signal" },
          output:
            "async function f(signal) {\n  while (more()) {\n    signal.throwIfAborted();\n    await g();\n  }\n}",
        }],
      }],
    },
    unchecked(
      "a nested loop is judged by itself",
      f("for (const y of ys) { signal.throwIfAborted(); for (const x of xs) { await g(x); } }"),
    ),
    unchecked(
      "the beginning of a nested loop is awaited in the outer loop",
      f("while (more()) { for (const x of await g()) use(x); }"),
      { at: "while (more()) {" },
    ),
    unchecked(
      "an optional signal",
      f(`${LOOP} await g(x); }`, "xs, signal?: AbortSignal"),
      { throws: "signal?.throwIfAborted();" },
    ),
    unchecked(
      "a destructured signal",
      f(`${LOOP} await g(x); }`, "xs, { signal }: { signal: AbortSignal }"),
    ),
    unchecked(
      "options with a signal in their annotation",
      f(`${LOOP} await g(x); }`, "xs, options: { signal?: AbortSignal }"),
      { signal: "options.signal", throws: "options.signal?.throwIfAborted();" },
    ),
    unchecked(
      "options that may be missing",
      f(`${LOOP} await g(x); }`, "xs, options?: { signal?: AbortSignal }"),
      {
        signal: "options?.signal",
        throws: "options?.signal?.throwIfAborted();",
      },
    ),
    unchecked(
      "options whose signal is used elsewhere",
      f(`await start(options.signal); ${LOOP} await g(x); }`, "xs, options"),
      { signal: "options.signal", throws: "options.signal?.throwIfAborted();" },
    ),
    unchecked(
      "the signal is only passed on outside of the loop",
      f(`await g(signal); ${LOOP} await g(x); }`),
    ),
    unchecked(
      "the signal appears only in the iterable of a plain loop",
      f("for (const x of list(signal)) { await g(x); }"),
      { at: "for (const x of list(signal)) {" },
    ),
    unchecked(
      "an abort listener that comes later",
      f(`${LOOP} await g(x); } signal.addEventListener("abort", stop);`),
    ),
    unchecked(
      "an abort listener on another signal",
      f(`other.signal.addEventListener("abort", stop); ${LOOP} await g(x); }`),
    ),
    unchecked(
      "an own controller that nothing links",
      f(`const own = new AbortController(); ${LOOP} await g(x, own.signal); }`),
    ),
    unchecked(
      "the signal of an arrow function",
      `const f = async (xs, signal) => { ${LOOP} await g(x); } };`,
    ),
    unchecked(
      "a checkpoint outside of a task knows only the signal it is given",
      mdc(f(`${LOOP} await checkpoint(); }`), "checkpoint"),
      { checkpoint: "checkpoint({ signal })" },
    ),
    unchecked(
      "checkpoint of @mdc/tasks, with its import added",
      mdc(f(`${LOOP} await g(x); }`)),
      { checkpoint: "checkpoint({ signal })", addsImport: true },
    ),
    unchecked(
      "checkpoint with the signal of options",
      mdc(
        f(`${LOOP} await g(x); }`, "xs, options: { signal: AbortSignal }"),
        "checkpoint",
      ),
      {
        signal: "options.signal",
        checkpoint: "checkpoint({ signal: options.signal })",
      },
    ),
    unchecked(
      "checkpoint as the file names it",
      `import * as tasks from "@mdc/tasks";\n${f(`${LOOP} await g(x); }`)}`,
      { checkpoint: "tasks.checkpoint({ signal })" },
    ),
    unchecked(
      "a body that takes the signal of its context",
      mdc(
        `createTask(async ({ signal }) => { ${LOOP} await g(x); } });`,
        "checkpoint, createTask",
      ),
      { checkpoint: "checkpoint()" },
    ),
    unchecked(
      "a body with its context",
      mdc(`createTask(async (ctx) => { ${LOOP} await g(x); } });`),
      { signal: "ctx.signal", checkpoint: "ctx.checkpoint()" },
    ),
    {
      name: "while (true) in a task body that takes no parameter",
      code: mdc("createTask(async () => { while (true) { await g(); } });"),
      errors: [{
        messageId: "endless",
        at: "while (true) { await g(); }",
        suggestions: [
          start(
            mdc("createTask(async () => { while (true) { await g(); } });"),
            "while (true) {",
            "checkpoint()",
            true,
          ),
        ],
      }],
    },
    {
      name: "for (;;) in a task body given by name",
      code: mdc(
        "async function body() { for (;;) { await g(); } } createTask(body);",
        "checkpoint, createTask",
      ),
      errors: [{
        messageId: "endless",
        at: "for (;;) { await g(); }",
        suggestions: [
          start(
            mdc(
              "async function body() { for (;;) { await g(); } } createTask(body);",
              "checkpoint, createTask",
            ),
            "for (;;) {",
            "checkpoint()",
            false,
          ),
        ],
      }],
    },
  ],
});
