import rule from "../rules/require-aborted-check.ts";
import { testRule } from "./_tester.ts";

const valid = (name: string, code: string) => ({ name, code });

/** A registration without a look at `aborted`; `output` has one. */
function unchecked(
  name: string,
  code: string,
  at: string,
  output?: string,
  options: {
    signal?: string;
    messageId?: "throwIfAborted" | "rejectIfAborted";
  } = {},
) {
  const { signal = "signal", messageId = "throwIfAborted" } = options;
  return {
    name,
    code,
    errors: [{
      messageId: "unchecked",
      data: { signal },
      at,
      suggestions: output === undefined
        ? []
        : [{ messageId, data: { signal }, output }],
    }],
  };
}

const LISTEN = "signal.addEventListener('abort', h)";

testRule("require-aborted-check", rule, {
  valid: [
    {
      name: "a test whether there is such a property",
      code:
        'function f(signal) { if ("aborted" in signal) return g(signal); signal.addEventListener("abort", stop); }',
    },

    valid(
      "aborted before the registration",
      `function f(signal) { if (signal.aborted) return; ${LISTEN}; }`,
    ),
    valid(
      "aborted after the registration",
      `function f(signal) { ${LISTEN}; if (signal.aborted) h(); }`,
    ),
    valid(
      "throwIfAborted",
      `function f(signal) { signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    valid(
      "an optional look",
      `function f(signal) { signal?.throwIfAborted(); signal?.addEventListener('abort', h); }`,
    ),
    valid(
      "in a loop's condition",
      `function f(signal) { ${LISTEN}; while (!signal.aborted) g(); }`,
    ),
    valid(
      "in a ternary",
      `function f(signal) { ${LISTEN}; return signal.aborted ? 1 : 2; }`,
    ),
    valid(
      "in the executor that registers",
      `function f(signal) { return new Promise((resolve, reject) => { if (signal.aborted) return reject(signal.reason); ${LISTEN}; }); }`,
    ),
    valid(
      "in a function around the executor",
      `function f(signal) { signal.throwIfAborted(); return new Promise((resolve, reject) => { ${LISTEN}; }); }`,
    ),
    valid(
      "in the file around the function",
      `signal.throwIfAborted(); function f() { ${LISTEN}; }`,
    ),
    valid(
      "of the signal under another name: destructured",
      `function f(options) { const { signal } = options; options.signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    valid(
      "of the signal under another name: assigned",
      "function f(options) { const s = options.signal; if (s.aborted) return; options.signal.addEventListener('abort', h); }",
    ),
    valid(
      "aborted, destructured",
      `function f(signal) { const { aborted } = signal; ${LISTEN}; }`,
    ),
    valid(
      "a helper that looks at the signal",
      `function f(signal) { throwIfAborted(signal); ${LISTEN}; }`,
    ),
    valid(
      "an own signal",
      "const c = new AbortController(); c.signal.addEventListener('abort', h);",
    ),
    valid(
      "AbortSignal.timeout() is own",
      "const s = AbortSignal.timeout(5); s.addEventListener('abort', h);",
    ),
    valid(
      "a derived signal",
      "function f(signal) { const s = AbortSignal.any([signal]); s.addEventListener('abort', h); }",
    ),
    valid(
      "addAbortListener looks by itself",
      "import { addAbortListener } from 'node:events'; function f(signal) { addAbortListener(signal, h); }",
    ),
    valid(
      "a target that is no signal",
      "function f(xhr) { xhr.addEventListener('abort', h); }",
    ),
    valid(
      "another event",
      "function f(signal) { signal.addEventListener('x', h); }",
    ),
    valid(
      "onabort that is reset only",
      "function f(signal) { signal.onabort = null; }",
    ),
    valid(
      "checkpoint({ signal }) is a check",
      `import { checkpoint } from "@mdc/tasks"; async function f(signal) { await checkpoint({ signal }); ${LISTEN}; }`,
    ),
    valid(
      "context.checkpoint() is a check of the task's signal",
      `import { createTask } from "@mdc/tasks"; createTask(async (c) => { await c.checkpoint(); c.signal.addEventListener("abort", h); });`,
    ),
    valid(
      "checkpoint() in a task is a check of the task's signal",
      `import { checkpoint, createTask } from "@mdc/tasks"; createTask(async ({ signal }) => { await checkpoint(); ${LISTEN}; });`,
    ),
  ],

  invalid: [
    unchecked(
      "no look at all",
      `function f(signal) { ${LISTEN}; }`,
      LISTEN,
      `function f(signal) { signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "a test for presence is no check",
      `function f(signal) { if (signal) { ${LISTEN}; } }`,
      LISTEN,
      `function f(signal) { if (signal) { signal.throwIfAborted(); ${LISTEN}; } }`,
    ),
    unchecked(
      "a test for presence without a block",
      `function f(signal) {\n  if (signal) ${LISTEN};\n}`,
      LISTEN,
      `function f(signal) {\n  signal?.throwIfAborted();\n  if (signal) ${LISTEN};\n}`,
    ),
    unchecked(
      "a test for presence with &&",
      `function f(signal) { signal && ${LISTEN}; }`,
      LISTEN,
      `function f(signal) { signal?.throwIfAborted(); signal && ${LISTEN}; }`,
    ),
    unchecked(
      "an optional call",
      "function f(signal) { signal?.addEventListener('abort', h); }",
      "signal?.addEventListener('abort', h)",
      "function f(signal) { signal?.throwIfAborted(); signal?.addEventListener('abort', h); }",
    ),
    unchecked(
      "an optional parameter",
      `function f(signal?: AbortSignal) { ${LISTEN}; }`,
      LISTEN,
      `function f(signal?: AbortSignal) { signal?.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "an executor rejects",
      `function f(signal) {
  return new Promise((resolve, reject) => {
    ${LISTEN};
  });
}`,
      LISTEN,
      `function f(signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    ${LISTEN};
  });
}`,
      { messageId: "rejectIfAborted" },
    ),
    unchecked(
      "an executor without reject: a throw would reject what never rejects",
      `const f = (signal) => new Promise((resolve) => { ${LISTEN}; });`,
      LISTEN,
    ),
    unchecked(
      "a function expression as executor, with another name for reject",
      `const f = (signal) => new Promise(function (a, fail) { ${LISTEN}; });`,
      LISTEN,
      `const f = (signal) => new Promise(function (a, fail) { if (signal.aborted) return fail(signal.reason); ${LISTEN}; });`,
      { messageId: "rejectIfAborted" },
    ),
    unchecked(
      "a look in a sibling callback",
      `function f(signal) { g(() => signal.aborted); ${LISTEN}; }`,
      LISTEN,
      `function f(signal) { signal.throwIfAborted(); g(() => signal.aborted); ${LISTEN}; }`,
    ),
    unchecked(
      "a look in the listener itself",
      "function f(signal) { signal.addEventListener('abort', () => signal.aborted); }",
      "signal.addEventListener('abort', () => signal.aborted)",
      "function f(signal) { signal.throwIfAborted(); signal.addEventListener('abort', () => signal.aborted); }",
    ),
    unchecked(
      "a look in another function of the file",
      `function g(signal) { signal.throwIfAborted(); } function f(signal) { ${LISTEN}; }`,
      LISTEN,
      `function g(signal) { signal.throwIfAborted(); } function f(signal) { signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "a look at another signal",
      `function f(signal, otherSignal) { otherSignal.throwIfAborted(); ${LISTEN}; }`,
      LISTEN,
      `function f(signal, otherSignal) { otherSignal.throwIfAborted(); signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "a look at another object's signal",
      "function f(a, b) { a.signal.throwIfAborted(); b.signal.addEventListener('abort', h); }",
      "b.signal.addEventListener('abort', h)",
      "function f(a, b) { a.signal.throwIfAborted(); b.signal.throwIfAborted(); b.signal.addEventListener('abort', h); }",
      { signal: "b.signal" },
    ),
    unchecked(
      "the reason is no check",
      `function f(signal) { log(signal.reason); ${LISTEN}; }`,
      LISTEN,
      `function f(signal) { log(signal.reason); signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "aborted of something else",
      `function f(signal, request) { if (request.aborted) return; ${LISTEN}; }`,
      LISTEN,
      `function f(signal, request) { if (request.aborted) return; signal.throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "a derived signal that is looked at instead of its source",
      `function f(signal) { AbortSignal.any([signal]).throwIfAborted(); ${LISTEN}; }`,
      LISTEN,
      `function f(signal) { signal.throwIfAborted(); AbortSignal.any([signal]).throwIfAborted(); ${LISTEN}; }`,
    ),
    unchecked(
      "onabort",
      "function f(signal) { signal.onabort = h; }",
      "signal.onabort = h",
      "function f(signal) { signal.throwIfAborted(); signal.onabort = h; }",
    ),
    unchecked(
      "a signal of options",
      "function f(options) { options.signal.addEventListener('abort', h); }",
      "options.signal.addEventListener('abort', h)",
      "function f(options) { options.signal?.throwIfAborted(); options.signal.addEventListener('abort', h); }",
      { signal: "options.signal" },
    ),
    unchecked(
      "this.signal",
      "class A { m() { this.signal.addEventListener('abort', h); } }",
      "this.signal.addEventListener('abort', h)",
      "class A { m() { this.signal.throwIfAborted(); this.signal.addEventListener('abort', h); } }",
      { signal: "this.signal" },
    ),
    unchecked(
      "a concise arrow has no place for a check",
      "const f = (signal) => signal.addEventListener('abort', h);",
      LISTEN,
    ),
    unchecked(
      "a signal that is its own initialiser is foreign",
      "var signal = signal; signal.addEventListener('abort', h);",
      LISTEN,
      "var signal = signal; signal.throwIfAborted(); signal.addEventListener('abort', h);",
    ),
    unchecked(
      "a listener that is removed all the same",
      `function f(signal) { ${LISTEN}; try { g(); } finally { signal.removeEventListener('abort', h); } }`,
      LISTEN,
      `function f(signal) { signal.throwIfAborted(); ${LISTEN}; try { g(); } finally { signal.removeEventListener('abort', h); } }`,
    ),
    unchecked(
      "in a switch case",
      `function f(signal) { switch (x) { case 1: ${LISTEN}; } }`,
      LISTEN,
      `function f(signal) { switch (x) { case 1: signal.throwIfAborted(); ${LISTEN}; } }`,
    ),
    unchecked(
      "checkpoint() outside of a task is no check",
      `import { checkpoint } from "@mdc/tasks"; async function f(signal) { await checkpoint(); ${LISTEN}; }`,
      LISTEN,
      `import { checkpoint } from "@mdc/tasks"; async function f(signal) { signal.throwIfAborted(); await checkpoint(); ${LISTEN}; }`,
    ),
  ],
});
