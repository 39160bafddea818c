import rule from "../rules/require-parent-signal-link.ts";
import { fine } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const NEW = "new AbortController()";
const OWN = `const own = ${NEW}; arm(() => own.abort());`;
const f = (body: string, parameters = "url, signal") =>
  `async function f(${parameters}) { ${body} }`;
const mdc = (code: string, names: string) =>
  `import { ${names} } from "@mdc/tasks";\n${code}`;

/** One report on the creation, and both signals at the only use. */
function unlinked(
  name: string,
  code: string,
  {
    own = "own.signal",
    at = NEW,
    signal = "signal",
    use = own,
    optional = false,
    written = (any: string) => any,
    propagate,
  }: {
    own?: string;
    at?: string;
    signal?: string;
    /** The text that the suggestion replaces, and what it reads as. */
    use?: string;
    optional?: boolean;
    written?: (any: string) => string;
    /** The second suggestion's output, and the name it has. */
    propagate?: { name: string; output: string };
  } = {},
): InvalidCase {
  const any = `AbortSignal.any([${signal}, ${use}])`;
  const output = written(optional ? `(${signal} ? ${any} : ${use})` : any);
  const index = code.lastIndexOf(use);
  return {
    name,
    code,
    errors: [{
      messageId: "unlinked",
      data: { own, signal },
      at,
      suggestions: [
        {
          messageId: "any",
          output: code.slice(0, index) + output +
            code.slice(index + use.length),
        },
        ...(propagate
          ? [{
            messageId: "propagate",
            data: { name: propagate.name },
            output: propagate.output,
          }]
          : []),
      ],
    }],
  };
}

testRule("require-parent-signal-link", rule, {
  valid: [
    fine(
      "no caller's signal",
      f(`${OWN} await fetch(url, { signal: own.signal });`, "url"),
    ),
    fine(
      "AbortSignal.any",
      f(`${OWN} await fetch(url, { signal: AbortSignal.any([signal, own.signal]) });`),
    ),
    fine(
      "a variable made of both",
      f(`${OWN} const both = AbortSignal.any([signal, own.signal]); await fetch(url, { signal: own.signal }); use(both);`),
    ),
    fine(
      "anySignal",
      f(`${OWN} await fetch(url, { signal: own.signal }); anySignal(signal, own.signal);`),
    ),
    fine(
      "link(P, own.signal)",
      f(`${OWN} link(signal, own.signal); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "Promise.race with something that mentions P",
      f(`${OWN} await Promise.race([work(own.signal), aborted(signal)]);`),
    ),
    fine(
      "an object that mentions both",
      f(`${OWN} await go({ signal: own.signal, cancelSignal: signal });`),
    ),
    fine(
      "own.abort(P.reason)",
      f(`${OWN} own.abort(signal.reason); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "an assignment that mentions both",
      f(`${OWN} own.signal.parent = signal; await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "?: that mentions both",
      f(`${OWN} const s = slow ? own.signal : signal; await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "?? that mentions both",
      f(`${OWN} const s = signal ?? own.signal; await fetch(url, { signal: own.signal }); use(s);`),
    ),
    fine(
      "an abort listener on P",
      f(`${OWN} signal.addEventListener("abort", () => own.abort()); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "an abort listener on P that ends the work in its own way",
      f(`${OWN} signal.addEventListener("abort", close); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "onabort of P",
      f(`${OWN} signal.onabort = stop; await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "addAbortListener",
      `import { addAbortListener } from "node:events"; ${
        f(`${OWN} using d = addAbortListener(signal, stop); await fetch(url, { signal: own.signal });`)
      }`,
    ),
    fine(
      "if (P.aborted) own.abort()",
      f(`${OWN} if (signal.aborted) { own.abort(); } await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "an alias of P counts as P",
      f(`${OWN} const parent = signal; link(parent, own.signal); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "a function that mentions P counts as P",
      f(`${OWN} const stopped = () => signal.aborted; link(stopped, own.signal); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "a function that mentions own counts as own",
      f(`${OWN} const stop = () => own.abort(); onCancel(signal, stop); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "the carrier of P, passed together with own",
      f(
        `${OWN} await go(options, own.signal);`,
        "options: { signal: AbortSignal }",
      ),
    ),
    fine(
      "own passed as a whole",
      f(`${OWN} arm(own); await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "own returned",
      f(`${OWN} await fetch(url, { signal: own.signal }); return own;`),
    ),
    fine(
      "own stored",
      f(`${OWN} this.own = own; await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "own reassigned",
      f(`let own = ${NEW}; arm(() => own.abort()); await fetch(url, { signal: own.signal }); own = next();`),
    ),
    fine(
      "own that nobody aborts",
      f(`const own = ${NEW}; await fetch(url, { signal: own.signal });`),
    ),
    fine(
      "a call that is not awaited",
      f(`${OWN} heartbeat(own.signal); await fetch(url, { signal });`),
    ),
    fine(
      "a call in a timer",
      f(`${OWN} setInterval(() => ping(own.signal), 5); await fetch(url, { signal });`),
    ),
    fine(
      "own.signal.reason hands over facts",
      f(`${OWN} await report(own.signal.reason);`),
    ),
    fine(
      "a spread after the signal",
      f(
        `${OWN} await fetch(url, { signal: own.signal, ...init });`,
        "url, init: RequestInit",
      ),
    ),
    fine(
      "in a finally",
      f(`try { await go(signal); } finally { await close({ signal: AbortSignal.timeout(5) }); }`),
    ),
    fine(
      "in a catch clause",
      f(`try { await go(signal); } catch { await close({ signal: AbortSignal.timeout(5) }); }`),
    ),
    fine(
      "in a callback of .catch",
      f(`await go(signal).catch(() => close({ signal: AbortSignal.timeout(5) }));`),
    ),
    fine(
      "in a callback of .finally",
      f(`await go(signal).finally(() => close({ signal: AbortSignal.timeout(5) }));`),
    ),
    fine(
      "in a callback of .defer",
      f(`stack.defer(() => close({ signal: AbortSignal.timeout(5) })); await go(signal);`),
    ),
    fine(
      "in the branch for an aborted signal",
      f(`if (signal.aborted) { await close({ signal: AbortSignal.timeout(5) }); }`),
    ),
    fine(
      "in an abort listener",
      f(`signal.addEventListener("abort", async () => { await close({ signal: AbortSignal.timeout(5) }); });`),
    ),
    fine(
      "a timeout that is combined",
      f(`await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5)]) });`),
    ),
    fine(
      "a timeout as the default",
      f(`await fetch(url, { signal: signal ?? AbortSignal.timeout(5) });`),
    ),
    fine(
      "propagateCancellation(P, [own]) is a link",
      mdc(
        f(`${OWN} propagateCancellation(signal, [own]); await fetch(url, { signal: own.signal });`),
        "propagateCancellation",
      ),
    ),
    fine(
      "createTask in a task is linked by birth",
      mdc(
        `createTask(async ({ signal }) => { ${OWN} await createTask(work, { signal: own.signal }); await go(signal); });`,
        "createTask",
      ),
    ),
    fine(
      "a parameter of another type",
      f(
        `${OWN} await fetch(url, { signal: own.signal });`,
        "url, signal: NodeJS.Signals",
      ),
    ),
    fine(
      "RequestInit of a function that is not exported",
      f(
        `${OWN} await fetch(url, { signal: own.signal });`,
        "url, given: RequestInit",
      ),
    ),
  ],
  invalid: [
    unlinked(
      "an options object",
      f(`${OWN} await fetch(url, { signal: own.signal });`),
    ),
    unlinked("an argument", f(`${OWN} await go(own.signal);`)),
    unlinked(
      "two objects deep",
      f(`${OWN} await go({ request: { signal: own.signal } });`),
    ),
    unlinked(
      "another property …signal",
      f(`${OWN} await go({ abortSignal: own.signal });`),
    ),
    unlinked(
      "a call that is returned",
      f(`${OWN} return fetch(url, { signal: own.signal });`),
    ),
    unlinked(
      "a call that is iterated with for await",
      f(`${OWN} for await (const x of list({ signal: own.signal })) use(x);`),
    ),
    unlinked(
      "a chain that is awaited",
      f(`${OWN} await fetch(url, { signal: own.signal }).then(use);`),
    ),
    unlinked(
      "Promise.all that is awaited",
      f(`${OWN} await Promise.all([go(own.signal), 1]);`),
    ),
    unlinked(
      "the body of an arrow",
      f(`${OWN} await retry(() => go(own.signal));`),
    ),
    unlinked(
      "own.abort.bind(own)",
      f(`const own = ${NEW}; arm(own.abort.bind(own)); await go(own.signal);`),
    ),
    unlinked(
      "through a variable",
      f(`${OWN} const s = own.signal; await go(s);`),
      { use: "s", written: (any) => any.replace("own.signal", "s") },
    ),
    unlinked(
      "through an options variable",
      f(`${OWN} const init = { signal: own.signal }; await fetch(url, init);`),
    ),
    unlinked(
      "AbortSignal.timeout(…)",
      f("await fetch(url, { signal: AbortSignal.timeout(5) });"),
      {
        own: "AbortSignal.timeout()",
        at: "AbortSignal.timeout(5)",
        use: "AbortSignal.timeout(5)",
      },
    ),
    unlinked(
      "AbortSignal.timeout(…) in a variable",
      f("const late = AbortSignal.timeout(5); await fetch(url, { signal: late });"),
      {
        own: "late",
        at: "AbortSignal.timeout(5)",
      },
    ),
    unlinked(
      "P.throwIfAborted() is no link",
      f(`${OWN} signal.throwIfAborted(); await go(own.signal);`),
    ),
    unlinked(
      "a loop that only tests P is no link",
      f(`${OWN} while (!signal.aborted) { await go(own.signal); }`),
    ),
    unlinked(
      "an if that only tests P is no link",
      f(`${OWN} if (signal.aborted) return; await go(own.signal);`),
    ),
    unlinked(
      "P passed to some other call is no link",
      f(`${OWN} await other(signal); await go(own.signal);`),
    ),
    unlinked(
      "both only in a nested function of a call",
      f(`${OWN} await retry(async () => { signal.throwIfAborted(); await go(own.signal); });`),
    ),
    unlinked(
      "an optional P",
      f(`${OWN} await go(own.signal);`, "signal?: AbortSignal"),
      { optional: true },
    ),
    unlinked(
      "P in an options object",
      f(`${OWN} await go(own.signal);`, "options: { signal?: AbortSignal }"),
      { signal: "options.signal", optional: true },
    ),
    unlinked(
      "a spread before an overriding signal",
      f(
        `${OWN} await fetch(url, { ...init, signal: own.signal });`,
        "url, init: RequestInit",
      ),
      { signal: "init.signal", optional: true },
    ),
    unlinked(
      "another member of the carrier is not P",
      f(
        `${OWN} await fetch(options.url, { signal: own.signal });`,
        "options: { url: string; signal: AbortSignal }",
      ),
      { signal: "options.signal", optional: true },
    ),
    unlinked(
      "what else is taken out of the carrier is not P",
      f(
        `const { url } = options; ${OWN} await fetch(url, { signal: own.signal });`,
        "options: { url: string; signal: AbortSignal }",
      ),
      { signal: "options.signal", optional: true },
    ),
    unlinked(
      "RequestInit of an exported function",
      `export ${
        f(
          `${OWN} await fetch(url, { signal: own.signal });`,
          "url, request: RequestInit",
        )
      }`,
      { signal: "request.signal", optional: true },
    ),
    unlinked(
      "RequestInit of a public method of an exported class",
      `export class Api { async get(url, request: RequestInit) { ${OWN} return await fetch(url, { ...request, signal: own.signal }); } }`,
      { signal: "request.signal", optional: true },
    ),
    unlinked(
      "in a plain callback of the function",
      f(`await Promise.all(xs.map(async (x) => { ${OWN} await go(own.signal); })); await g(signal);`),
    ),
    {
      name: "every call that gets it",
      code: f(`${OWN} await go(own.signal); return more(own.signal);`),
      errors: [{
        messageId: "unlinked",
        data: { own: "own.signal", signal: "signal" },
        at: NEW,
        suggestions: [{
          messageId: "any",
          output: f(
            `${OWN} await go(AbortSignal.any([signal, own.signal])); return more(AbortSignal.any([signal, own.signal]));`,
          ),
        }],
      }],
    },
    {
      name: "a shorthand property",
      code: f(
        `${OWN} { const { signal: ownSignal } = own; await go({ ownSignal }); }`,
      ),
      errors: [{
        messageId: "unlinked",
        data: { own: "own.signal", signal: "signal" },
        at: NEW,
        suggestions: [{
          messageId: "any",
          output: f(
            `${OWN} { const { signal: ownSignal } = own; await go({ ownSignal: AbortSignal.any([signal, ownSignal]) }); }`,
          ),
        }],
      }],
    },
    {
      name: "no suggestion where P is shadowed",
      code: f(`${OWN} { const { signal } = own; await go({ signal }); }`),
      errors: [{
        messageId: "unlinked",
        data: { own: "own.signal", signal: "signal" },
        at: NEW,
      }],
    },
    unlinked(
      "an explicit own signal for sleep replaces the task's",
      mdc(
        `createTask(async (ctx) => {\n  const own = ${NEW};\n  arm(() => own.abort());\n  await sleep(5, { signal: own.signal });\n});`,
        "createTask, sleep",
      ),
      {
        signal: "ctx.signal",
        propagate: {
          name: "propagateCancellation",
          output: mdc(
            `createTask(async (ctx) => {\n  const own = ${NEW};\n  propagateCancellation(ctx.signal, [own]);\n  arm(() => own.abort());\n  await sleep(5, { signal: own.signal });\n});`,
            "createTask, sleep, propagateCancellation",
          ),
        },
      },
    ),
    unlinked(
      "propagateCancellation after the creation, for an optional P",
      mdc(
        f(
          `const own = ${NEW}; own.abort(); await go(own.signal);`,
          "signal?: AbortSignal",
        ),
        "propagateCancellation as link",
      ),
      {
        optional: true,
        propagate: {
          name: "link",
          output: mdc(
            f(
              `const own = ${NEW}; if (signal) link(signal, [own]); own.abort(); await go(own.signal);`,
              "signal?: AbortSignal",
            ),
            "propagateCancellation as link",
          ),
        },
      },
    ),
  ],
});
