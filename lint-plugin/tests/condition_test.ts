/** The truth table of the evaluator, and that the rules judge alike by it. */
import { assertEquals } from "@std/assert";
import type { TSESTree as ES } from "@typescript-eslint/utils";
import * as parser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import { test } from "../../tests/_harness.ts";
import type { RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { rules } from "../rules/mod.ts";
import {
  evaluate,
  getAbortedOf,
  implies,
  type Verdict,
} from "../semantics/cancellation/condition.ts";

/** Runs a body with the condition of the only `if` in the code. */
function withCondition(
  code: string,
  body: (context: RuleContext, condition: ES.Node) => void,
): void {
  const rule = defineRule("probe", {
    tier: 1,
    description: "probe",
    defaults: {},
    messages: {},
    create: (context) => ({
      IfStatement: (node: ES.IfStatement) => body(context, node.test),
    }),
  });
  const messages = new Linter().verify(code, [{
    files: ["**/*.ts"],
    plugins: { mdc: { rules: { probe: rule } } },
    languageOptions: { parser },
    rules: { "mdc/probe": "error" },
  }] as unknown as Linter.Config[], { filename: "case.ts" });
  assertEquals(messages, []);
}

/** What the condition is if the signal `s` is aborted, and what it says. */
function judge(condition: string, before = ""): [Verdict, boolean, boolean] {
  const found: [Verdict, boolean, boolean][] = [];
  const code = `function f(s, x) { ${before} if (${condition}) g(); }`;
  withCondition(code, (context, node) => {
    const isAborted = (atom: ES.Node) => {
      const signal = getAbortedOf(atom);
      return signal?.type === "Identifier" && signal.name === "s";
    };
    const says = (outcome: boolean) =>
      implies(
        context,
        node,
        outcome,
        (atom, value) => value && isAborted(atom),
      );
    const verdict = evaluate(context, node, {
      atom: (atom) => isAborted(atom) ? "yes" : "unknown",
    });
    found.push([verdict, says(true), says(false)]);
  });
  const [only] = found;
  if (!only) throw new Error(`no condition in ${code}`);
  return only;
}

/**
 * The condition; its value when the signal is aborted; whether it says that the
 * signal is aborted by being true, and by being false.
 */
const TABLE: readonly (readonly [string, Verdict, boolean, boolean])[] = [
  ["s.aborted", "yes", true, false],
  ["s?.aborted", "yes", true, false],
  ["s!.aborted", "yes", true, false],
  ["(s as any).aborted", "yes", true, false],
  ["!s.aborted", "no", false, true],
  ["!!s.aborted", "yes", true, false],
  ["!!!s.aborted", "no", false, true],
  ["s.aborted === true", "yes", true, false],
  ["true === s.aborted", "yes", true, false],
  ["s.aborted == true", "yes", true, false],
  ["s.aborted !== true", "no", false, true],
  ["s.aborted === false", "no", false, true],
  ["false === s.aborted", "no", false, true],
  ["s.aborted !== false", "yes", true, false],
  ["Boolean(s.aborted)", "yes", true, false],
  ["s?.aborted ?? false", "yes", true, false],
  ["s?.aborted ?? undefined", "yes", true, false],
  ["s?.aborted ?? true", "unknown", false, false],
  ["s && s.aborted", "unknown", true, false],
  ["s.aborted && x", "unknown", true, false],
  ["x && s.aborted", "unknown", true, false],
  ["s.aborted || x", "yes", false, false],
  ["x || s.aborted", "yes", false, false],
  ["!s.aborted && x", "no", false, false],
  ["!s.aborted || x", "unknown", false, true],
  ["!(s.aborted || x)", "no", false, false],
  ["!(!s.aborted || x)", "unknown", true, false],
  ["s.aborted && s.aborted", "yes", true, false],
  ["s.aborted || s.aborted", "yes", true, false],
  ["s.aborted ? true : false", "yes", true, false],
  ["s.aborted ? false : true", "no", false, true],
  ["x ? s.aborted : false", "unknown", true, false],
  ["x ? s.aborted : s.aborted", "yes", true, false],
  ["x ? s.aborted : true", "yes", false, false],
  ["(x, s.aborted)", "yes", true, false],
  ["true", "yes", false, false],
  ["false", "no", false, false],
  ["x", "unknown", false, false],
  ["x.aborted", "unknown", false, false],
  ["s.reason", "unknown", false, false],
];

for (const [condition, verdict, whenTrue, whenFalse] of TABLE) {
  test(`\`${condition}\` under an aborted signal: ${verdict}`, () => {
    assertEquals(judge(condition), [verdict, whenTrue, whenFalse]);
  });
}

test("a const is looked through, a let is not", () => {
  const stopped = "const stopped = s.aborted;";
  assertEquals(judge("stopped", stopped), ["yes", true, false]);
  assertEquals(judge("!stopped && x", stopped), ["no", false, false]);
  assertEquals(
    judge("live", "const live = !s.aborted;"),
    ["no", false, true],
  );
  assertEquals(
    judge("stopped", "let stopped = s.aborted; stopped = x;"),
    ["unknown", false, false],
  );
});

/** Each form of the question in each rule that asks it. */
const FORMS: readonly (readonly [before: string, condition: string])[] = [
  ["", "signal.aborted"],
  ["", "signal.aborted === true"],
  ["", "true === signal.aborted"],
  ["", "!!signal.aborted"],
  ["", "Boolean(signal.aborted)"],
  ["", "signal && signal.aborted"],
  ["const stopped = signal.aborted;", "stopped"],
];

function count(rule: string, code: string): number {
  return new Linter().verify(code, [{
    files: ["**/*.ts"],
    plugins: { mdc: { rules } },
    languageOptions: { parser },
    rules: { [`mdc/${rule}`]: "error" },
  }] as unknown as Linter.Config[], { filename: "case.ts" }).length;
}

for (const [before, condition] of FORMS) {
  test(`every rule judges \`${before}${condition}\` alike`, () => {
    const cases: readonly (readonly [string, string, number])[] = [
      [
        "no-masked-cancellation",
        `if (${condition}) throw new Error("x");`,
        1,
      ],
      ["require-abort-reason", `if (${condition}) own.abort();`, 1],
      [
        "require-abort-reason",
        `if (!(${condition})) return; own.abort();`,
        1,
      ],
      [
        "no-aborted-signal-in-cleanup",
        `if (${condition}) await close({ signal });`,
        1,
      ],
      [
        "no-aborted-signal-in-cleanup",
        `try { await g(); } finally { if (!(${condition})) await close({ signal }); }`,
        0,
      ],
      [
        "no-swallowed-cancellation",
        `try { await g(signal); } catch (e) { if (${condition}) throw e; }`,
        0,
      ],
    ];
    for (const [rule, body, expected] of cases) {
      const code =
        `async function f(signal) { const own = new AbortController(); h(own); ${before} ${body} }`;
      assertEquals(count(rule, code), expected, `${rule}: ${code}`);
    }
  });
}
