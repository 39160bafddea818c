import rule from "../rules/no-swallowed-cancellation.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

/** A handler body in an async function with a foreign signal. */
function handled(handler: string, after = ""): string {
  return `async function load(url, signal) {
  try {
    return await fetch(url, { signal });
  } catch (error) {
    ${handler}
  }${after}
}`;
}

const fallsOff = {
  messageId: "swallowed",
  data: { signal: "signal" },
  at: "catch (error) {…\n  }",
} as const;

/** The handler is reported as a whole, and rethrowing is suggested. */
function swallows(name: string, handler: string, after = ""): InvalidCase {
  return {
    name,
    code: handled(handler, after),
    errors: [{
      ...fallsOff,
      suggestions: [{
        messageId: "rethrowIfAborted",
        data: { signal: "signal" },
        output: handled(
          `if (signal.aborted) throw error;\n    ${handler}`,
          after,
        ),
      }],
    }],
  };
}

/** A statement in an explicit branch is reported, and can become a throw. */
function leaves(name: string, before: string, exit: string, after = "") {
  return {
    name,
    code: handled(before + exit + after),
    errors: [{
      messageId: "consumed",
      data: { signal: "signal" },
      at: exit,
      suggestions: [
        // A throw before the branch would make the branch dead.
        {
          messageId: "throwError",
          output: handled(`${before}throw error;${after}`),
        },
      ],
    }],
  };
}

const passes = (name: string, handler: string, after = "") => ({
  name,
  code: handled(handler, after),
});

/** A chain whose handler is reported; `output` is the first suggestion. */
function chain(
  name: string,
  code: string,
  at: string,
  output?: string,
): InvalidCase {
  return {
    name,
    code,
    errors: [{
      messageId: "swallowed",
      data: { signal: "signal" },
      at,
      suggestions: output === undefined ? [] : [{
        messageId: "rethrowIfAborted",
        data: { signal: "signal" },
        output,
      }],
    }],
  };
}

testRule("no-swallowed-cancellation", rule, {
  valid: [
    // The error is handed on as data.
    passes("returns the error as a value", "return { error };"),
    passes("returns a tuple with the error", "return [null, error];"),
    passes(
      "returns a text of the error",
      "const message = String(error); return { ok: false, message };",
    ),
    passes("returns the error itself", "return error;"),
    passes("returns a result made of the error", "return Result.err(error);"),
    passes("returns a sentinel", "return ABORTED;"),
    passes(
      "returns that it was cancelled",
      'if (signal.aborted) return { status: "cancelled" }; throw error;',
    ),
    passes("emits the error", 'emitter.emit("error", error);'),
    passes("enqueues the error", "stream.enqueue({ type: 0, error });"),
    passes("collects the error", "errors.push(error);"),
    passes("keeps the error in the state", "state.lastError = error;"),
    passes("tells a callback", "options.onError?.(error);"),
    {
      name: "a chain that gives the error as data",
      code:
        "const f = (signal) => g({ signal }).catch((error) => ({ error }));",
    },
    // A helper of the same file throws.
    {
      name: "a helper that throws what it gets",
      code: `function fail(reason) { log(reason); throw reason; }
async function f(signal) { try { return await g(signal); } catch (e) { fail(e); } }`,
    },
    {
      name: "a method that throws for cancellations",
      code: `class A {
  #check(e) { if (e.name === "AbortError") throw e; log(e); }
  async f(signal) { try { return await g(signal); } catch (e) { this.#check(e); return null; } }
}`,
    },
    {
      name: "a helper that never returns",
      code:
        "declare const x: any; function fail(e: unknown): never { return x(e); } async function f(signal) { try { return await g(signal); } catch (e) { fail(e); } }",
    },
    // Nothing follows in a function that gives no value.
    {
      name: "the last statement of a function without a value",
      code:
        "async function f(signal) { open(); try { await g(signal); } catch (e) { log(e); } }",
    },
    {
      name: "return in a function without a value",
      code:
        "async function f(signal) { try { await g(signal); } catch (e) { if (signal.aborted) return; throw e; } more(); }",
    },
    {
      name: "the last statement of a branch, in a timer",
      code:
        "function f(signal) { setTimeout(async () => { if (x) { try { await g(signal); } catch (e) { log(e); } } }, 5); }",
    },
    // Own signals through fields and destructuring.
    {
      name: "a signal taken out of an own controller",
      code:
        "async function f() { const { signal } = new AbortController(); try { return await g(signal); } catch { return null; } }",
    },
    {
      name: "a signal taken out of a controller of the object",
      code:
        "class A { async f() { const { signal } = this.#controller; try { return await g(signal); } catch { return null; } } }",
    },
    {
      name: "a controller taken out of the object",
      code:
        "class A { async f() { const { controller } = this; try { return await g(controller.signal); } catch { return null; } } }",
    },
    {
      name: "a field that holds the signal of an own controller",
      code: `class A {
  #own = new AbortController();
  #signal = this.#own.signal;
  async f() { try { return await g(this.#signal); } catch { return null; } }
}`,
    },
    {
      name: "an explicit branch, where branches are allowed",
      code: handled("if (signal.aborted) return null; throw error;"),
      options: [{ explicitBranches: false }],
    },

    {
      name: "options that are filled only after the call",
      code:
        "async function f(signal) { const init = {}; try { await g(init); } catch { return null; } init.signal = signal; await g(init); }",
    },
    {
      name: "an own signal in an options variable",
      code:
        "async function f() { const own = new AbortController(); const init = { signal: own.signal }; try { await g(init); } catch { return null; } }",
    },

    // What the rule applies to
    {
      name: "a try without an await is silent",
      code:
        "function f(signal) { try { parse(signal); } catch { return null; } }",
    },
    {
      name: "an await that doesn't mention a signal is no cancellation point",
      code:
        "async function f(signal) { try { await g(); } catch { return null; } }",
    },
    {
      name: "an own signal may be consumed by its owner",
      code: `async function f() {
        const controller = new AbortController();
        try { await g({ signal: controller.signal }); } catch { return null; }
      }`,
    },
    {
      name: "a controller in a field is own",
      code: `class A { async f() {
        try { await g(this.#controller.signal); } catch { return null; }
      } }`,
    },
    {
      name: "AbortSignal.timeout() is own",
      code: `async function f() {
        try { await g({ signal: AbortSignal.timeout(5) }); } catch { return; }
      }`,
    },
    {
      name: "a signal derived only from own ones is own",
      code: `async function f() {
        const c = new AbortController();
        const signal = AbortSignal.any([c.signal, AbortSignal.timeout(5)]);
        try { await g({ signal }); } catch { return; }
      }`,
    },
    {
      name: "a signal derived from an array of own ones is own",
      code: `async function f() {
        const signals = [this.controller.signal];
        if (x) signals.push(AbortSignal.timeout(5));
        const signal = anySignal(signals);
        try { await g({ signal }); } catch { return; }
      }`,
    },
    {
      name: "a controller in an object made here is own",
      code: `async function f() {
        const controller = new AbortController();
        const response = { controller } as Response;
        try { await g(response.controller.signal); } catch { return; }
      }`,
    },
    {
      name: "a called function is no signal, whatever its name",
      code: `async function f() {
        try { await raceSignal(g(), this.controller.signal); } catch { return; }
      }`,
    },
    {
      name: "an await in a nested function is another flow",
      code: `async function f(signal) {
        try { each(async () => { await g({ signal }); }); } catch { return; }
      }`,
    },
    {
      name: "a signal in a nested function doesn't make the await a point",
      code: `async function f(signal) {
        try { await each(() => g({ signal })); } catch { return; }
      }`,
    },
    {
      name: "a parameter with another annotation is no signal",
      code: `async function f(signal: NodeJS.Signals) {
        try { await kill(signal); } catch { return; }
      }`,
    },
    {
      name: "the result of useSignal is no signal",
      code: `async function f() {
        const signal = useSignal(0);
        try { await g(signal); } catch { return; }
      }`,
    },
    {
      name: "an identifier used only as object of another member is no signal",
      code: `async function f(signal) {
        try { await g(signal.value); } catch { return; }
      }`,
    },
    {
      name: "an array of signals is no signal",
      code: `async function f(signals) {
        try { await g(signals); } catch { return; }
      }`,
    },
    {
      name: "an explicit test is fine with an own controller in the function",
      code: `async function f() {
        const controller = new AbortController();
        stop = () => controller.abort();
        try { await g(); } catch (e) { if (e.name === "AbortError") return; throw e; }
      }`,
    },
    {
      name:
        "an explicit test is fine with an own controller around the function",
      code: `function f() {
        const controller = new AbortController();
        return async () => {
          try { await g(); } catch (e) { if (isAbortError(e)) return; throw e; }
        };
      }`,
    },
    {
      name: "a test for another error alone doesn't make a handler explicit",
      code: `async function f() {
        try { await g(); } catch (e) { if (e.code === "ENOENT") return; throw e; }
      }`,
    },
    // Leaving properly
    passes("throw leaves properly", "throw error;"),
    passes(
      "a wrapped error is not success",
      "throw new HttpError(url, { cause: error });",
    ),
    passes(
      "return Promise.reject(e) leaves properly",
      "return Promise.reject(error);",
    ),
    passes(
      "throwIfAborted() as first statement is accepted",
      "signal.throwIfAborted(); return null;",
    ),
    passes(
      "rethrow…() leaves properly",
      "rethrowIfAborted(error); return null;",
    ),
    passes("reject(e) hands the error on", "reject(error);"),
    passes("rejectDone(e) hands the error on", "rejectDone(error);"),
    passes("next(e) hands the error on", "next(error);"),
    passes("callback(e) hands the error on", "return callback(error);"),
    passes("done(e) hands the error on", "done(error);"),
    passes("deferred.reject(e) hands the error on", "deferred.reject(error);"),
    passes(
      "controller.error(e) hands the error on",
      "controller.error(error);",
    ),
    passes(
      "process.exit() ends the program",
      "console.error(error); process.exit(1);",
    ),
    passes("Deno.exit() ends the program", "Deno.exit(1);"),
    passes(
      "a finally inside the handler that always throws covers every path",
      "try { return null; } finally { throw error; }",
    ),
    {
      name: "an error stored in a variable that is thrown after the try",
      code: `async function f(signal) {
        let failure;
        try { await g(signal); } catch (error) { failure = error; }
        if (failure) throw failure;
      }`,
    },
    passes(
      "throwIfAborted() after the try",
      "log(error);",
      "\n  signal.throwIfAborted();",
    ),
    {
      name: "throwIfAborted() after the try in an enclosing block",
      code: `async function f(signal) {
        for (const url of urls) {
          try { await fetch(url, { signal }); } catch { continue; }
        }
        signal.throwIfAborted();
      }`,
    },
    passes(
      "if (aborted) throw after the try",
      "log(error);",
      "\n  if (signal.aborted) throw signal.reason;",
    ),
    // The cancellation test
    passes(
      "a rethrow for cancellations first",
      'if (error.name === "AbortError") throw error; return null;',
    ),
    passes(
      "an instanceof guard around the test only narrows the type",
      'if (error instanceof Error && error.name === "AbortError") throw error; return null;',
    ),
    passes(
      "signal.aborted first",
      "if (signal.aborted) throw error; return null;",
    ),
    passes(
      "signal?.aborted first",
      "if (signal?.aborted) throw error; return null;",
    ),
    passes(
      "isAbortError() first",
      "if (isAbortError(error)) throw error; return null;",
    ),
    passes(
      "axios.isCancel() first",
      "if (axios.isCancel(error)) throw error; return 0;",
    ),
    passes(
      "instanceof *Abort* first",
      "if (error instanceof AbortError) throw error; return null;",
    ),
    passes(
      "the code ABORT_ERR first",
      'if (error.code === "ABORT_ERR") throw error; return null;',
    ),
    passes(
      "only another literal name is consumed",
      'if (error.name === "NotFound") return null; throw error;',
    ),
    passes(
      "only another class is consumed",
      "if (error instanceof HttpError) return null; throw error;",
    ),
    passes(
      "only what is…NotFound() tells is consumed",
      "if (isNotFound(error)) return null; throw error;",
    ),
    passes(
      "only what XyzError.isInstance() tells is consumed",
      "if (HttpError.isInstance(error)) return null; throw error;",
    ),
    passes(
      "only a status is consumed",
      "if (error.status === 404) return null; throw error;",
    ),
    passes(
      "unknown || yes is yes",
      "if (isFatal(error) || signal.aborted) throw error; return null;",
    ),
    passes(
      "unknown && no is no",
      "if (isRetryable(error) && !signal.aborted) return null; throw error;",
    ),
    passes(
      "a const condition is looked through",
      "const cancelled = signal.aborted; if (cancelled) throw error; return null;",
    ),
    passes(
      "an own signal that aborted is the owner's",
      "if (this.controller.signal.aborted) return null; throw error;",
    ),
    // Statements
    passes(
      "a switch with a case for cancellations",
      'switch (error.name) { case "AbortError": throw error; default: return null; }',
    ),
    passes(
      "an endless loop without break never leaves",
      "while (true) { if (x()) throw error; }",
    ),
    passes(
      "an endless loop that returns only for another error",
      'for (;;) { if (error.code === "E") { return; } else { throw error; } }',
    ),
    passes("do runs at least once", "do { throw error; } while (x);"),
    {
      name: "an outer handler gets nothing from an inner one that swallows",
      code: `async function f(signal) {
        try {
          try { await g(signal); } catch (e) { signal.throwIfAborted(); }
        } catch (e) { throw e; }
      }`,
    },
    // Chains
    {
      name: "a chain with a rethrowing handler",
      code: "const f = (signal) => g({ signal }).catch((e) => { throw e; });",
    },
    {
      name: "a chain without a foreign signal",
      code: "const f = () => g().catch(() => null);",
    },
    {
      name: "a chain whose value is dropped",
      code: "function f(signal) { g({ signal }).catch(() => null); }",
    },
    {
      name: "an unknown handler is not judged",
      code: "const f = (signal) => g({ signal }).catch(ignore);",
    },
    {
      name: "a chain without a handler",
      code: "const f = (signal) => g({ signal }).then(use).catch(undefined);",
    },
    {
      name: "a then with a handler that returns Promise.reject()",
      code:
        "const f = (signal) => g({ signal }).then(use, (e) => Promise.reject(e));",
    },
    {
      name: "a handler that tells cancellations apart in an expression",
      code:
        "const f = (signal) => g({ signal }).catch((e) => signal.aborted ? Promise.reject(e) : null);",
    },
    // @mdc/tasks
    {
      name: "rethrowCancellation() under another name leaves properly",
      code:
        `import { createTask, rethrowCancellation as re, sleep } from "@mdc/tasks";
      createTask(async () => {
        try { await sleep(5); } catch (e) { re(e); return null; }
      });`,
    },
    {
      name: "rethrowCancellation() leaves properly",
      code:
        `import { createTask, rethrowCancellation, sleep } from "@mdc/tasks";
      createTask(async () => {
        try { await sleep(5); } catch (e) { rethrowCancellation(e); return null; }
      });`,
    },
    {
      name: "outside of a task, sleep() knows no cancellation",
      code: `import { sleep } from "@mdc/tasks";
      async function f() { try { await sleep(5); } catch { return null; } }`,
    },
    {
      name: "sleep() of another package is no cancellation point",
      code: `import { createTask } from "@mdc/tasks"; import { sleep } from "x";
      createTask(async () => { try { await sleep(5); } catch { return null; } });`,
    },
    {
      name: "inside shield() the outer cancellation doesn't arrive",
      code: `import { createTask, shield, sleep } from "@mdc/tasks";
      createTask(async () => {
        await shield(async () => { try { await sleep(5); } catch { return; } });
      });`,
    },
    {
      name: "who cancels a task may consume its cancellation",
      code: `import { createTask, isCancellation } from "@mdc/tasks";
      async function f() {
        const task = createTask(body);
        task.cancel();
        try { await task; } catch (e) { if (isCancellation(e)) return; throw e; }
      }`,
    },
  ],

  invalid: [
    swallows("logs the error and returns", "return console.warn(error);"),
    swallows("asks about the error", "return isRetryable(error);"),
    ...[
      ["writes a line about it", "lines.push(`failed: ${error}`);"],
      ["logs it by a method", "logger.write(error);"],
    ].map(([name = "", handler = ""]) => ({
      name,
      code: handled(handler),
      errors: [fallsOff],
    })),
    {
      name: "a field that a caller's signal is written to",
      code: `class A {
  #signal = new AbortController().signal;
  constructor(signal) { this.#signal = signal; }
  async f() { try { return await g(this.#signal); } catch (e) { return null; } }
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "this.#signal" },
        at: "catch (e) { return null; }",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "this.#signal" },
          output: `class A {
  #signal = new AbortController().signal;
  constructor(signal) { this.#signal = signal; }
  async f() { try { return await g(this.#signal); } catch (e) { if (this.#signal.aborted) throw e; return null; } }
}`,
        }],
      }],
    },
    {
      name: "a function without a value that goes on",
      code:
        "async function f(signal) { try { await g(signal); } catch (e) { log(e); } await more(); }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) { log(e); }",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output:
            "async function f(signal) { try { await g(signal); } catch (e) { if (signal.aborted) throw e; log(e); } await more(); }",
        }],
      }],
    },
    {
      name: "a callback without a value, after which the function goes on",
      code:
        "async function f(xs, signal) { await all(xs.map(async (x) => { try { await g(x, signal); } catch (e) { log(e); } })); }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) { log(e); }",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output:
            "async function f(xs, signal) { await all(xs.map(async (x) => { try { await g(x, signal); } catch (e) { if (signal.aborted) throw e; log(e); } })); }",
        }],
      }],
    },
    {
      name: "a helper that only sometimes throws",
      code: `function check(e) { if (x) throw e; }
async function f(signal) { try { return await g(signal); } catch (e) { check(e); } }`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) { check(e); }",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output: `function check(e) { if (x) throw e; }
async function f(signal) { try { return await g(signal); } catch (e) { if (signal.aborted) throw e; check(e); } }`,
        }],
      }],
    },
    {
      name: "a handler that only logs, where branches are allowed",
      code: handled("return null;"),
      options: [{ explicitBranches: false }],
      errors: [{
        ...fallsOff,
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output: handled("if (signal.aborted) throw error;\n    return null;"),
        }],
      }],
    },

    // Signals in an options variable.
    ...[
      ["an options variable", "const init = { signal };"],
      [
        "an options variable that spreads another one",
        "const base = { signal }; const init = { ...base, method };",
      ],
      [
        "a signal that is put into the options later",
        "const init = {}; init.signal = signal;",
      ],
      [
        "a request that was made with the signal",
        "const init = new Request(url, { signal });",
      ],
    ].map(([name = "", made = ""]) => {
      const code = (first: string) =>
        `async function f(url, signal) { ${made} try { await fetch(init); } catch (error) { ${first}return null; } }`;
      return {
        name: `the signal in ${name}`,
        code: code(""),
        errors: [{
          messageId: "swallowed",
          data: { signal: "signal" },
          at: "catch (error) {…}",
          suggestions: [{
            messageId: "rethrowIfAborted",
            data: { signal: "signal" },
            output: code("if (signal.aborted) throw error; "),
          }],
        }],
      };
    }),

    swallows("falls off the end", "console.error(error);"),
    swallows("returns a fallback", "return null;"),
    swallows("an if with an unknown condition", "if (x) throw error;"),
    swallows(
      "instanceof Error is no cancellation test",
      "if (error instanceof Error) throw error;",
    ),
    swallows(
      "instanceof DOMException is no cancellation test",
      "if (error instanceof DOMException) throw error;",
    ),
    swallows(
      "isRetryable() is unknown",
      "if (isRetryable(error)) return null; throw error;",
    ),
    swallows(
      "rethrows only another error",
      'if (error.code === "ENOENT") throw error;',
    ),
    swallows(
      "rethrows only another class",
      "if (error instanceof HttpError) throw error;",
    ),
    swallows(
      "yes && unknown is unknown",
      "if (signal.aborted && x) throw error;",
    ),
    swallows(
      "a for loop may run zero times",
      "for (const x of xs) { throw error; }",
    ),
    swallows("a while loop may run zero times", "while (x) { throw error; }"),
    swallows(
      "an endless loop leaves by break",
      "while (true) { if (x) break; throw error; }",
    ),
    swallows(
      "a break to a label in the handler",
      "out: { if (x) break out; throw error; }",
    ),
    swallows(
      "a switch without default",
      "switch (error.message) { case x: throw error; }",
    ),
    swallows(
      "a switch that throws for another name only",
      'switch (error.name) { case "NotFound": throw error; default: }',
    ),
    swallows(
      "a throw caught again in the handler",
      "try { throw error; } catch { log(); }",
    ),
    swallows("a throw in a nested function", "later(() => { throw error; });"),
    swallows(
      "a callback without an error hands nothing on",
      "callback(null, []);",
    ),
    swallows("next() without an argument hands nothing on", "next();"),
    swallows("an assignment that nobody throws", "failure = error;"),
    swallows(
      "throwIfAborted() after the try doesn't help a return",
      "return null;",
      "\n  signal.throwIfAborted();",
    ),
    leaves(
      "an explicit branch that returns",
      'if (error.name === "AbortError") ',
      "return;",
      " throw error;",
    ),
    leaves(
      "an explicit branch of signal.aborted",
      "if (signal.aborted) { ",
      "return null;",
      " } throw error;",
    ),
    leaves(
      "an else branch",
      "if (!isAbortError(error)) throw error; else ",
      "return;",
    ),
    leaves(
      "a case for cancellations",
      'switch (error.name) { case "AbortError": ',
      "return null;",
      " default: throw error; }",
    ),
    {
      name: "continue leaves the handler",
      code: `async function f(signal) {
  while (x) {
    try { await g(signal); } catch (e) { continue; }
  }
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) {…}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output: `async function f(signal) {
  while (x) {
    try { await g(signal); } catch (e) { if (signal.aborted) throw e; continue; }
  }
}`,
        }],
      }],
    },
    {
      name: "a labelled jump leaves the handler",
      code: `async function f(signal) {
  out: for (;;) {
    try { await g(signal); } catch (e) { break out; }
  }
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) {…}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output: `async function f(signal) {
  out: for (;;) {
    try { await g(signal); } catch (e) { if (signal.aborted) throw e; break out; }
  }
}`,
        }],
      }],
    },
    {
      name: "a missing binding is added, and ?. written for an optional signal",
      code:
        "async function f({ signal }) { try { await g(signal); } catch {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output:
            "async function f({ signal }) { try { await g(signal); } catch (error) { if (signal?.aborted) throw error; } return x; }",
        }],
      }],
    },
    {
      name: "a signal of an options object",
      code:
        "async function f(options) { try { await g(options.signal); } catch (e) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "options.signal" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "options.signal" },
          output:
            "async function f(options) { try { await g(options.signal); } catch (e) { if (options.signal?.aborted) throw e; } return x; }",
        }],
      }],
    },
    {
      name: "an alias is the same foreign signal",
      code:
        "async function f(options) { const s = options.signal; try { await g(s); } catch (e) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "s" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "s" },
          output:
            "async function f(options) { const s = options.signal; try { await g(s); } catch (e) { if (s?.aborted) throw e; } return x; }",
        }],
      }],
    },
    {
      name:
        "a signal declared in the try block is not written into the handler",
      code:
        "async function f(o) { try { const { signal } = o; await g(signal); } catch (e) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) {}",
      }],
    },
    {
      name: "a destructured error can't be rethrown",
      code:
        "async function f(signal) { try { await g(signal); } catch ({ message }) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch ({ message }) {}",
      }],
    },
    {
      name: "a parameter annotated with AbortSignal, whatever its name",
      code:
        "async function f(stop: AbortSignal) { try { await g(stop); } catch (e) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "stop" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "stop" },
          output:
            "async function f(stop: AbortSignal) { try { await g(stop); } catch (e) { if (stop.aborted) throw e; } return x; }",
        }],
      }],
    },
    {
      name: "an element of signals",
      code:
        "async function f(signals) { for (const s of signals) { try { await g(s); } catch (e) {} } }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "s" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "s" },
          output:
            "async function f(signals) { for (const s of signals) { try { await g(s); } catch (e) { if (s.aborted) throw e; } } }",
        }],
      }],
    },
    {
      name: "nobody may consume a derived signal",
      code: `async function f(signal) {
  const either = AbortSignal.any([signal, AbortSignal.timeout(5)]);
  try { await g(either); } catch (e) {}
  return x;
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "either" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "either" },
          output: `async function f(signal) {
  const either = AbortSignal.any([signal, AbortSignal.timeout(5)]);
  try { await g(either); } catch (e) { if (either.aborted) throw e; }
  return x;
}`,
        }],
      }],
    },
    {
      name: "a foreign signal added to own ones",
      code: `async function f(given) {
  const signals = [AbortSignal.timeout(5)];
  signals.push(given.signal);
  try { await g(anySignal(signals)); } catch (e) {}
  return x;
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "anySignal(signals)" },
        at: "catch (e) {}",
      }],
    },
    {
      name: "this.signal is foreign, for await is a point",
      code: `class A { async f() {
  try { for await (const x of read(this.signal)) use(x); } catch (e) {}
  return x;
} }`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "this.signal" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "this.signal" },
          output: `class A { async f() {
  try { for await (const x of read(this.signal)) use(x); } catch (e) { if (this.signal.aborted) throw e; }
  return x;
} }`,
        }],
      }],
    },
    {
      name: "yield* is a point",
      code:
        "async function* f(signal) { try { yield* g(signal); } catch (e) {} }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output:
            "async function* f(signal) { try { yield* g(signal); } catch (e) { if (signal.aborted) throw e; } }",
        }],
      }],
    },
    {
      name: "throwIfAborted() in the try is a point",
      code:
        "function f(signal) { try { signal.throwIfAborted(); } catch (e) {} return x; }",
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output:
            "function f(signal) { try { signal.throwIfAborted(); } catch (e) { if (signal.aborted) throw e; } return x; }",
        }],
      }],
    },
    {
      name: "an explicit test alone, without an own controller",
      code: `async function f() {
  try { await g(); } catch (e) { if (e.name === "AbortError") return; throw e; }
  return x;
}`,
      errors: [{
        messageId: "consumedError",
        at: "return;",
        suggestions: [{
          messageId: "throwError",
          output: `async function f() {
  try { await g(); } catch (e) { if (e.name === "AbortError") throw e; throw e; }
  return x;
}`,
        }],
      }],
    },
    {
      name: "everyAwait makes each await a point",
      code: "async function f() { try { await g(); } catch (e) {} return x; }",
      options: [{ everyAwait: true }],
      errors: [{ messageId: "swallowedError", at: "catch (e) {}" }],
    },
    {
      name: "one defect, one report: the inner handler",
      code: `async function f(signal) {
  try {
    try { await g(signal); } catch (inner) {}
  } catch (outer) {}
  return x;
}`,
      errors: [{
        messageId: "swallowed",
        data: { signal: "signal" },
        at: "catch (inner) {}",
        suggestions: [{
          messageId: "rethrowIfAborted",
          data: { signal: "signal" },
          output: `async function f(signal) {
  try {
    try { await g(signal); } catch (inner) { if (signal.aborted) throw inner; }
  } catch (outer) {}
  return x;
}`,
        }],
      }],
    },
    // Chains
    chain(
      "a chain with a fallback that is returned",
      "const f = (signal) => g({ signal }).catch(() => null);",
      "() => null",
      "const f = (signal) => g({ signal }).catch((error) => { if (signal.aborted) throw error; return null; });",
    ),
    chain(
      "an object literal as fallback",
      "const f = (signal) => g({ signal }).catch(() => ({ ok: false }));",
      "() => ({ ok: false })",
      "const f = (signal) => g({ signal }).catch((error) => { if (signal.aborted) throw error; return ({ ok: false }); });",
    ),
    chain(
      "the second argument of then, awaited",
      "async function f(signal) { await g({ signal }).then(use, (e) => { log(e); }); }",
      "(e) => { log(e); }",
      "async function f(signal) { await g({ signal }).then(use, (e) => { if (signal.aborted) throw e; log(e); }); }",
    ),
    chain(
      "a chain that is assigned, with further links",
      "function f(signal) { const p = g({ signal }).catch((e) => {}).finally(close); use(p); }",
      "(e) => {}",
      "function f(signal) { const p = g({ signal }).catch((e) => { if (signal.aborted) throw e; }).finally(close); use(p); }",
    ),
    chain(
      "console.error as handler swallows",
      "async function f(signal) { await g({ signal }).catch(console.error); }",
      "console.error",
    ),
    chain(
      "a local function as handler",
      "const zero = () => 0; const f = (signal) => g({ signal }).catch(zero);",
      "catch(«zero»)",
    ),
    chain(
      "only the first handler that swallows is reported",
      "const f = (signal) => g({ signal }).catch(() => 1).catch(() => 2);",
      "() => 1",
      "const f = (signal) => g({ signal }).catch((error) => { if (signal.aborted) throw error; return 1; }).catch(() => 2);",
    ),
    // @mdc/tasks
    {
      name:
        "an implicit point in a task, and rethrowCancellation() is imported",
      code: `import { createTask, sleep } from "@mdc/tasks";
createTask(async () => {
  try { await sleep(5); } catch { log(); }
});`,
      errors: [{
        messageId: "swallowedError",
        at: "catch { log(); }",
        suggestions: [{
          messageId: "rethrowCancellation",
          data: { name: "rethrowCancellation" },
          output:
            `import { createTask, sleep, rethrowCancellation } from "@mdc/tasks";
createTask(async () => {
  try { await sleep(5); } catch (error) { rethrowCancellation(error); log(); }
});`,
        }],
      }],
    },
    {
      name:
        "a context's signal is foreign, names are written as the file has them",
      code: `import * as tasks from "jsr:@mdc/tasks@0.1";
tasks.createTask(async (context) => {
  try { await context.sleep(5); } catch (e) {}
});`,
      errors: [{
        messageId: "swallowedError",
        at: "catch (e) {}",
        suggestions: [{
          messageId: "rethrowCancellation",
          data: { name: "tasks.rethrowCancellation" },
          output: `import * as tasks from "jsr:@mdc/tasks@0.1";
tasks.createTask(async (context) => {
  try { await context.sleep(5); } catch (e) { tasks.rethrowCancellation(e); }
});`,
        }],
      }],
    },
    {
      name: "isCancellation() is a cancellation test",
      code:
        `import { isCancellation as is, rethrowCancellation as re } from "@mdc/tasks";
async function f() {
  try { await g(); } catch (e) { if (is(e)) return; throw e; }
  return x;
}`,
      errors: [{
        messageId: "consumedError",
        at: "return;",
        suggestions: [
          {
            messageId: "throwError",
            output:
              `import { isCancellation as is, rethrowCancellation as re } from "@mdc/tasks";
async function f() {
  try { await g(); } catch (e) { if (is(e)) throw e; throw e; }
  return x;
}`,
          },
        ],
      }],
    },
  ],
});
