import { assertEquals } from "@std/assert";
import { ESLint, type Linter } from "eslint";
import * as parser from "@typescript-eslint/parser";
import { fileURLToPath } from "node:url";
import plugin from "../mod.ts";
import noLeakedAbortListener from "../rules/no-leaked-abort-listener.ts";
import noUntrackedPromise from "../rules/no-untracked-promise.ts";
import requireAbortedCheck from "../rules/require-aborted-check.ts";
import requireSignalForwarding from "../rules/require-signal-forwarding.ts";
import { error, fine, wrong } from "./_cases.ts";
import { testRule, testTypedRule, type ValidCase } from "./_tester.ts";

const LIBRARY = (names: string) => `import { ${names} } from "./library.js";`;
const MDC = (names: string) => `import { ${names} } from "@mdc/tasks";`;

/** A dropped promise of a call in an async function. */
function dropped(
  name: string,
  before: string,
  statement: string,
  call: string,
  what: string,
  { hasCatch = true } = {},
) {
  const wait = ["await", `await ${call}`] as const;
  const handle = ["catch", `${call}.catch(console.error)`] as const;
  return wrong(
    name,
    `${before} export async function f() { ${statement} }`,
    (code) => [
      error(
        code,
        call,
        "dropped",
        { call: what },
        hasCatch ? [handle, wait] : [wait, handle],
      ),
    ],
  );
}

const THENABLES = [
  dropped(
    "a call of a function of another file",
    LIBRARY("delay"),
    "delay(5);",
    "delay(5)",
    "delay",
  ),
  dropped(
    "a method",
    LIBRARY("loader"),
    "loader.load('x');",
    "loader.load('x')",
    "loader.load",
  ),
  dropped(
    "a thenable that is no Promise",
    LIBRARY("query"),
    "query('x');",
    "query('x')",
    "query",
    { hasCatch: false },
  ),
  dropped(
    "a promise or nothing",
    LIBRARY("maybe"),
    "maybe('x');",
    "maybe('x')",
    "maybe",
    { hasCatch: false },
  ),
  dropped(
    "through an optional call",
    LIBRARY("loader"),
    "loader.start?.();",
    "loader.start?.()",
    "loader.start",
    { hasCatch: false },
  ),
  dropped(
    "a generic that is a promise",
    "declare function make<T>(value: T): T; declare const p: Promise<number>;",
    "make(p);",
    "make(p)",
    "make",
  ),
  dropped(
    "a function of this file that isn't async and returns a promise",
    `${LIBRARY("delay")} const go = () => delay(5);`,
    "go();",
    "go()",
    "go",
  ),
  dropped(
    "new of a class of promises",
    "class Job extends Promise<number> {}",
    "new Job(() => {});",
    "new Job(() => {})",
    "new Job",
  ),
];

testTypedRule("no-untracked-promise", noUntrackedPromise, {
  valid: [
    fine("awaited", `${LIBRARY("delay")} await delay(5);`),
    fine("handled", `${LIBRARY("delay")} delay(5).catch(console.error);`),
    fine("void", `${LIBRARY("delay")} void delay(5);`),
    fine("no thenable", `${LIBRARY("sync")} sync("x");`),
    fine(
      "a method catch that is no promise's",
      `${LIBRARY("schema")} schema.catch("x").parse(); schema.catch("y");`,
    ),
    fine("any says nothing", `${LIBRARY("anything")} anything.start();`),
    fine(
      "spawn and add are owned",
      `${
        MDC("TaskTracker")
      } const t = new TaskTracker(); t.spawn(async () => {}); t.add(Promise.resolve());`,
    ),
    fine(
      "a function of this file that returns what is owned",
      `${
        MDC("TaskTracker")
      } const t = new TaskTracker(); function go() { return t.spawn(async () => {}); } go();`,
    ),
    fine(
      "a function of this file that returns what is handled",
      `${
        LIBRARY("delay")
      } function go() { if (Math.random()) return; return delay(5).catch(console.error); } go();`,
    ),
    fine("run is the program's entry", `${MDC("run")} run(async () => {});`),
    fine(
      "cancel is no promise",
      `${
        MDC("createTask")
      } const t = createTask(async () => {}); await t; t.cancel();`,
    ),
  ],
  invalid: [
    ...THENABLES,
    dropped(
      "any falls back to names",
      LIBRARY("anything"),
      "anything.then(() => {});",
      "anything.then(() => {})",
      "anything.then",
    ),
    wrong(
      "a variable that is never read",
      `${LIBRARY("job")} export function f() { const p = job("x"); }`,
      (code) => [
        error(code, 'job("x")', "unread", { call: "job", name: "p" }, [
          ["catch", 'job("x").catch(console.error)'],
        ]),
      ],
    ),
  ],
});

/** A call that doesn't get the signal of the function around it. */
function notForwarded(
  name: string,
  names: string,
  call: string,
  fixed: string,
  { callee = /^[\w.]+/.exec(call)?.[0] ?? "", signal = "stop" } = {},
) {
  return wrong(
    name,
    `${LIBRARY(names)} export async function f(stop: AbortSignal) { ${call}; }`,
    (code) => [
      error(code, call, "notForwarded", { callee, signal }, [
        ["forward", fixed, { signal }],
      ]),
    ],
  );
}

const inFunction = (name: string, names: string, body: string) =>
  fine(
    name,
    `${LIBRARY(names)} export async function f(stop: AbortSignal) { ${body} }`,
  );

const FORWARDS = [
  notForwarded(
    "options with a signal",
    "delay",
    "delay(5)",
    "delay(5, { signal: stop })",
  ),
  notForwarded(
    "options that leave the signal out",
    "delay",
    "delay(5, { name: 'x' })",
    "delay(5, { name: 'x', signal: stop })",
  ),
  notForwarded(
    "an optional parameter",
    "open",
    "open('x')",
    "open('x', stop)",
  ),
  notForwarded(
    "an overload with one trailing signal",
    "job",
    "job('x')",
    "job('x', stop)",
  ),
  notForwarded(
    "a method",
    "loader",
    "loader.load('x')",
    "loader.load('x', { signal: stop })",
  ),
];

testTypedRule("require-signal-forwarding", requireSignalForwarding, {
  valid: [
    inFunction("the signal in options", "delay", "delay(5, { signal: stop });"),
    fine(
      "a hash, whose options are those of a stream",
      "declare function createHash(name: string, options?: { signal?: AbortSignal }): { update(text: string): string }; export const f = (stop: AbortSignal) => createHash('x').update('y');",
    ),
    fine(
      "options whose signal is another thing by their type",
      `${
        LIBRARY("delay, type KillOptions")
      } export async function f(options: KillOptions) { await delay(5); return options.signal; }`,
    ),
    inFunction("the signal itself", "open", "open('x', stop);"),
    inFunction("the overload with a signal", "job", "job('x', stop);"),
    inFunction(
      "an explicit undefined",
      "delay",
      "delay(5, { signal: undefined });",
    ),
    inFunction("a signature without a signal", "sync", "sync('x');"),
    inFunction("an overload with other parameters", "ask", "ask('x');"),
    inFunction(
      "a signal that is no AbortSignal",
      "reactive",
      "reactive({ signal: { value: 1 } });",
    ),
    inFunction("any", "anything, loose", "anything.get('x'); loose('x');"),
    fine(
      "a listener, which a signal would remove",
      "export function f(stop: AbortSignal, target: EventTarget) { target.addEventListener('x', () => stop.throwIfAborted()); }",
    ),
    fine(
      "a parameter named signal that is none",
      `${
        LIBRARY("delay")
      } export async function f(signal: { value: number }) { await delay(signal.value); }`,
    ),
    fine(
      "no signal in scope",
      `${LIBRARY("delay")} export async function f() { await delay(5); }`,
    ),
    fine(
      "the package's functions in a task",
      `${
        MDC("createTask, sleep")
      } export const f = (signal: AbortSignal) => createTask(async () => { await sleep(5); signal.throwIfAborted(); });`,
    ),
    fine(
      "spawn: cancellation comes through the owner",
      `${
        MDC("TaskTracker")
      } export function f(tracker: TaskTracker, signal: AbortSignal) { tracker.spawn(async () => { signal.throwIfAborted(); }); }`,
    ),
  ],
  invalid: [
    ...FORWARDS,
    wrong(
      "options of an imported type carry a signal",
      `${
        LIBRARY("delay, type Options")
      } export async function f(options: Options) { await delay(5); }`,
      (code) => [
        error(
          code,
          "delay(5)",
          "notForwarded",
          { callee: "delay", signal: "options.signal" },
          [["forward", "delay(5, { signal: options.signal })", {
            signal: "options.signal",
          }]],
        ),
      ],
    ),
  ],
});

/** The function listens to the value of the given expression. */
const listening = (expression: string, before = "") =>
  `${before} export function f(x: { on: AbortSignal; signal: Phase }) { const it = ${expression}; it.addEventListener("abort", () => log()); } declare function log(): void; interface Phase { addEventListener(type: string, done: () => void): void }`;

const LISTENER = 'it.addEventListener("abort", () => log())';

testTypedRule("no-leaked-abort-listener", noLeakedAbortListener, {
  valid: [
    fine("a type that is no AbortSignal", listening("x.signal")),
    fine(
      "an own signal under another name",
      listening("new AbortController().signal"),
    ),
  ],
  invalid: [
    wrong(
      "an AbortSignal under another name",
      listening("x.on"),
      (code) => [error(code, LISTENER, "unremovable", { signal: "it" })],
    ),
    wrong(
      "an AbortSignal that a call returns",
      listening("getStop()", LIBRARY("getStop")),
      (code) => [error(code, LISTENER, "unremovable", { signal: "it" })],
    ),
  ],
});

testTypedRule("require-aborted-check", requireAbortedCheck, {
  valid: [
    fine(
      "a look at an AbortSignal under another name",
      listening("x.on").replace("it.add", "if (it.aborted) log(); it.add"),
    ),
    fine("a type that is no AbortSignal", listening("x.signal")),
  ],
  invalid: [
    {
      name: "an AbortSignal under another name",
      code: listening("x.on"),
      errors: [{
        messageId: "unchecked",
        data: { signal: "it" },
        at: LISTENER,
        suggestions: [{
          messageId: "throwIfAborted",
          data: { signal: "it" },
          output: listening("x.on").replace(
            "it.add",
            "it.throwIfAborted(); it.add",
          ),
        }],
      }],
    },
  ],
});

/** The same code where types would be needed, in a host that has none. */
const withoutTypes = (cases: readonly ValidCase[]) =>
  cases.map(({ name, code }) => fine(`without types: ${name}`, code));

testRule("no-untracked-promise", noUntrackedPromise, {
  valid: withoutTypes(THENABLES),
  invalid: [],
});

testRule("require-signal-forwarding", requireSignalForwarding, {
  valid: withoutTypes(FORWARDS),
  invalid: [],
});

for (const name of ["recommendedTypeChecked", "strictTypeChecked"] as const) {
  Deno.test(`configs.${name} has the parser make types`, async () => {
    const cwd = fileURLToPath(new URL("typed/", import.meta.url));
    const eslint = new ESLint({
      cwd,
      overrideConfigFile: true,
      overrideConfig: [
        {
          files: ["**/*.ts"],
          languageOptions: {
            parser: parser as unknown as Linter.Parser,
            parserOptions: { tsconfigRootDir: cwd },
          },
        },
        plugin.configs[name] as unknown as Linter.Config,
      ],
    });
    const [result] = await eslint.lintText(
      `${LIBRARY("delay")} delay(5);`,
      { filePath: "case.ts" },
    );
    assertEquals(
      result?.messages.map(({ ruleId }) => ruleId),
      ["mdc/no-untracked-promise"],
    );
  });

  Deno.test(`configs.${name} has the rules of its untyped twin`, () => {
    const twin = name === "strictTypeChecked" ? "strict" : "recommended";
    assertEquals(plugin.configs[name]?.rules, plugin.configs[twin]?.rules);
  });
}
