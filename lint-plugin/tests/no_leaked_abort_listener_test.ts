import rule from "../rules/no-leaked-abort-listener.ts";
import { testRule } from "./_tester.ts";

const valid = (name: string, code: string) => ({ name, code });

/** A listener that stays, without a suggestion. */
function leaks(
  name: string,
  code: string,
  at: string,
  messageId: "leaked" | "unremovable" | "dropped" = "leaked",
  signal = "signal",
) {
  return { name, code, errors: [{ messageId, data: { signal }, at }] };
}

/** A relay to an own controller, and the derived signal in its place. */
function derives(
  name: string,
  code: string,
  at: string,
  output: string,
) {
  return {
    name,
    code,
    errors: [{
      messageId: "unremovable",
      data: { signal: "signal" },
      at,
      suggestions: [{ messageId: "deriveSignal", output }],
    }],
  };
}

testRule("no-leaked-abort-listener", rule, {
  valid: [
    valid(
      "an own signal dies with its controller",
      "const c = new AbortController(); c.signal.addEventListener('abort', h);",
    ),
    valid(
      "the signal of an own controller, destructured",
      "const { signal } = new AbortController(); signal.addEventListener('abort', h);",
    ),
    valid(
      "a controller that is assigned later is own",
      "let c; c = new AbortController(); c.signal.addEventListener('abort', h);",
    ),
    valid(
      "AbortSignal.timeout() is own",
      "const s = AbortSignal.timeout(5); s.addEventListener('abort', h);",
    ),
    valid(
      "a controller in a field is own",
      "class A { m() { this.abortController.signal.addEventListener('abort', h); } }",
    ),
    valid(
      "a controller in a private field named ac is own",
      "class A { m() { this.#ac.signal.addEventListener('abort', h); } }",
    ),
    valid(
      "a derived signal",
      "function f(signal) { AbortSignal.any([signal]).addEventListener('abort', h); }",
    ),
    valid(
      "a derived signal in a variable",
      "function f(signal) { const anySignal = AbortSignal.any([signal]); anySignal.addEventListener('abort', h); }",
    ),
    valid(
      "a signal of a helper that merges signals",
      "function f(a, b) { const signal = mergeAbortSignals(a, b); signal.addEventListener('abort', h); }",
    ),
    valid(
      "options with a signal remove the listener",
      "function f(signal, s2) { signal.addEventListener('abort', h, { signal: s2 }); }",
    ),
    valid(
      "options that come from elsewhere",
      "function f(signal, o) { signal.addEventListener('abort', h, o); }",
    ),
    valid(
      "options with a spread of unknown content",
      "function f(signal, o) { signal.addEventListener('abort', h, { ...o }); }",
    ),
    valid(
      "removed with the same reference",
      "function f(signal) { const h = () => {}; signal.addEventListener('abort', h); signal.removeEventListener('abort', h); }",
    ),
    valid(
      "removed in another function of the file",
      "function f(signal) { const h = () => {}; signal.addEventListener('abort', h); return () => signal.removeEventListener('abort', h); }",
    ),
    valid(
      "removed from an alias of the signal",
      "function f(options) { const s = options.signal; s.addEventListener('abort', h); options.signal.removeEventListener('abort', h); }",
    ),
    valid(
      "removed from a stored copy of the signal",
      "class A { constructor(signal) { this.signal = signal; signal.addEventListener('abort', this.stop); } close() { this.signal.removeEventListener('abort', this.stop); } }",
    ),
    valid(
      "the object itself as listener, removed",
      "class A { m(signal) { signal.addEventListener('abort', this); signal.removeEventListener('abort', this); } }",
    ),
    valid(
      "onabort that is reset",
      "function f(signal) { signal.onabort = h; try { g(); } finally { signal.onabort = null; } }",
    ),
    valid(
      "the result of addAbortListener is kept",
      "import { addAbortListener } from 'node:events'; function f(signal) { const d = addAbortListener(signal, h); }",
    ),
    valid(
      "addAbortListener of another module",
      "import { addAbortListener } from 'x'; function f(signal) { addAbortListener(signal, h); }",
    ),
    valid(
      "a target that is no signal: XMLHttpRequest",
      "function f(xhr) { xhr.addEventListener('abort', h); xhr.onabort = h; }",
    ),
    valid(
      "a target that is no signal: EventEmitter",
      "function f(emitter) { emitter.on('abort', h); emitter.addEventListener('abort', h); }",
    ),
    valid(
      "another event of a signal",
      "function f(signal) { signal.addEventListener('change', h); }",
    ),
    valid(
      "a parameter with another annotation",
      "function f(signal: Subject) { signal.addEventListener('abort', h); }",
    ),
    valid(
      "the signal of the task's own context dies with the task",
      `import { createTask } from "@mdc/tasks"; createTask(async (context) => { context.signal.addEventListener("abort", h); });`,
    ),
    valid(
      "the task's signal, destructured",
      `import { createTask } from "@mdc/tasks"; createTask(async ({ signal }) => { signal.addEventListener("abort", h); });`,
    ),
    valid(
      "the signal of an own task",
      `import { createTask } from "@mdc/tasks"; const task = createTask(f); task.signal.addEventListener("abort", h);`,
    ),
    valid(
      "AsyncEvent.from() removes its own listener",
      `import { AsyncEvent } from "@mdc/tasks"; function f(signal) { const e = AsyncEvent.from(signal); e.signal.addEventListener("abort", h); }`,
    ),
  ],

  invalid: [
    leaks(
      "a named listener that nobody removes",
      "function f(signal) { const h = () => {}; signal.addEventListener('abort', h); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "an inline function can never be removed",
      "function f(signal) { signal.addEventListener('abort', () => g()); signal.removeEventListener('abort', () => g()); }",
      "signal.addEventListener('abort', () => g())",
      "unremovable",
    ),
    leaks(
      "a bound function can never be removed",
      "function f(signal) { signal.addEventListener('abort', g.bind(x)); signal.removeEventListener('abort', g.bind(x)); }",
      "signal.addEventListener('abort', g.bind(x))",
      "unremovable",
    ),
    leaks(
      "once alone is not enough",
      "function f(signal) { signal.addEventListener('abort', h, { once: true }); }",
      "signal.addEventListener('abort', h, { once: true })",
    ),
    leaks(
      "capture as options",
      "function f(signal) { signal.addEventListener('abort', h, true); }",
      "signal.addEventListener('abort', h, true)",
    ),
    leaks(
      "a constant with options that remove nothing",
      "function f(signal) { const o = { once: true }; signal.addEventListener('abort', h, o); }",
      "signal.addEventListener('abort', h, o)",
    ),
    leaks(
      "another reference is removed",
      "function f(signal) { signal.addEventListener('abort', h); signal.removeEventListener('abort', k); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "a variable of the same name is removed elsewhere",
      "function f(signal) { const h = () => {}; signal.addEventListener('abort', h); } function g(signal) { const h = () => {}; signal.removeEventListener('abort', h); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "another event is removed",
      "function f(signal) { signal.addEventListener('abort', h); signal.removeEventListener('x', h); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "removed from something that is no signal",
      "function f(signal, xhr) { signal.addEventListener('abort', h); xhr.removeEventListener('abort', h); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "an optional signal",
      "function f({ signal }) { signal?.addEventListener('abort', h); }",
      "signal?.addEventListener('abort', h)",
    ),
    leaks(
      "a signal of an options object",
      "function f(options) { options.signal.addEventListener('abort', h); }",
      "options.signal.addEventListener('abort', h)",
      "leaked",
      "options.signal",
    ),
    leaks(
      "a request's signal is foreign",
      "function f(request) { request.signal.addEventListener('abort', h); }",
      "request.signal.addEventListener('abort', h)",
      "leaked",
      "request.signal",
    ),
    leaks(
      "this.signal is foreign",
      "class A { m() { this.signal.addEventListener('abort', h); } }",
      "this.signal.addEventListener('abort', h)",
      "leaked",
      "this.signal",
    ),
    leaks(
      "this.#opts.signal is foreign",
      "class A { m() { this.#opts.signal.addEventListener('abort', h); } }",
      "this.#opts.signal.addEventListener('abort', h)",
      "leaked",
      "this.#opts.signal",
    ),
    leaks(
      "a controller that is itself a parameter is foreign",
      "function f(controller) { controller.signal.addEventListener('abort', h); }",
      "controller.signal.addEventListener('abort', h)",
      "leaked",
      "controller.signal",
    ),
    leaks(
      "an own signal as default doesn't make a parameter own",
      "function f(given) { const signal = given.signal ?? new AbortController().signal; signal.addEventListener('abort', h); }",
      "signal.addEventListener('abort', h)",
    ),
    leaks(
      "a parameter annotated with AbortSignal",
      "function f(stop: AbortSignal) { stop.addEventListener('abort', h); }",
      "stop.addEventListener('abort', h)",
      "leaked",
      "stop",
    ),
    leaks(
      "a double-quoted and a template event name",
      "function f(signal) { signal.addEventListener(`abort`, h); }",
      "signal.addEventListener(`abort`, h)",
    ),
    leaks(
      "onabort that is never reset",
      "function f(signal) { signal.onabort = h; }",
      "signal.onabort = h",
    ),
    leaks(
      "onabort isn't reset by removeEventListener",
      "function f(signal) { signal.onabort = h; signal.removeEventListener('abort', h); }",
      "signal.onabort = h",
    ),
    leaks(
      "the result of addAbortListener is dropped",
      "import { addAbortListener } from 'node:events'; function f(signal) { addAbortListener(signal, h); }",
      "addAbortListener(signal, h)",
      "dropped",
    ),
    leaks(
      "addAbortListener through the module",
      "import * as events from 'events'; function f(signal) { events.addAbortListener(signal, h); }",
      "events.addAbortListener(signal, h)",
      "dropped",
    ),
    leaks(
      "each listener is judged by itself",
      "function f(signal) { signal.addEventListener('abort', a); signal.addEventListener('abort', b); signal.removeEventListener('abort', a); }",
      "signal.addEventListener('abort', b)",
    ),
    derives(
      "a relay to an own controller is derived",
      `async function f(signal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort());
  await g(controller.signal);
}`,
      'signal.addEventListener("abort", () => controller.abort())',
      `async function f(signal) {
  const controller = new AbortController();
  await g(AbortSignal.any([signal, controller.signal]));
}`,
    ),
    derives(
      "a relay with its reason, in a block",
      `async function f(signal) { const c = new AbortController(); signal.addEventListener("abort", () => { c.abort(signal.reason); }, { once: true }); await g(c.signal); }`,
      "signal.addEventListener(…{ once: true })",
      `async function f(signal) { const c = new AbortController();  await g(AbortSignal.any([signal, c.signal])); }`,
    ),
    derives(
      "a relay from an optional signal",
      `async function f(signal?: AbortSignal) {
  const c = new AbortController();
  signal?.addEventListener("abort", () => c.abort());
  await g(c.signal);
}`,
      'signal?.addEventListener("abort", () => c.abort())',
      `async function f(signal?: AbortSignal) {
  const c = new AbortController();
  await g(AbortSignal.any(signal ? [signal, c.signal] : [c.signal]));
}`,
    ),
    leaks(
      "a relay to a controller whose signal is used twice has no suggestion",
      "async function f(signal) { const c = new AbortController(); signal.addEventListener('abort', () => c.abort()); await g(c.signal); await h(c.signal); }",
      "signal.addEventListener('abort', () => c.abort())",
      "unremovable",
    ),
    leaks(
      "a relay that does more has no suggestion",
      "async function f(signal) { const c = new AbortController(); signal.addEventListener('abort', () => { log(); c.abort(); }); await g(c.signal); }",
      "signal.addEventListener('abort', () => { log(); c.abort(); })",
      "unremovable",
    ),
    leaks(
      "the task's signal in a loop of the body",
      `import { createTask } from "@mdc/tasks"; createTask(async (context) => { for (const x of xs) context.signal.addEventListener("abort", h); });`,
      'context.signal.addEventListener("abort", h)',
      "leaked",
      "context.signal",
    ),
    leaks(
      "the signal of a task that is a parameter",
      `import type { Task } from "@mdc/tasks"; function f(task: Task) { task.signal.addEventListener("abort", h); }`,
      'task.signal.addEventListener("abort", h)',
      "leaked",
      "task.signal",
    ),
  ],
});
