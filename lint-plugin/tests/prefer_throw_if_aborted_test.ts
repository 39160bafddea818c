import rule from "../rules/prefer-throw-if-aborted.ts";
import { fine } from "./_cases.ts";
import { testRule } from "./_tester.ts";

/** One report on the whole `statement` of the code, replaced by `call`. */
function byHand(
  name: string,
  code: string,
  statement: string,
  call: string,
  fix = true,
) {
  return {
    name,
    code,
    output: fix ? code.replace(statement, () => `${call};`) : null,
    errors: [{ messageId: "byHand", data: { call }, at: statement }],
  };
}

/** A report on the first statement of a function of `signal`. */
function inFunction(name: string, statement: string, call: string) {
  return byHand(
    name,
    `function f(signal) { ${statement} g(); }`,
    statement,
    call,
  );
}

const CALL = "signal.throwIfAborted()";
const OPTIONAL = "signal?.throwIfAborted()";

testRule("prefer-throw-if-aborted", rule, {
  valid: [
    fine("throwIfAborted() itself", `function f(signal) { ${CALL}; }`),
    fine(
      "an else",
      "function f(signal) { if (signal.aborted) throw signal.reason; else g(); }",
    ),
    fine(
      "more in the branch",
      "function f(signal) { if (signal.aborted) { g(); throw signal.reason; } }",
    ),
    fine(
      "an empty branch",
      "function f(signal) { if (signal.aborted) {} }",
    ),
    fine(
      "another error: no-masked-cancellation's",
      "function f(signal) { if (signal.aborted) throw new Error('no'); }",
    ),
    fine(
      "another property",
      "function f(signal) { if (signal.aborted) throw signal.error; }",
    ),
    fine(
      "another signal",
      "function f(signal, otherSignal) { if (signal.aborted) throw otherSignal.reason; }",
    ),
    fine(
      "a signal of another object",
      "function f(a, b) { if (a.signal.aborted) throw b.signal.reason; }",
    ),
    fine(
      "S.reason ?? …, because abort(null) is possible",
      "function f(signal) { if (signal.aborted) throw signal.reason ?? new Error('x'); }",
    ),
    fine(
      "a compound test with &&",
      "function f(signal, done) { if (!done && signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a compound test with ||",
      "function f(signal, done) { if (done || signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a guard on another thing",
      "function f(signal, other) { if (other && signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a negated form",
      "function f(signal) { if (!signal.aborted) throw signal.reason; }",
    ),
    fine(
      "S.aborted === false",
      "function f(signal) { if (signal.aborted === false) throw signal.reason; }",
    ),
    fine(
      "reject(S.reason)",
      "function f(signal, reject) { if (signal.aborted) reject(signal.reason); }",
    ),
    fine(
      "a return",
      "function f(signal) { if (signal.aborted) return signal.reason; }",
    ),
    fine(
      "an object that is no signal",
      "function f(job) { if (job.aborted) throw job.reason; }",
    ),
    fine(
      "a reactive signal",
      "const signal = useSignal(0); if (signal.aborted) throw signal.reason;",
    ),
    fine(
      "a parameter with a structural type",
      "function f(signal: { aborted: boolean; reason: unknown }) { if (signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a parameter with a type that is only like one",
      "function f(signal: AbortSignalLike) { if (signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a union with a structural type",
      "function f(signal: AbortSignal | { aborted: boolean }) { if (signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a member with a structural type",
      "function f(options: { signal: SignalLike }) { if (options.signal.aborted) throw options.signal.reason; }",
    ),
    fine(
      "a member with a structural type, in an interface of this file",
      "interface O { signal: SignalLike } function f(options: O) { if (options.signal.aborted) throw options.signal.reason; }",
    ),
    fine(
      "a destructured member with a structural type",
      "interface O { signal: SignalLike } function f({ signal }: O) { if (signal.aborted) throw signal.reason; }",
    ),
    fine(
      "a field with a structural type",
      "class A { signal: SignalLike; m() { if (this.signal.aborted) throw this.signal.reason; } }",
    ),
    fine(
      "a signal that is called for",
      "if (getSignal().aborted) throw getSignal().reason;",
    ),
    fine(
      "a signal behind a call",
      "if (get().signal.aborted) throw get().signal.reason;",
    ),
    fine(
      "a computed access",
      "function f(jobs, i) { if (jobs[i].signal.aborted) throw jobs[i].signal.reason; }",
    ),
    fine(
      "a cast of the signal",
      "function f(signal) { if ((signal as AbortSignal).aborted) throw signal.reason; }",
    ),
    fine(
      "a signal behind a chain that ends before it",
      "function f(options) { if ((options?.signal).aborted) throw options.signal.reason; }",
    ),
  ],
  invalid: [
    inFunction(
      "without braces",
      "if (signal.aborted) throw signal.reason;",
      CALL,
    ),
    inFunction(
      "with braces",
      "if (signal.aborted) { throw signal.reason; }",
      CALL,
    ),
    inFunction(
      "over several lines",
      "if (signal.aborted) {\n  throw signal.reason;\n}",
      CALL,
    ),
    inFunction(
      "S?.aborted",
      "if (signal?.aborted) throw signal.reason;",
      OPTIONAL,
    ),
    inFunction(
      "S && S.aborted",
      "if (signal && signal.aborted) throw signal.reason;",
      OPTIONAL,
    ),
    inFunction(
      "S.aborted === true",
      "if (signal.aborted === true) throw signal.reason;",
      CALL,
    ),
    inFunction(
      "S?.aborted === true",
      "if (signal?.aborted === true) throw signal.reason;",
      OPTIONAL,
    ),
    inFunction(
      "S && S.aborted === true",
      "if (signal && signal.aborted === true) throw signal.reason;",
      OPTIONAL,
    ),
    inFunction(
      "?. is ignored on the right",
      "if (signal.aborted) throw signal?.reason;",
      CALL,
    ),
    inFunction(
      "! is ignored",
      "if (signal?.aborted) throw signal!.reason;",
      OPTIONAL,
    ),
    inFunction(
      "a cast of the reason",
      "if (signal.aborted) throw signal.reason as Error;",
      CALL,
    ),
    byHand(
      "! within the signal",
      "function f(options) { if (options.signal!.aborted) throw options.signal!.reason; }",
      "if (options.signal!.aborted) throw options.signal!.reason;",
      "options.signal!.throwIfAborted()",
    ),
    byHand(
      "a parameter annotated AbortSignal",
      "function f(s: AbortSignal) { if (s.aborted) throw s.reason; }",
      "if (s.aborted) throw s.reason;",
      "s.throwIfAborted()",
    ),
    byHand(
      "an optional parameter",
      "function f(signal?: AbortSignal | undefined) { if (signal?.aborted) throw signal.reason; }",
      "if (signal?.aborted) throw signal.reason;",
      OPTIONAL,
    ),
    byHand(
      "a member of options",
      "function f(options: { signal?: AbortSignal }) { if (options.signal?.aborted) throw options.signal.reason; }",
      "if (options.signal?.aborted) throw options.signal.reason;",
      "options.signal?.throwIfAborted()",
    ),
    byHand(
      "?. further to the left",
      "function f(options) { if (options?.signal?.aborted) throw options.signal.reason; }",
      "if (options?.signal?.aborted) throw options.signal.reason;",
      "options?.signal?.throwIfAborted()",
    ),
    byHand(
      "a private field",
      "class A { #signal; m() { if (this.#signal.aborted) throw this.#signal.reason; } }",
      "if (this.#signal.aborted) throw this.#signal.reason;",
      "this.#signal.throwIfAborted()",
    ),
    byHand(
      "an own signal: any provenance",
      "const own = new AbortController(); if (own.signal.aborted) throw own.signal.reason;",
      "if (own.signal.aborted) throw own.signal.reason;",
      "own.signal.throwIfAborted()",
    ),
    byHand(
      "a derived signal",
      "function f(a, b) { const s = AbortSignal.any([a, b]); if (s.aborted) throw s.reason; }",
      "if (s.aborted) throw s.reason;",
      "s.throwIfAborted()",
    ),
    byHand(
      "an else of another if",
      "function f(signal, ok) { if (ok) g(); else if (signal.aborted) throw signal.reason; }",
      "if (signal.aborted) throw signal.reason;",
      CALL,
    ),
    byHand(
      "without a semicolon",
      "function f(signal) {\n  if (signal.aborted) throw signal.reason\n  g()\n}",
      "if (signal.aborted) throw signal.reason",
      CALL,
    ),
    byHand(
      "with a comment inside: no fix",
      "function f(signal) { if (signal.aborted) { /* why */ throw signal.reason; } }",
      "if (signal.aborted) { /* why */ throw signal.reason; }",
      CALL,
      false,
    ),
    byHand(
      "with a line comment inside: no fix",
      "function f(signal) { if (signal.aborted) // why\n  throw signal.reason; }",
      "if (signal.aborted) // why\n  throw signal.reason;",
      CALL,
      false,
    ),
    byHand(
      "the signal of a task: nothing special",
      "import { createTask } from '@mdc/tasks'; await createTask(async (ctx) => { if (ctx.signal.aborted) throw ctx.signal.reason; });",
      "if (ctx.signal.aborted) throw ctx.signal.reason;",
      "ctx.signal.throwIfAborted()",
    ),
  ],
});
