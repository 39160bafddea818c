import rule from "../rules/require-abort-reason.ts";
import { type Edit, error, fine, wrong } from "./_cases.ts";
import { testRule } from "./_tester.ts";

const OWN = "const own = new AbortController();";
const STRICT = { options: [{ strict: true }] };

/** One report on `call`, which the suggestion replaces by `fixed`. */
function lost(
  name: string,
  code: string,
  call: string,
  fixed?: string,
  { signal = "signal", reason = "signal.reason", messageId = "lost" } = {},
) {
  const edits: Edit[] = fixed === undefined
    ? []
    : [["passReason", fixed, { reason }]];
  return wrong(
    name,
    code,
    (code) => [error(code, call, messageId, { call, signal }, edits)],
  );
}

/** The same in a function of `signal` with an own controller. */
const inFunction = (
  name: string,
  body: string,
  call: string,
  fixed?: string,
  data = {},
) => lost(name, `function f(signal) { ${OWN} ${body} }`, call, fixed, data);

const fineIn = (name: string, body: string) =>
  fine(name, `function f(signal) { ${OWN} ${body} }`);

const MDC = (names: string) => `import { ${names} } from "@mdc/tasks";`;

testRule("require-abort-reason", rule, {
  valid: [
    fineIn(
      "the signal's reason",
      "signal.addEventListener('abort', () => own.abort(signal.reason));",
    ),
    fineIn(
      "any other argument",
      "signal.addEventListener('abort', () => own.abort(new Error('x')));",
    ),
    fineIn(
      "null is an argument",
      "signal.addEventListener('abort', () => own.abort(null));",
    ),
    fineIn(
      "a spread argument",
      "signal.addEventListener('abort', () => own.abort(...args));",
    ),
    fine(
      "X without a reason: XMLHttpRequest",
      "function f(signal, xhr) { signal.addEventListener('abort', () => xhr.abort()); }",
    ),
    fine(
      "X without a reason: a transaction",
      "function f(signal, tx) { signal.addEventListener('abort', () => tx.abort()); }",
    ),
    fine(
      "X without a reason: a reader",
      "function f(signal, reader) { signal.addEventListener('abort', () => reader.cancel()); }",
    ),
    fine(
      "a name that says controller, with another annotation",
      "function f(signal, controller: Xhr) { signal.addEventListener('abort', () => controller.abort()); }",
    ),
    fineIn("a timer", "setTimeout(() => own.abort(), 100);"),
    fineIn(
      "a timer in the handler",
      [
        "signal.addEventListener('abort', () => { setTimeout(() => own.abort(), 9); });",
      ].join(""),
    ),
    fineIn("a finally", "try { g(); } finally { own.abort(); }"),
    fineIn(
      "other events",
      "socket.addEventListener('close', () => own.abort());",
    ),
    fineIn(
      "an abort event of something that is no signal",
      "xhr.addEventListener('abort', () => own.abort());",
    ),
    fineIn(
      "a signal that is X's own",
      "own.signal.addEventListener('abort', () => own.abort());",
    ),
    fineIn(
      "a signal that is X's own, by another name",
      "const { signal: mySignal } = own; if (mySignal.aborted) own.abort();",
    ),
    fineIn(
      "a named handler that a timer gets too",
      "const stop = () => own.abort(); signal.addEventListener('abort', stop); setTimeout(stop, 9);",
    ),
    fineIn(
      "a named handler that another event gets too",
      "function stop() { own.abort(); } signal.addEventListener('abort', stop); socket.on('close', stop);",
    ),
    fine(
      "a method that a timer gets too",
      "class A { #controller = new AbortController(); start(signal) { signal.addEventListener('abort', this.stop); setTimeout(this.stop, 9); } stop() { this.#controller.abort(); } }",
    ),
    fineIn(
      "under a condition of its own",
      "signal.addEventListener('abort', () => { if (done) own.abort(); });",
    ),
    fineIn(
      "under a comparison of its own",
      "signal.addEventListener('abort', () => { if (--count === 0) own.abort(); });",
    ),
    fineIn(
      "in a catch of the handler",
      "signal.addEventListener('abort', () => { try { g(); } catch { own.abort(); } });",
    ),
    fineIn(
      "in a case of the handler",
      "signal.addEventListener('abort', () => { switch (state) { case 1: own.abort(); } });",
    ),
    fineIn("a test with ||", "if (signal.aborted || late) own.abort();"),
    fineIn("the other branch", "if (signal.aborted) g(); else own.abort();"),
    fineIn("a negated test", "if (!signal.aborted) own.abort();"),
    fineIn("a right side of ||", "signal.aborted || own.abort();"),
    fineIn(
      "a nested function in the branch",
      "if (signal.aborted) later(() => own.abort());",
    ),
    fine(
      "aborted of something that is no signal",
      `${OWN} if (job.aborted) own.abort();`,
    ),
    fineIn(
      "bind with a reason",
      "signal.addEventListener('abort', own.abort.bind(own, why));",
    ),
    fineIn("bind for a timer", "setTimeout(own.abort.bind(own), 9);"),
    fineIn("every other abort() without a reason, not strict", "own.abort();"),
    fine("AbortSignal.abort(), not strict", "g(AbortSignal.abort());"),
    fineIn("a literal, not strict", "own.abort('late');"),
    fine("strict: an error", `${OWN} own.abort(new Error('late'));`, STRICT),
    fine("strict: a variable", `${OWN} own.abort(why);`, STRICT),
    fine("strict: X without a reason", "xhr.abort();", STRICT),
    fine(
      "strict: cancel() of a task",
      `${MDC("createTask")} const t = createTask(g); t.cancel();`,
      STRICT,
    ),
    fine(
      "a task's cancel() with a reason",
      `${
        MDC("createTask")
      } function f(signal) { const t = createTask(g); signal.addEventListener('abort', () => t.cancel(signal.reason)); }`,
    ),
    fine(
      "cancelAll with a reason",
      `${
        MDC("TaskTracker")
      } function f(signal) { const t = new TaskTracker(); signal.addEventListener('abort', () => t.cancelAll({ reason: signal.reason })); }`,
    ),
    fine(
      "options that are not a literal",
      `${
        MDC("TaskTracker")
      } function f(signal, o) { const t = new TaskTracker(); signal.addEventListener('abort', () => t.cancelAll(o)); }`,
    ),
    fine(
      "event.set() has no reason",
      `${
        MDC("AsyncEvent")
      } function f(signal) { const e = new AsyncEvent(); signal.addEventListener('abort', () => e.set()); }`,
    ),
    fine(
      "cancel() of something else",
      "function f(signal, task) { signal.addEventListener('abort', () => task.cancel()); }",
    ),
  ],
  invalid: [
    inFunction(
      "an inline listener",
      "signal.addEventListener('abort', () => own.abort());",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "abort(undefined)",
      "signal.addEventListener('abort', () => own.abort(undefined));",
      "own.abort(undefined)",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "a listener with a block",
      "signal.addEventListener('abort', function () { log(); own.abort(); }, { once: true });",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "an optional registration",
      "signal?.addEventListener('abort', () => own.abort());",
      "own.abort()",
      "own.abort(signal?.reason)",
      { reason: "signal?.reason" },
    ),
    inFunction(
      "onabort",
      "signal.onabort = () => own.abort();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    lost(
      "addAbortListener",
      `import { addAbortListener } from "node:events"; function f(signal) { ${OWN} addAbortListener(signal, () => own.abort()); }`,
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "a function of this file by name",
      "const stop = () => own.abort(); signal.addEventListener('abort', stop); signal.removeEventListener('abort', stop);",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "a named handler that is called as well",
      "function stop() { own.abort(); } if (late) stop(); signal.addEventListener('abort', stop);",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "a named handler that a collection gets too",
      "const stop = () => own.abort(); signal.addEventListener('abort', stop); cleanups.push(stop);",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    lost(
      "where S is not visible: no suggestion",
      `${OWN} const stop = () => own.abort(); function f(signal) { signal.addEventListener('abort', stop); }`,
      "own.abort()",
    ),
    lost(
      "a method of this file by name",
      "class A { #controller = new AbortController(); #signal; start() { this.#signal.addEventListener('abort', this.#stop); } #stop() { this.#controller.abort(); } }",
      "this.#controller.abort()",
      "this.#controller.abort(this.#signal.reason)",
      { signal: "this.#signal", reason: "this.#signal.reason" },
    ),
    lost(
      "a bound method, whose signal is not visible in it",
      "class A { controller = new AbortController(); start(signal) { signal.addEventListener('abort', this.stop.bind(this)); } stop() { this.controller.abort(); } }",
      "this.controller.abort()",
    ),
    inFunction(
      "a handler of two signals: no suggestion",
      "const stop = () => own.abort(); otherSignal.addEventListener('abort', stop); signal.addEventListener('abort', stop);",
      "own.abort()",
    ),
    inFunction(
      "a presence test is no condition",
      "signal.addEventListener('abort', () => { if (own) own.abort(); });",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "!….aborted is no condition",
      "signal.addEventListener('abort', () => { if (!own.signal.aborted) own.abort(); });",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    lost(
      "every controller of a list",
      "function f(signal, list: AbortController[]) { signal.addEventListener('abort', () => { for (const controller of list) controller.abort(); }); }",
      "controller.abort()",
      "controller.abort(signal.reason)",
    ),
    inFunction(
      "in a branch",
      "if (signal.aborted) own.abort();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "in a branch with more conditions",
      "if (signal.aborted && !done) { log(); own.abort(); }",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "in a branch, for an optional signal",
      "if (signal?.aborted) own.abort();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "in the else of a negated test",
      "if (!signal.aborted) g(); else own.abort();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "in an arm of ?:",
      "signal.aborted ? own.abort() : g();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    inFunction(
      "on the right side of &&",
      "signal.aborted && own.abort();",
      "own.abort()",
      "own.abort(signal.reason)",
    ),
    lost(
      "AbortSignal.abort()",
      "function f(signal) { return signal.aborted ? AbortSignal.abort() : signal; }",
      "AbortSignal.abort()",
      "AbortSignal.abort(signal.reason)",
    ),
    lost(
      "a parameter annotated AbortController",
      "function f(signal, c: AbortController) { if (signal.aborted) c.abort(); }",
      "c.abort()",
      "c.abort(signal.reason)",
    ),
    lost(
      "a name that says controller",
      "function f(signal) { if (signal.aborted) this._fetchController.abort(); }",
      "this._fetchController.abort()",
      "this._fetchController.abort(signal.reason)",
    ),
    lost(
      "the signal of another own controller",
      `${OWN} const outer = new AbortController(); outer.signal.addEventListener('abort', () => own.abort());`,
      "own.abort()",
      "own.abort(outer.signal.reason)",
      { signal: "outer.signal", reason: "outer.signal.reason" },
    ),
    inFunction(
      "bind as a listener",
      "signal.addEventListener('abort', own.abort.bind(own));",
      "own.abort.bind(own)",
      "() => own.abort(signal.reason)",
      { messageId: "event" },
    ),
    inFunction(
      "bind as a listener by name: no suggestion",
      "const stop = own.abort.bind(own); signal.addEventListener('abort', stop);",
      "own.abort.bind(own)",
      undefined,
      { messageId: "event" },
    ),
    lost(
      "cancel() of a task",
      `${
        MDC("createTask")
      } function f(signal) { const t = createTask(g); signal.addEventListener('abort', () => t.cancel()); }`,
      "t.cancel()",
      "t.cancel(signal.reason)",
    ),
    lost(
      "cancel() of a scope",
      `${
        MDC("CancelScope")
      } function f(signal) { const scope = new CancelScope(); if (signal.aborted) scope.cancel(); }`,
      "scope.cancel()",
      "scope.cancel(signal.reason)",
    ),
    lost(
      "cancel() of a group",
      `${
        MDC("TaskGroup")
      } const f = (signal) => TaskGroup.run((group) => { signal.addEventListener('abort', () => group.cancel()); });`,
      "group.cancel()",
      "group.cancel(signal.reason)",
    ),
    lost(
      "cancelAll() of a tracker",
      `${
        MDC("TaskTracker")
      } function f(signal) { const t = new TaskTracker(); signal.addEventListener('abort', () => t.cancelAll()); }`,
      "t.cancelAll()",
      "t.cancelAll({ reason: signal.reason })",
    ),
    lost(
      "cancelAll() with other options",
      `${
        MDC("TaskTracker")
      } function f(signal) { const t = new TaskTracker(); signal.addEventListener('abort', () => t.cancelAll({ timeout: 5 })); }`,
      "t.cancelAll({ timeout: 5 })",
      "t.cancelAll({ timeout: 5, reason: signal.reason })",
    ),
    lost(
      "cancelAndWait()",
      `${
        MDC("createTask, cancelAndWait")
      } async function f(signal) { const t = createTask(g); if (signal.aborted) await cancelAndWait(t); }`,
      "cancelAndWait(t)",
      "cancelAndWait(t, { reason: signal.reason })",
    ),
    wrong(
      "strict: every abort() without an argument",
      `${OWN} own.abort();`,
      (
        code,
      ) => [error(code, "own.abort()", "missing", { call: "own.abort()" })],
      STRICT,
    ),
    wrong(
      "strict: AbortSignal.abort()",
      "g(AbortSignal.abort());",
      (code) => [
        error(code, "AbortSignal.abort()", "missing", {
          call: "AbortSignal.abort()",
        }),
      ],
      STRICT,
    ),
    wrong(
      "strict: a literal as a reason",
      `${OWN} own.abort('late');`,
      (code) => [error(code, "'late'", "literal")],
      STRICT,
    ),
    wrong(
      "strict: a template as a reason",
      `${OWN} own.abort(\`late by \${n}\`);`,
      (code) => [error(code, "`late by ${n}`", "literal")],
      STRICT,
    ),
    wrong(
      "strict: a relay keeps its suggestion",
      `function f(signal) { ${OWN} if (signal.aborted) own.abort(); }`,
      (code) => [
        error(
          code,
          "own.abort()",
          "lost",
          { call: "own.abort()", signal: "signal" },
          [["passReason", "own.abort(signal.reason)", {
            reason: "signal.reason",
          }]],
        ),
      ],
      STRICT,
    ),
  ],
});
