import rule from "../rules/require-completion-in-finally.ts";
import { error, fine, wrong } from "./_cases.ts";
import {
  type ExpectedSuggestion,
  type InvalidCase,
  testRule,
  type ValidCase,
} from "./_tester.ts";

/** `code` as the body of an async function. */
function inAsync(code: string): string {
  return `async function f() {\n  ${code}\n}`;
}

function ok(name: string, code: string): ValidCase {
  return fine(name, inAsync(code));
}

interface Expected {
  id?: string;
  at?: string;
  call?: string;
  risk?: string;
  suggestions?: readonly ExpectedSuggestion[];
}

function skipped(
  name: string,
  code: string,
  { id = "skipped", at = "done.set()", call = at, risk = "await", suggestions }:
    Expected = {},
): InvalidCase {
  return wrong(name, code, (code) => [{
    ...error(code, at, id, id === "success" ? { call } : { call, risk }),
    ...(suggestions && { suggestions }),
  }]);
}

/** `before` and the call in a function, and the function with try/finally. */
function wrapped(
  name: string,
  before: string,
  { at = "done.set()", call = at, risk = "await", head = "" }:
    & Expected
    & { head?: string } = {},
): InvalidCase {
  const start = head ? `${head}\n  ` : "";
  return skipped(name, inAsync(`${start}${before}\n  ${at};`), {
    at,
    call,
    risk,
    suggestions: [{
      messageId: "wrap",
      output: inAsync(
        `${start}try {\n    ${before}\n  } finally {\n    ${at};\n  }`,
      ),
    }],
  });
}

testRule("require-completion-in-finally", rule, {
  valid: [
    fine(
      "the owner rejects all that wait before it returns",
      "async function f(self) { if (x) { self.rejectAll(e); return; } self.done.resolve(); }",
    ),

    fine(
      "what close() of the same class signals as well",
      "class A { close() { this.done.resolve(); } async run() { await work(); this.done.resolve(); } }",
    ),
    fine(
      "a test rig",
      "class FakeQueue { async run() { await work(); this.done.resolve(); } }",
    ),

    ok("called in finally", "try { await go(); } finally { done.set(); }"),
    ok(
      "a finally of any enclosing try signals it",
      "try { if (a) { try { await go(); } catch (e) { throw e; } } } finally { done.set(); }",
    ),
    ok(
      "a finally signals it, a call on the success path is only earlier",
      "try { await go(); done.set(); await more(); } finally { done.set(); }",
    ),
    ok(
      "a local function signals it in finally",
      "const end = () => done.set(); try { await go(); done.set(); } finally { end(); }",
    ),
    ok(
      "every path of the catch rejects it",
      "try { done.resolve(await go()); } catch (e) { done.reject(e); }",
    ),
    ok(
      "the catch signals it before it throws on",
      "try { await go(); done.set(); } catch (e) { done.set(); throw e; }",
    ),
    ok(
      "both branches of the catch signal it",
      "try { await go(); done.set(); } catch (e) { if (e) done.reject(e); else done.set(); }",
    ),
    ok(
      "the risky await is in a try whose catch ends normally",
      "try { await go(); } catch (e) { log(e); } done.set();",
    ),
    ok(
      "the await is Promise.allSettled",
      "await Promise.allSettled(xs); done.set();",
    ),
    ok(
      "the await ends in a catch that does not throw",
      "await go().catch(() => {}); done.set();",
    ),
    ok(
      "the await ends in then with a handler",
      "await go().then(use, log); done.set();",
    ),
    ok(
      "the await is of a self-handled function",
      "async function safe() { try { await go(); } catch { no(); } } await safe(); done.set();",
    ),
    ok("nothing happens before the call", "done.set(); await go();"),
    ok("a synchronous call before it", "go(); done.set();"),
    ok("the call itself is awaited", "await done.set();"),
    ok("the call is returned", "return done.resolve(1);"),
    ok(
      "signalled before the early return",
      "if (a) { done.set(); return; } done.set();",
    ),
    ok(
      "rejected before the throw",
      "if (a) { done.reject(a); throw a; } done.set();",
    ),
    ok(
      "the await is in another branch",
      "if (a) { await go(); } else { done.set(); }",
    ),
    ok(
      "the await is in another case",
      "switch (a) { case 1: await go(); break; default: done.set(); }",
    ),
    ok(
      "the await is in a nested function",
      "later(async () => { await go(); }); done.set();",
    ),
    ok(
      "the call in a catch is about what was tried",
      "try { await go(); } catch { done.set(); }",
    ),
    ok(
      "acquired after the await",
      "await go(); await lock.acquire(); work(); lock.release();",
    ),
    ok(
      "made after the await",
      "await go(); const ready = Promise.withResolvers(); ready.resolve();",
    ),
    ok(
      "released by using",
      "using gate = await open(); await go(); gate.release();",
    ),
    fine(
      "a callback of .then in a chain whose later .catch rejects it",
      `function f(done) {
  return start().then(async (x) => { await use(x); done.resolve(x); }).catch((e) => done.reject(e));
}`,
    ),
    fine(
      "the chain's .finally signals it",
      `function f(done) {
  return start().then(async (x) => { await use(x); done.set(); }).finally(() => done.set());
}`,
    ),
    fine(
      "a function that is not async",
      "function f(done) { if (a) return; done.set(); }",
    ),
    ok("Promise.resolve", "await go(); Promise.resolve();"),
    ok("path.resolve", "await go(); path.resolve(a);"),
    ok("require.resolve", "await go(); require.resolve(a);"),
    ok("set(key, value)", "await go(); done.set(k, v);"),
    ok(
      "a wake-up event",
      "await go(); this.wakeUp.set(); changed.set(); notEmpty.notify();",
    ),
    ok(
      "a name that only contains a word",
      "await go(); clock.set(); block.release();",
    ),
    fine(
      "a test runner's done comes from no call",
      "it('x', async (done) => { await go(); done(); });",
    ),
    ...["test", "Deno.test", "it.only", "t.step", "test.each(rows)"].map(
      (runner) =>
        fine(
          `a failing test ends what it started: ${runner}`,
          `${runner}('x', async () => { const gate = deferred(); await go(); gate.resolve(); });`,
        ),
    ),
    fine(
      "the same in a helper around the test's body",
      "test('x', () => withClock(async () => { await go(); gate.resolve(); }));",
    ),
    fine(
      "a guard: the object was done with before",
      "class A { async close() { if (this.closed) return; this.#done.resolve(); } }",
    ),
    fine(
      "the last link of a chain that cannot reject",
      "go().catch(log).then(() => done.set());",
    ),
    fine("a chain's .finally", "go().finally(() => done.set());"),
    fine(
      "not the last link",
      "go().then(() => done.set()).catch(() => done.set());",
    ),
    fine(
      "a then with both handlers",
      "go().then(() => done.set(), (e) => done.reject(e));",
    ),
    ok(
      "the last link of a chain under a finally that signals it",
      "try { await go().then(() => done.set()); } finally { done.set(); }",
    ),
    fine(
      "an AsyncEvent with another name is a wake-up",
      `import { AsyncEvent } from "@mdc/tasks";
async function f() { const event = new AsyncEvent(); await go(); event.set(); }`,
    ),
  ],
  invalid: [
    wrapped("an await can skip no-argument set()", "await go();"),
    wrapped("a throw can skip it", "if (a) throw a;", { risk: "throw" }),
    wrapped("an early return can skip it", "if (a) return;", {
      risk: "return",
    }),
    wrapped("for await can skip it", "for await (const x of xs) use(x);", {
      risk: "for await",
    }),
    {
      name: "a yield can skip it in an async generator",
      code: "async function* f(done) {\n  yield 1;\n  done.set();\n}",
      errors: [{
        messageId: "skipped",
        data: { call: "done.set()", risk: "yield" },
        at: "done.set()",
        suggestions: [{
          messageId: "wrap",
          output:
            "async function* f(done) {\n  try {\n    yield 1;\n  } finally {\n    done.set();\n  }\n}",
        }],
      }],
    },
    skipped(
      "an await inside the call's own argument",
      inAsync("done.resolve(await go());"),
      {
        id: "argument",
        at: "done.resolve(await go())",
        call: "done.resolve()",
      },
    ),
    ...[
      "resolve",
      "notify",
      "notifyAll",
      "release",
      "releaseLock",
      "unlock",
      "done",
      "countDown",
      "complete",
    ].map((method) =>
      wrapped(`method ${method}`, "await go();", { at: `done.${method}()` })
    ),
    ...[
      "done",
      "completionEvent",
      "isComplete",
      "finished",
      "ready",
      "idle",
      "deferred",
      "startLatch",
      "barrier",
      "writeLock",
      "mutex",
      "semaphore",
      "sem",
      "permit",
      "gate",
      "reader",
      "writer",
      "release",
      "lease",
      "this.#ready",
      "state.done_event",
    ].map((name) => {
      const code =
        `class A { #ready; async f() { await go(); ${name}.resolve(); } }`;
      const at = `${name}.resolve()`;
      return wrong(`a name that says so: ${name}`, code, (code) => [{
        ...error(code, at, "skipped", { call: at, risk: "await" }),
        suggestions: [{
          messageId: "wrap",
          output: code.replace(
            "await go();",
            "try {\n  await go();\n} finally {",
          )
            .replace(`${at};`, `${at};\n}`),
        }],
      }]);
    }),
    wrapped("made by Promise.withResolvers", "await go();", {
      head: "const d = Promise.withResolvers();",
      at: "d.resolve()",
    }),
    wrapped("made by deferred()", "await go();", {
      head: "const d = deferred();",
      at: "d.resolve()",
    }),
    wrapped("made by getReader", "await r.read();", {
      head: "const r = stream.getReader();",
      at: "r.releaseLock()",
    }),
    wrapped("made by getWriter", "await w.write(1);", {
      head: "const w = stream.getWriter();",
      at: "w.releaseLock()",
    }),
    ...["release", "unlock", "done"].map((name) =>
      wrapped(`bare ${name}() of an awaited call`, "await go();", {
        head: `const ${name} = await start();`,
        at: `${name}()`,
      })
    ),
    wrapped("after X was acquired in the function", "await go();", {
      head: "await lock.acquire();",
      at: "lock.release()",
    }),
    wrapped(
      "through ?. and !",
      "await go();",
      { at: "done?.set()" },
    ),
    skipped(
      "the catch only logs, and the call is in its try",
      inAsync("try { await go(); done.set(); } catch (e) { log(e); }"),
      {
        suggestions: [{
          messageId: "wrap",
          output: inAsync(
            "try { try {\n    await go();\n  } finally { done.set();\n  } } catch (e) { log(e); }",
          ),
        }],
      },
    ),
    skipped(
      "the catch before the call throws on",
      inAsync("try { await go(); } catch (e) { throw e; }\n  done.set();"),
      {
        suggestions: [{
          messageId: "wrap",
          output: inAsync(
            "try {\n    try { await go(); } catch (e) { throw e; }\n  } finally {\n    done.set();\n  }",
          ),
        }],
      },
    ),
    skipped(
      "only one path of the catch signals it",
      inAsync(
        "try { await go(); done.resolve(1); } catch (e) { if (a) done.reject(e); }",
      ),
      {
        at: "done.resolve(1)",
        call: "done.resolve()",
        suggestions: [{
          messageId: "wrap",
          output: inAsync(
            "try { try {\n    await go();\n  } finally { done.resolve(1);\n  } } catch (e) { if (a) done.reject(e); }",
          ),
        }],
      },
    ),
    skipped(
      "a return in a try with a catch that signals it",
      inAsync(
        "try { if (a) return; go(); } catch (e) { done.reject(e); }\n  done.set();",
      ),
      {
        risk: "return",
        suggestions: [{
          messageId: "wrap",
          output: inAsync(
            "try {\n    try { if (a) return; go(); } catch (e) { done.reject(e); }\n  } finally {\n    done.set();\n  }",
          ),
        }],
      },
    ),
    skipped(
      "another subject is signalled in the finally",
      inAsync(
        "try { await go(); lock.set(done); } finally { lock.set(); }\n  done.set();",
      ),
      {
        suggestions: [{
          messageId: "wrap",
          output: inAsync(
            "try {\n    try { await go(); lock.set(done); } finally { lock.set(); }\n  } finally {\n    done.set();\n  }",
          ),
        }],
      },
    ),
    skipped(
      "no wrapping that would hide a variable",
      inAsync("const x = await go();\n  done.resolve(x);"),
      { at: "done.resolve(x)", call: "done.resolve()" },
    ),
    skipped(
      "no wrapping around a call that is part of something else",
      inAsync("await go();\n  return done.set();"),
    ),
    skipped(
      "one report for one defect: two branches",
      inAsync(
        "await go(); if (a) { done.set(); } else { done.set(1); done.resolve(); }",
      ),
    ),
    skipped(
      "a callback of something else than a test runner",
      "testing('x', async (done) => { const x = await go(); done.resolve(x); });",
      { at: "done.resolve(x)", call: "done.resolve()" },
    ),
    skipped(
      "an async arrow",
      "const f = async (done) => { await go(); return done.set(); };",
    ),
    skipped(
      "an async method",
      "class A { async m() { const x = await go(); this.#done.resolve(x); } #done; }",
      { at: "this.#done.resolve(x)", call: "this.#done.resolve()" },
    ),
    skipped(
      "the chain form: .then(() => X.set()) as the last link",
      "go().then(() => done.set());",
      {
        id: "success",
        suggestions: [{
          messageId: "chain",
          output: "go().finally(() => done.set());",
        }],
      },
    ),
    skipped(
      "the chain form with a block",
      "go().then(() => { log(); done.set(); });",
      {
        id: "success",
        suggestions: [{
          messageId: "chain",
          output: "go().finally(() => { log(); done.set(); });",
        }],
      },
    ),
    skipped(
      "the chain form with a parameter: no suggestion",
      "go().then((x) => done.resolve(x));",
      { id: "success", at: "done.resolve(x)", call: "done.resolve()" },
    ),
    wrong(
      "an event of any name that is passed as completionEvent",
      `async function f(task, arrived) {
  waitWithCancellation(task, { completionEvent: arrived });
  return await go(), arrived.set();
}`,
      (code) => [
        error(code, "arrived.set()", "skipped", {
          call: "arrived.set()",
          risk: "await",
        }),
      ],
    ),
  ],
});
