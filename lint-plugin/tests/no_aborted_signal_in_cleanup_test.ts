import rule from "../rules/no-aborted-signal-in-cleanup.ts";
import { fine } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const LATE = "AbortSignal.timeout(5000)";

/** A call that gets the signal as the only option, `close({ signal })`. */
function aborted(
  name: string,
  code: string,
  {
    at = "signal",
    signal = "signal",
    within = "close({ signal })",
    late = "close({ signal: AbortSignal.timeout(5000) })",
    removed = "close()",
    shielded,
  }: {
    /** The reported text inside the call. */
    at?: string;
    signal?: string;
    /** The call, and what the suggestions make of it. */
    within?: string;
    late?: string;
    removed?: string;
    shielded?: { name: string; output: string };
  } = {},
): InvalidCase {
  const index = within.lastIndexOf(at);
  const end = index + at.length;
  return {
    name,
    code,
    errors: [{
      messageId: "aborted",
      data: { signal },
      at: `${within.slice(0, index)}«${at}»${within.slice(end)}`,
      suggestions: [
        ...(shielded
          ? [{
            messageId: "shield",
            data: { name: shielded.name },
            output: shielded.output,
          }]
          : []),
        { messageId: "timeout", output: code.replace(within, () => late) },
        { messageId: "remove", output: code.replace(within, () => removed) },
      ],
    }],
  };
}

const f = (body: string, parameters = "signal") =>
  `async function f(${parameters}) { ${body} }`;
const inFinally = (body: string) =>
  f(`try { await go(signal); } finally { ${body} }`);
const mdc = (code: string, names: string) =>
  `import { ${names} } from "@mdc/tasks";\n${code}`;

testRule("no-aborted-signal-in-cleanup", rule, {
  valid: [
    fine("no signal", inFinally("await close();")),
    fine("a signal of its own", inFinally(`await close({ signal: ${LATE} });`)),
    fine(
      "a signal made inside the region",
      inFinally(
        "const s = AbortSignal.timeout(5); await close({ signal: s });",
      ),
    ),
    fine(
      "a controller made inside the region",
      inFinally(
        "const own = new AbortController(); arm(() => own.abort()); await close({ signal: own.signal });",
      ),
    ),
    fine("nothing awaited", inFinally("close({ signal });")),
    fine(
      "a fact about the signal",
      inFinally("await close({ reason: signal.reason });"),
    ),
    fine(
      "outside of the region",
      f("await close({ signal }); try { go(); } finally { stop(); }"),
    ),
    fine(
      "under if (!S.aborted)",
      inFinally("if (!signal.aborted) await close({ signal });"),
    ),
    fine(
      "under !S.aborted && …",
      inFinally("!signal.aborted && await close({ signal });"),
    ),
    fine(
      "under a conjunction with !S.aborted",
      inFinally("if (open && !signal.aborted) { await close({ signal }); }"),
    ),
    fine(
      "in the else of if (S.aborted)",
      inFinally("if (signal.aborted) stop(); else await close({ signal });"),
    ),
    fine(
      "under S.aborted === false",
      inFinally("if (signal.aborted === false) await close({ signal });"),
    ),
    fine(
      "after if (S.aborted) { …; return; }",
      inFinally(
        "if (signal.aborted) { stop(); return; } await close({ signal });",
      ),
    ),
    fine(
      "in a try whose handler does something instead",
      inFinally("try { await close({ signal }); } catch { kill(); }"),
    ),
    fine(
      "in a try whose handler throws",
      inFinally(
        "try { await close({ signal }); } catch (e) { throw new CloseError(e); }",
      ),
    ),
    fine(
      "with a .catch that does something instead",
      inFinally("await close({ signal }).catch(() => kill());"),
    ),
    fine(
      "with a .catch that is not known",
      inFinally("await close({ signal }).catch(kill);"),
    ),
    fine(
      "removeEventListener",
      inFinally("await signal.removeEventListener('abort', stop, signal);"),
    ),
    fine("reject itself", inFinally("await reject(signal);")),
    fine(
      "an own controller that nobody has touched before",
      f(
        "const own = new AbortController(); try { await go(own.signal); } finally { await close({ signal: own.signal }); own.abort(); }",
        "",
      ),
    ),
    fine(
      "a parameter of the dispose method itself",
      "class A { async [Symbol.asyncDispose](signal) { await close({ signal }); } }",
    ),
    fine(
      "a parameter of the function given to finally",
      f("await go().finally((signal) => close({ signal }));", ""),
    ),
    fine(
      "a plain method close",
      "class A { async close({ signal }) { await this.stop({ signal }); } }",
    ),
    fine(
      "another signal in the branch for S.aborted",
      f(
        "if (signal.aborted) { await close({ signal: other }); }",
        "signal, other",
      ),
    ),
    fine(
      "the branch where S.aborted is one of two",
      f("if (signal.aborted || done) { await close({ signal }); }"),
    ),
    fine(
      "S as an argument of a call that is not awaited",
      f("if (signal.aborted) { report(signal); }"),
    ),
    fine(
      "a named handler that a timer calls too",
      f("const stop = () => { close({ signal }); }; setTimeout(stop, 5); signal.addEventListener('abort', stop);"),
    ),
    fine(
      "a second attempt in a catch is work",
      f("try { return await go({ signal }); } catch { return await fallback({ signal }); }"),
    ),
    fine(
      "a cleaning call in a catch whose try awaits nothing",
      f("try { go(signal); } catch { await close({ signal }); }"),
    ),
    fine(
      "a cleaning call in a catch whose try mentions no signal",
      f("try { await go(); } catch { await close({ signal }); }"),
    ),
    fine(
      "after this.….abort(…), when the field is assigned again",
      "class A { async m() { this.own.abort(); this.own = new AbortController(); await close({ signal: this.own.signal }); } }",
    ),
    fine(
      "before this.….abort(…)",
      "class A { async m() { await close({ signal: this.own.signal }); this.own.abort(); } }",
    ),
    fine(
      "after the abort of another field",
      "class A { async m() { this.other.abort(); await close({ signal: this.own.signal }); } }",
    ),
    fine(
      "S.throwIfAborted() as the last statement of a finally",
      inFinally("stop(); signal.throwIfAborted();"),
    ),
    fine(
      "S.throwIfAborted() outside of a finally",
      f("signal.throwIfAborted(); await go();"),
    ),
    fine(
      "a callback that nobody awaits",
      inFinally("later(() => close({ signal }));"),
    ),
    fine(
      "inside shield(…), a wait without a signal",
      mdc(
        "createTask(async () => { try { await go(); } finally { await shield(() => sleep(5)); } });",
        "createTask, shield, sleep",
      ),
    ),
    fine(
      "inside shield(…), its own parameter",
      mdc(
        "createTask(async () => { try { await go(); } finally { await shield(async ({ signal }) => { await close({ signal }); }); } });",
        "createTask, shield",
      ),
    ),
    fine(
      "a wait with a signal of its own",
      mdc(
        `createTask(async () => { try { await go(); } finally { await sleep(5, { signal: ${LATE} }); } });`,
        "createTask, sleep",
      ),
    ),
    fine(
      "a wait whose rejection doesn't reach the rest of the cleanup",
      mdc(
        "createTask(async () => { try { await go(); } finally { await sleep(5).catch(() => {}); close(); } });",
        "createTask, sleep",
      ),
    ),
    fine(
      "a wait outside of a task",
      mdc(
        "async function f() { try { await go(); } finally { await sleep(5); } }",
        "sleep",
      ),
    ),
    fine(
      "a wait in a task outside of cleanup",
      mdc("createTask(async () => { await sleep(5); });", "createTask, sleep"),
    ),
  ],
  invalid: [
    aborted("a finally block", inFinally("await close({ signal });")),
    aborted("a call that is returned", inFinally("return close({ signal });")),
    aborted(
      "a call that is iterated with for await",
      inFinally("for await (const x of close({ signal })) use(x);"),
    ),
    aborted("as an argument", inFinally("await close(id, signal);"), {
      within: "close(id, signal)",
      late: `close(id, ${LATE})`,
      removed: "close(id)",
    }),
    aborted(
      "as an argument in the middle",
      inFinally("await close(signal, id);"),
      {
        within: "close(signal, id)",
        late: `close(${LATE}, id)`,
        removed: "close(undefined, id)",
      },
    ),
    aborted(
      "a property among others",
      inFinally("await close({ signal, force: true });"),
      {
        within: "close({ signal, force: true })",
        late: `close({ signal: ${LATE}, force: true })`,
        removed: "close({ force: true })",
      },
    ),
    aborted(
      "the last property of several",
      inFinally("await close({ force: true, signal: signal });"),
      {
        at: "signal: signal",
        within: "close({ force: true, signal: signal })",
        late: `close({ force: true, signal: ${LATE} })`,
        removed: "close({ force: true })",
      },
    ),
    aborted(
      "two objects deep",
      inFinally("await close({ request: { signal } });"),
      {
        within: "close({ request: { signal } })",
        late: `close({ request: { signal: ${LATE} } })`,
        removed: "close({ request: {} })",
      },
    ),
    aborted(
      "the only argument before a trailing comma",
      inFinally("await close(\n{ signal },\n);"),
      {
        within: "close(\n{ signal },\n)",
        late: `close(\n{ signal: ${LATE} },\n)`,
        removed: "close(\n\n)",
      },
    ),
    aborted(
      "also in callbacks of the awaited expression",
      inFinally("await retry(() => close({ signal }));"),
    ),
    aborted(
      "also in a combinator",
      inFinally("await Promise.allSettled([close({ signal })]);"),
    ),
    aborted(
      "also wrapped in AbortSignal.any",
      inFinally("await close({ signal: AbortSignal.any([signal, other]) });"),
      {
        at: "signal: AbortSignal.any([signal, other])",
        within: "close({ signal: AbortSignal.any([signal, other]) })",
      },
    ),
    aborted(
      "also wrapped in a combining helper",
      inFinally("await close({ signal: anySignal([signal, other]) });"),
      {
        at: "signal: anySignal([signal, other])",
        within: "close({ signal: anySignal([signal, other]) })",
      },
    ),
    aborted(
      "a derived signal",
      f(
        "const both = AbortSignal.any([signal, other]); try { await go(both); } finally { await close({ signal: both }); }",
        "signal, other",
      ),
      {
        at: "signal: both",
        signal: "signal",
        within: "close({ signal: both })",
      },
    ),
    aborted(
      "AbortSignal.timeout() from before",
      f(
        "const late = AbortSignal.timeout(9); try { await go(late); } finally { await close({ signal: late }); }",
        "",
      ),
      {
        at: "signal: late",
        signal: "late",
        within: "close({ signal: late })",
      },
    ),
    aborted(
      "an alias made in the region",
      inFinally("const s = signal; await close({ signal: s });"),
      {
        at: "signal: s",
        signal: "s",
        within: "close({ signal: s })",
      },
    ),
    aborted(
      "a field of this",
      "class A { async m() { try { await go(); } finally { await close({ signal: this.signal }); } } }",
      {
        at: "signal: this.signal",
        signal: "this.signal",
        within: "close({ signal: this.signal })",
      },
    ),
    aborted(
      "an own controller that something may have aborted",
      f(
        "const own = new AbortController(); arm(() => own.abort()); try { await go(own.signal); } finally { await close({ signal: own.signal }); }",
        "",
      ),
      {
        at: "signal: own.signal",
        signal: "own.signal",
        within: "close({ signal: own.signal })",
      },
    ),
    aborted(
      "a try whose handler only logs",
      inFinally(
        "try { await close({ signal }); } catch (e) { console.error(e); }",
      ),
    ),
    aborted(
      "an empty catch is no fallback",
      inFinally("try { await close({ signal }); } catch {}"),
    ),
    aborted(
      "a .catch that only logs",
      inFinally("await close({ signal }).catch(console.error);"),
    ),
    aborted(
      "under if (S.aborted)",
      inFinally("if (signal.aborted) await close({ signal });"),
    ),
    aborted(
      "a guard for another signal",
      inFinally("if (!other.aborted) await close({ signal });"),
    ),
    aborted(
      "the function given to .finally",
      f("await go(signal).finally(() => close({ signal }));"),
    ),
    aborted(
      "the function given to .defer",
      f("stack.defer(async () => { await close({ signal }); }); await go(signal);"),
    ),
    aborted(
      "a [Symbol.asyncDispose] method",
      "class A { async [Symbol.asyncDispose]() { await close({ signal: this.#signal }); } }",
      {
        at: "signal: this.#signal",
        signal: "this.#signal",
        within: "close({ signal: this.#signal })",
      },
    ),
    aborted(
      "[Symbol.asyncDispose] of an object",
      f("return { async [Symbol.asyncDispose]() { await close({ signal }); } };"),
    ),
    aborted(
      "the branch in which S.aborted is true",
      f("if (signal.aborted) { await close({ signal }); }"),
    ),
    aborted(
      "the branch of a conjunction",
      f("if (open && signal.aborted) { await close(signal); }"),
      {
        within: "close(signal)",
        late: `close(${LATE})`,
      },
    ),
    aborted(
      "the branch for an own signal",
      f(
        "const own = new AbortController(); if (own.signal.aborted) { await close({ signal: own.signal }); }",
        "",
      ),
      {
        at: "signal: own.signal",
        signal: "own.signal",
        within: "close({ signal: own.signal })",
      },
    ),
    aborted(
      "a call that is not awaited in that branch, in its options",
      f("if (signal.aborted) { close({ signal }); }"),
    ),
    aborted(
      "the body of an abort listener of S",
      f("signal.addEventListener('abort', () => { close({ signal }); });"),
    ),
    aborted(
      "the body of a named abort listener",
      f("async function stop() { await close(signal); } signal.addEventListener('abort', stop);"),
      {
        within: "close(signal)",
        late: `close(${LATE})`,
      },
    ),
    ...[
      "rollback",
      "close",
      "cleanUp",
      "clean_up",
      "releaseAll",
      "disposeOf",
      "unlock",
      "destroy",
      "tearDown",
      "disconnect",
      "shutdown",
      "revert",
      "undo",
    ].map((call) =>
      aborted(
        `${call} in a catch whose try awaits and mentions a signal`,
        f(`try { await go({ signal }); } catch (e) { await db.${call}({ signal }); throw e; }`),
        {
          within: `db.${call}({ signal })`,
          late: `db.${call}({ signal: ${LATE} })`,
          removed: `db.${call}()`,
        },
      )
    ),
    aborted(
      "after this.….abort(…) in the same block",
      "class A { async m() { this.#own.abort(); await close({ signal: this.#own.signal }); } }",
      {
        at: "signal: this.#own.signal",
        signal: "this.#own.signal",
        within: "close({ signal: this.#own.signal })",
      },
    ),
    {
      name: "S.throwIfAborted() in a finally, when statements follow it",
      code: inFinally("signal.throwIfAborted(); await stop();"),
      errors: [{
        messageId: "skipped",
        data: { signal: "signal" },
        at: "signal.throwIfAborted()",
      }],
    },
    {
      name: "in a task, a wait without a signal",
      code: mdc(
        "createTask(async () => { try { await go(); } finally { await sleep(5); } });",
        "createTask, sleep",
      ),
      errors: [{
        messageId: "implicit",
        at: "sleep(5)",
        suggestions: [{
          messageId: "shield",
          data: { name: "shield" },
          output: mdc(
            "createTask(async () => { try { await go(); } finally { await shield(() => sleep(5)); } });",
            "createTask, sleep, shield",
          ),
        }],
      }],
    },
    {
      name: "in a task, a wait of its context",
      code: mdc(
        "createTask(async (ctx) => { try { await go(); } finally { await ctx.checkpoint(); } });",
        "createTask, shield as guard",
      ),
      errors: [{
        messageId: "implicit",
        at: "ctx.checkpoint()",
        suggestions: [{
          messageId: "shield",
          data: { name: "guard" },
          output: mdc(
            "createTask(async (ctx) => { try { await go(); } finally { await guard(() => ctx.checkpoint()); } });",
            "createTask, shield as guard",
          ),
        }],
      }],
    },
    aborted(
      "the outer signal, handed over by name inside shield",
      mdc(
        "createTask(async ({ signal }) => { try { await go(); } finally { await shield(() => close({ signal })); } });",
        "createTask, shield",
      ),
    ),
    aborted(
      "shield, with the signal removed and the import added",
      mdc(inFinally("await close({ signal });"), "sleep"),
      {
        shielded: {
          name: "shield",
          output: mdc(
            inFinally("await shield(() => close());"),
            "sleep, shield",
          ),
        },
      },
    ),
    aborted(
      "no shield around an await",
      mdc(inFinally("await close({ signal, id: await getId() });"), "sleep"),
      {
        within: "close({ signal, id: await getId() })",
        late: `close({ signal: ${LATE}, id: await getId() })`,
        removed: "close({ id: await getId() })",
      },
    ),
  ],
});
