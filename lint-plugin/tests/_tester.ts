/** ESLint's RuleTester, one test of the runner a case, locations by fragment. */
import { RuleTester } from "eslint";
import * as parser from "@typescript-eslint/parser";
import { fileURLToPath } from "node:url";
import type { MessageData, Rule } from "../host/rule.ts";
import { RISK_SUFFIX } from "../host/define_rule.ts";

export interface ValidCase {
  /** The sentence of the contract that the case pins. */
  name: string;
  code: string;
  options?: readonly unknown[];
  settings?: Record<string, unknown>;
  filename?: string;
}

export interface ExpectedSuggestion {
  messageId: string;
  data?: MessageData;
  output: string;
}

export interface ExpectedError {
  messageId: string;
  data?: MessageData;
  /**
   * The reported text: either whole and unique in the code, or `start…end`, from
   * the unique `start` to the next `end` after it, or between guillemets in its
   * unique surroundings, `f(«x»)`.
   */
  at: string;
  /** All suggestions, in order. Absent means: none is offered. */
  suggestions?: readonly ExpectedSuggestion[];
}

export interface InvalidCase extends ValidCase {
  errors: readonly ExpectedError[];
  /** The code after `--fix`; null where the rule can fix and does not. */
  output?: string | null;
}

type TestFunction = (name: string, body: () => void) => void;

const test: TestFunction = "Deno" in globalThis
  // Not node:test under Deno: its tests escape the sanitizers.
  // deno-lint-ignore no-explicit-any
  ? (globalThis as any).Deno.test
  : (await import("node:test")).test;

const path: string[] = [];
RuleTester.describe = (name, body) => {
  path.push(name);
  try {
    body.call(undefined);
  } finally {
    path.pop();
  }
};
RuleTester.it = (name, body) =>
  test([...path, name].join(" > "), () => body.call(undefined));
RuleTester.itOnly = RuleTester.it;

/** All cases of the rules tested so far: the parity test writes them to files. */
export const registered: { rule: string; case: ValidCase }[] = [];

/** Runs the cases of one rule. */
export function testRule(
  name: string,
  rule: Rule,
  cases: { valid: readonly ValidCase[]; invalid: readonly InvalidCase[] },
): void {
  for (const each of [...cases.valid, ...cases.invalid]) {
    registered.push({ rule: name, case: each });
  }
  runCases(name, rule, cases, { ecmaFeatures: { jsx: true } });
}

const TYPED = fileURLToPath(new URL("typed/", import.meta.url));

/** Runs cases with types: each in place of `typed/case.ts` in its project. */
export function testTypedRule(
  name: string,
  rule: Rule,
  cases: { valid: readonly ValidCase[]; invalid: readonly InvalidCase[] },
): void {
  const inProject = <C extends ValidCase>(each: C): C => ({
    ...each,
    filename: `${TYPED}case.ts`,
  });
  runCases(name, rule, {
    valid: cases.valid.map(inProject),
    invalid: cases.invalid.map(inProject),
  }, { projectService: true, tsconfigRootDir: TYPED });
}

function runCases(
  name: string,
  rule: Rule,
  cases: { valid: readonly ValidCase[]; invalid: readonly InvalidCase[] },
  parserOptions: Record<string, unknown>,
): void {
  const tester = new RuleTester({
    languageOptions: {
      parser,
      ecmaVersion: "latest",
      sourceType: "module",
      parserOptions,
    },
  });
  tester.run(
    name,
    withoutRisk(rule) as unknown as Parameters<RuleTester["run"]>[1],
    {
      valid: cases.valid.map((each) => ({ ...each })),
      invalid: cases.invalid.map((each) => ({
        ...each,
        errors: each.errors.map(({ at, suggestions, ...error }) => ({
          ...error,
          ...locate(each.code, at),
          suggestions: suggestions?.map((suggestion) => ({ ...suggestion })) ??
            [],
        })),
      })),
      assertionOptions: {
        requireMessage: "messageId",
        requireLocation: true,
        requireData: true,
      },
    } as Parameters<RuleTester["run"]>[2],
  );
}

/** Risks are tested by themselves: here they would fill every case. */
function withoutRisk(rule: Rule): Rule {
  const messages = Object.entries(rule.meta.messages)
    .map(([id, text]) => [id, text.replace(RISK_SUFFIX, "")]);
  return {
    ...rule,
    meta: { ...rule.meta, messages: Object.fromEntries(messages) },
  };
}

function locate(code: string, at: string) {
  const [from, to] = at.includes("«")
    ? surrounded(code, at)
    : spanned(code, at);
  const [line, column] = position(code, from);
  const [endLine, endColumn] = position(code, to);
  return { line, column, endLine, endColumn };
}

function surrounded(code: string, at: string): [number, number] {
  const [before = "", inside = "", after = ""] = at.split(/[«»]/);
  const from = only(code, before + inside + after) + before.length;
  return [from, from + inside.length];
}

function spanned(code: string, at: string): [number, number] {
  const [start = "", end] = at.split("…");
  const from = only(code, start);
  const to = from + start.length;
  if (end === undefined) return [from, to];
  const found = code.indexOf(end, to);
  if (found < 0) throw new Error(`Cannot locate the report: no "${end}"`);
  return [from, found + end.length];
}

function only(code: string, fragment: string): number {
  const found = code.indexOf(fragment);
  if (found < 0 || code.indexOf(fragment, found + 1) >= 0) {
    throw new Error(`Cannot locate the report: "${fragment}" is not unique`);
  }
  return found;
}

function position(code: string, offset: number): [number, number] {
  const before = code.slice(0, offset).split("\n");
  return [before.length, (before.at(-1) ?? "").length + 1];
}
