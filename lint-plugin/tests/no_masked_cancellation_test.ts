import rule from "../rules/no-masked-cancellation.ts";
import { fine } from "./_cases.ts";
import {
  type ExpectedSuggestion,
  type InvalidCase,
  testRule,
} from "./_tester.ts";

const OTHER = 'new Error("x")';

/** `throw signal.reason` by the signal's own method. */
function throwIfAborted(
  code: string,
  at: string,
  signal: string,
): ExpectedSuggestion {
  return {
    messageId: "throwIfAborted",
    data: { signal },
    output: code.replace(`throw ${at};`, `${signal}.throwIfAborted();`),
  };
}

function handOn(code: string, at: string, value: string): ExpectedSuggestion {
  return {
    messageId: "handOn",
    data: { value },
    output: code.replace(at, value),
  };
}

/** A thrown error; `caught` is the error that a catch clause has. */
function throws(
  name: string,
  code: string,
  { caught, signal, at = OTHER }: {
    caught?: string;
    signal?: string;
    at?: string;
  },
): InvalidCase {
  return {
    name,
    code,
    errors: [{
      ...(signal
        ? { messageId: "masked", data: { signal } }
        : { messageId: "maskedError" }),
      at,
      suggestions: [
        ...(caught ? [handOn(code, at, caught)] : []),
        ...(signal ? [throwIfAborted(code, at, signal)] : []),
      ],
    }],
  };
}

/** An error that is given to a `reject`. */
function rejects(
  name: string,
  code: string,
  { caught, signal, at = OTHER }: {
    caught?: string;
    signal?: string;
    at?: string;
  },
): InvalidCase {
  return {
    name,
    code,
    errors: [{
      ...(signal
        ? { messageId: "masked", data: { signal } }
        : { messageId: "maskedError" }),
      at,
      suggestions: [
        ...(caught ? [handOn(code, at, caught)] : []),
        ...(signal ? [handOn(code, at, `${signal}.reason`)] : []),
      ],
    }],
  };
}

const inCatch = (handler: string) =>
  `async function f(signal) { try { await g(signal); } catch (err) { ${handler} } }`;
const mdc = (code: string) =>
  `import { CancelledError, createTask, isCancellation, waitForOutcome } from "@mdc/tasks";\n${code}`;

testRule("no-masked-cancellation", rule, {
  valid: [
    {
      name: "a prompt that a person cancels",
      code:
        'import { isCancel, text } from "@clack/prompts"; async function f() { const name = await text({}); if (isCancel(name)) throw new Error("no name"); return name; }',
    },

    {
      name: "an answer that a framework takes as thrown",
      code:
        "async function f(signal) { try { await g(signal); } catch (e) { if (signal.aborted) throw new Response(null, { status: 499 }); throw e; } }",
    },

    fine(
      "C named *Abort*",
      inCatch('if (signal.aborted) throw new AbortedError("x");'),
    ),
    fine(
      "C named *Cancel*",
      inCatch(
        'if (isAbortError(err)) throw new OperationCanceledException("x");',
      ),
    ),
    fine(
      "DOMException(…, 'AbortError')",
      "function f(signal) { if (signal.aborted) throw new DOMException('x', 'AbortError'); }",
    ),
    fine(
      "a class with a meaning that has the reason as its cause",
      'function f(signal) { if (signal.aborted) throw new UnrecoverableError("x", { cause: signal.reason }); }',
    ),
    fine(
      "a class with a meaning that has the error as its cause",
      inCatch(
        'if (isAbortError(err)) throw new JobError("x", { cause: err });',
      ),
    ),
    fine(
      "new CancelledError(…) of @mdc/tasks, renamed",
      'import { CancelledError as Stop } from "@mdc/tasks"; function f(signal) { if (signal.aborted) throw new Stop("x"); }',
    ),
    fine(
      "an own signal",
      `async function f() { const own = new AbortController(); setTimeout(() => own.abort(), 5); try { await g(own.signal); } catch (err) { if (own.signal.aborted) throw ${OTHER}; throw err; } }`,
    ),
    fine(
      "an error test where the function has an own controller",
      `async function f() { const own = new AbortController(); try { await g(own.signal); } catch (err) { if (err.name === "AbortError") throw ${OTHER}; throw err; } }`,
    ),
    fine(
      "an error test where an enclosing function has an own controller",
      `function f() { const own = new AbortController(); return async () => { try { await g(own.signal); } catch (err) { if (err.name === "AbortError") throw ${OTHER}; } }; }`,
    ),
    fine(
      "an own timeout",
      `async function f(url) { try { await fetch(url, { signal: AbortSignal.timeout(5) }); } catch (err) { if (isAbortError(err)) throw ${OTHER}; throw err; } }`,
    ),
    fine(
      "a variable",
      inCatch("if (signal.aborted) throw problem; throw err;"),
    ),
    fine(
      "signal.reason ?? …",
      `function f(signal) { if (signal.aborted) throw signal.reason ?? ${OTHER}; }`,
    ),
    fine(
      "a test that is an || with something unrelated",
      inCatch(`if (signal.aborted || attempts > 3) throw ${OTHER};`),
    ),
    fine(
      "generic wrapping without a cancellation test",
      inCatch('throw new Error("x", { cause: err });'),
    ),
    fine(
      "the other side of the test",
      inCatch(`if (isAbortError(err)) throw err; else throw ${OTHER};`),
    ),
    fine(
      "the side of a negated test that is no cancellation",
      inCatch(`if (!signal.aborted) throw ${OTHER}; throw err;`),
    ),
    fine(
      "a statement after the cancellation was thrown",
      inCatch(
        `if (signal.aborted) throw err; if (isAbortError(err)) throw ${OTHER};`,
      ),
    ),
    fine(
      "a statement after throwIfAborted in the branch",
      inCatch(
        `if (isAbortError(err)) { signal.throwIfAborted(); throw ${OTHER}; }`,
      ),
    ),
    fine(
      "an error test of which the signal is denied: another's cancellation",
      inCatch(`if (isAbortError(err) && !signal.aborted) throw ${OTHER};`),
    ),
    fine(
      "a nested test of the other outcome",
      inCatch(
        `if (isAbortError(err)) { if (!signal.aborted) throw ${OTHER}; throw err; }`,
      ),
    ),
    fine(
      "an inner catch clause is about another error",
      inCatch(
        `if (signal.aborted) { try { stop(); } catch { throw ${OTHER}; } }`,
      ),
    ),
    fine(
      "a nested function is another flow",
      inCatch(`if (signal.aborted) { later(() => { throw ${OTHER}; }); }`),
    ),
    fine(
      "a presence test is no cancellation test",
      `function f(signal) { if (!signal) throw ${OTHER}; if (signal) throw ${OTHER}; if (signal !== undefined) throw ${OTHER}; }`,
    ),
    fine(
      "a test for other errors is no cancellation test",
      inCatch(
        `if (err.code !== "ENOENT") throw ${OTHER}; if (err instanceof TypeError) {} else throw ${OTHER};`,
      ),
    ),
    fine(
      "a case into which an unrelated case falls",
      inCatch(
        `switch (err.name) { case "TimeoutError": case "AbortError": throw ${OTHER}; }`,
      ),
    ),
    fine(
      "an abort handler of an own signal",
      `const own = new AbortController(); own.signal.addEventListener("abort", () => reject(${OTHER}));`,
    ),
    fine(
      "an abort handler of a derived signal",
      `function f(a, b) { const s = AbortSignal.any([a, b]); s.addEventListener("abort", () => reject(${OTHER})); }`,
    ),
    fine(
      "a handler that a timer calls as well",
      `function f(signal) { const stop = () => reject(${OTHER}); setTimeout(stop, 5); signal.addEventListener("abort", stop); }`,
    ),
    fine(
      "another listener",
      `function f(signal) { socket.addEventListener("close", () => reject(${OTHER})); }`,
    ),
    fine(
      "an abort handler that rejects with the reason",
      "function f(signal) { signal.addEventListener('abort', () => reject(signal.reason)); }",
    ),
    fine(
      "another call than reject",
      "function f(signal) { if (signal.aborted) resolve('x'); if (signal.aborted) fail('x'); }",
    ),
    fine(
      "?: with an unrelated test inside the branch",
      `function f(signal) { if (signal.aborted) throw late ? ${OTHER} : signal.reason; }`,
    ),
    fine(
      "task.cancelled tells about another task",
      mdc(`async function f(task) { if (task.cancelled) throw ${OTHER}; }`),
    ),
    fine(
      "outcome.status === 'cancelled' tells about another task",
      mdc(
        `async function f() { const task = createTask(g); const outcome = await waitForOutcome(task); if (outcome.status === "cancelled") throw ${OTHER}; }`,
      ),
    ),
    fine(
      "isCancellation(e, own.signal) asks for the own cancellation",
      mdc(
        `async function f() { const own = new AbortController(); try { await g(own.signal); } catch (err) { if (isCancellation(err, own.signal)) throw ${OTHER}; throw err; } }`,
      ),
    ),
  ],
  invalid: [
    throws(
      "throw in a branch for signal.aborted",
      `function f(signal) { if (signal.aborted) throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    throws(
      "throw in a block, with an optional signal",
      `function f(options) { if (options.signal?.aborted) { log(); throw ${OTHER}; } }`,
      { signal: "options.signal" },
    ),
    throws(
      "a constant condition is looked through",
      `function f(signal) { const stopped = signal.aborted; if (stopped) throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    throws(
      "signal.aborted === true",
      `function f(signal) { if (signal.aborted === true) throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    throws(
      "else of a negated test",
      `function f(signal) { if (!signal.aborted) go(); else throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    throws(
      "else of signal.aborted === false",
      `function f(signal) { if (signal.aborted === false) go(); else throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    throws(
      "an && with something unrelated",
      `function f(signal) { if (signal && signal.aborted && n > 3) throw ${OTHER}; }`,
      { signal: "signal" },
    ),
    {
      name: "a class with a meaning stays, with the reason as its cause",
      code:
        'function f(signal) { if (signal.aborted) throw new UnrecoverableError("x"); }',
      errors: [{
        messageId: "masked",
        data: { signal: "signal" },
        at: 'new UnrecoverableError("x")',
        suggestions: [{
          messageId: "addCause",
          output:
            'function f(signal) { if (signal.aborted) throw new UnrecoverableError("x", { cause: signal.reason }); }',
        }],
      }],
    },
    throws(
      "a literal",
      'function f(signal) { if (signal.aborted) throw "x"; }',
      { signal: "signal", at: '"x"' },
    ),
    throws(
      "a template literal",
      "function f(signal) { if (signal.aborted) throw `x${n}`; }",
      { signal: "signal", at: "`x${n}`" },
    ),
    throws(
      "DOMException with another name",
      "function f(signal) { if (signal.aborted) throw new DOMException('x', 'TimeoutError'); }",
      { signal: "signal", at: "new DOMException('x', 'TimeoutError')" },
    ),
    throws(
      "a signal test in a catch clause",
      inCatch(`if (signal.aborted) throw ${OTHER}; throw err;`),
      { signal: "signal", caught: "err" },
    ),
    throws(
      "err.name === 'AbortError'",
      inCatch(`if (err.name === "AbortError") throw ${OTHER}; throw err;`),
      { caught: "err" },
    ),
    throws(
      "else of err.code !== 'ABORT_ERR'",
      inCatch(
        `if (err.code !== "ABORT_ERR") throw err; else { throw ${OTHER}; }`,
      ),
      { caught: "err" },
    ),
    throws(
      "err instanceof *Cancel*",
      inCatch(`if (err instanceof CancelledError) throw ${OTHER};`),
      { caught: "err" },
    ),
    throws(
      "isAbortError(err)",
      inCatch(`if (isAbortError(err)) { throw ${OTHER}; }`),
      { caught: "err" },
    ),
    throws(
      "two cancellation tests with ||",
      inCatch(`if (signal.aborted || isAbortError(err)) throw ${OTHER};`),
      { signal: "signal", caught: "err" },
    ),
    throws(
      "a cause does not help",
      inCatch('if (isAbortError(err)) throw new Error("x", { cause: err });'),
      { caught: "err", at: 'new Error("x", { cause: err })' },
    ),
    throws(
      "a switch case",
      inCatch(
        `switch (err.name) { case "AbortError": throw ${OTHER}; default: throw err; }`,
      ),
      { caught: "err" },
    ),
    throws(
      "cases of cancellations that fall into each other",
      inCatch(
        `switch (err.name) { case "CancelledError": case "AbortError": throw ${OTHER}; }`,
      ),
      { caught: "err" },
    ),
    throws(
      "switch (true)",
      inCatch(`switch (true) { case signal.aborted: throw ${OTHER}; }`),
      { signal: "signal", caught: "err" },
    ),
    throws(
      "an error test beside an own controller, if a caller's signal reaches the try",
      `async function f(signal) { const own = new AbortController(); try { await g(AbortSignal.any([signal, own.signal])); } catch (err) { if (isAbortError(err)) throw ${OTHER}; } }`,
      { caught: "err" },
    ),
    throws(
      "a rejection handler",
      `const p = g().catch((err) => { if (isAbortError(err)) throw ${OTHER}; throw err; });`,
      { caught: "err" },
    ),
    throws(
      "isCancellation(e) of @mdc/tasks",
      mdc(
        `async function f() { try { await g(); } catch (err) { if (isCancellation(err)) throw ${OTHER}; throw err; } }`,
      ),
      { caught: "err" },
    ),
    throws(
      "isCancellation(e, signal) with a caller's signal",
      mdc(
        `async function f(signal) { try { await g(signal); } catch (err) { if (isCancellation(err, signal)) throw ${OTHER}; throw err; } }`,
      ),
      { signal: "signal", caught: "err" },
    ),
    {
      name: "an arm of ?: with a cancellation test",
      code: inCatch(`throw isAbortError(err) ? ${OTHER} : err;`),
      errors: [{
        messageId: "maskedError",
        at: OTHER,
        suggestions: [
          handOn(
            inCatch(`throw isAbortError(err) ? ${OTHER} : err;`),
            OTHER,
            "err",
          ),
        ],
      }],
    },
    rejects(
      "an arm of ?: of a signal",
      `function f(signal) { return new Promise((resolve, reject) => socket.on("close", () => reject(signal.aborted ? ${OTHER} : new Error("closed")))); }`,
      { signal: "signal" },
    ),
    rejects(
      "reject(E)",
      `function f(signal) { return new Promise((resolve, reject) => { if (signal.aborted) reject(${OTHER}); }); }`,
      { signal: "signal" },
    ),
    rejects(
      "X.reject(E)",
      `function f(signal) { if (signal.aborted) { deferred.reject(${OTHER}); } }`,
      { signal: "signal" },
    ),
    rejects(
      "Promise.reject(E)",
      inCatch(`if (isAbortError(err)) return Promise.reject(${OTHER});`),
      { caught: "err" },
    ),
    rejects(
      "an abort listener of a foreign signal",
      `function f(signal) { return new Promise((_, reject) => { signal.addEventListener("abort", () => reject(${OTHER}), { once: true }); }); }`,
      { signal: "signal" },
    ),
    rejects(
      "onabort of a foreign signal",
      `function f(options) { options.signal.onabort = () => { clear(); reject(${OTHER}); }; }`,
      { signal: "options.signal" },
    ),
    rejects(
      "addAbortListener of Node",
      `import { addAbortListener } from "node:events"; function f(signal) { const d = addAbortListener(signal, () => reject(${OTHER})); }`,
      { signal: "signal" },
    ),
    rejects(
      "an abort handler by name, removed again and called at once",
      `function f(signal) { const stop = () => { reject(${OTHER}); }; if (signal.aborted) return stop(); signal.addEventListener("abort", stop); done(() => signal.removeEventListener("abort", stop)); }`,
      { signal: "signal" },
    ),
    rejects(
      "an abort handler that is a function declaration",
      `function f(signal) { function stop() { reject(${OTHER}); } signal.addEventListener("abort", stop); }`,
      { signal: "signal" },
    ),
  ],
});
