/**
 * The one evaluator of conditions: every rule that asks what a condition says
 * about a signal or an error asks here.
 *
 * A condition is taken apart into logic and atoms. What an atom means, its user
 * says; what `!`, `&&`, `||`, `=== true`, `Boolean()`, `?? false`, `?:` and a
 * `const` in between do to it is decided here, in one way for all.
 */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isNullish, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { lookThrough } from "../names/variables.ts";

/** The three values of a condition. */
export type Verdict = "yes" | "no" | "unknown";

/** The logic of a condition, one level of it. */
export type Logic =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly operand: ES.Node }
  | { readonly kind: "same"; readonly operand: ES.Node }
  | {
    readonly kind: "and" | "or";
    readonly left: ES.Node;
    readonly right: ES.Node;
  }
  | {
    readonly kind: "choice";
    readonly test: ES.Node;
    readonly left: ES.Node;
    readonly right: ES.Node;
  }
  | { readonly kind: "atom"; readonly node: ES.Node };

/** Takes the condition apart; a `const` is replaced by what it was set to. */
export function getLogic(context: RuleContext, condition: ES.Node): Logic {
  const node = lookThrough(context, condition);
  switch (node.type) {
    case "Literal":
      return typeof node.value === "boolean"
        ? { kind: "constant", value: node.value }
        : { kind: "atom", node };
    case "UnaryExpression":
      return node.operator === "!"
        ? { kind: "not", operand: node.argument }
        : { kind: "atom", node };
    case "LogicalExpression": {
      const { operator, left, right } = node;
      if (operator !== "??") {
        return { kind: operator === "&&" ? "and" : "or", left, right };
      }
      // `signal?.aborted ?? false` is as true as its left side.
      const rest = unwrap(right);
      return isNullish(rest) || rest.type === "Literal" && rest.value === false
        ? { kind: "same", operand: left }
        : { kind: "atom", node };
    }
    case "ConditionalExpression":
      return {
        kind: "choice",
        test: node.test,
        left: node.consequent,
        right: node.alternate,
      };
    case "SequenceExpression":
      return { kind: "same", operand: node.expressions.at(-1) ?? node };
    case "BinaryExpression":
      return getComparison(node) ?? { kind: "atom", node };
    case "CallExpression": {
      const [only, more] = node.arguments;
      return only && !more && only.type !== "SpreadElement" &&
          unwrap(node.callee).type === "Identifier" &&
          context.sourceCode.getText(node.callee) === "Boolean"
        ? { kind: "same", operand: only }
        : { kind: "atom", node };
    }
    default:
      return { kind: "atom", node };
  }
}

/** `x === true`, `false !== x`, and the like. */
function getComparison(
  { operator, left, right }: ES.BinaryExpression,
): Logic | undefined {
  if (!/^[!=]==?$/.test(operator)) return undefined;
  for (const [operand, other] of [[left, right], [right, left]] as const) {
    const value = unwrap(other);
    if (value.type !== "Literal" || typeof value.value !== "boolean") continue;
    const isSame = operator.startsWith("=") === value.value;
    return { kind: isSame ? "same" : "not", operand };
  }
  return undefined;
}

/** The other of yes and no. */
export function negate(verdict: Verdict): Verdict {
  if (verdict === "unknown") return "unknown";
  return verdict === "yes" ? "no" : "yes";
}

/** What a user of {@linkcode evaluate} knows. */
export interface Assumption {
  /** The value of an expression that isn't made of other conditions. */
  atom(node: ES.Node): Verdict;
  /**
   * Whether the left side of `&&` (of `||`, if `negated`) is there only for the
   * type checker, so that the right side decides.
   */
  isGuard?(node: ES.Node, negated: boolean): boolean;
}

/** The value of the condition, from those of its atoms. */
export function evaluate(
  context: RuleContext,
  condition: ES.Node,
  assumption: Assumption,
): Verdict {
  const ask = (node: ES.Node) => evaluate(context, node, assumption);
  const logic = getLogic(context, condition);
  switch (logic.kind) {
    case "constant":
      return logic.value ? "yes" : "no";
    case "not":
      return negate(ask(logic.operand));
    case "same":
      return ask(logic.operand);
    case "and":
    case "or": {
      const { kind, left, right } = logic;
      const decisive = kind === "and" ? "no" : "yes";
      const verdicts = [ask(left), ask(right)];
      if (verdicts.includes(decisive)) return decisive;
      if (assumption.isGuard?.(left, kind === "or")) {
        return verdicts[1] ?? "unknown";
      }
      return verdicts.includes("unknown") ? "unknown" : negate(decisive);
    }
    case "choice": {
      const test = ask(logic.test);
      const [left, right] = [ask(logic.left), ask(logic.right)];
      if (test === "yes") return left;
      if (test === "no") return right;
      return left === right ? left : "unknown";
    }
    case "atom":
      return assumption.atom(logic.node);
  }
}

/**
 * Whether the condition, by having that outcome, says something: `says` is asked
 * about each atom and the value that it then has.
 */
export function implies(
  context: RuleContext,
  condition: ES.Node,
  outcome: boolean,
  says: (atom: ES.Node, value: boolean) => boolean,
): boolean {
  const ask = (node: ES.Node, value: boolean) =>
    implies(context, node, value, says);
  const logic = getLogic(context, condition);
  switch (logic.kind) {
    case "constant":
      return false;
    case "not":
      return ask(logic.operand, !outcome);
    case "same":
      return ask(logic.operand, outcome);
    case "and":
    case "or": {
      // Both sides are asked, so that `says` sees every atom.
      const [left, right] = [logic.left, logic.right]
        .map((each) => ask(each, outcome));
      const isBoth = outcome === (logic.kind === "and");
      return isBoth ? !!(left || right) : !!(left && right);
    }
    case "choice":
      return impliesChoice(context, logic, outcome, says);
    case "atom":
      return says(logic.node, outcome);
  }
}

/** A branch of `?:` that can't have the outcome says nothing. */
function impliesChoice(
  context: RuleContext,
  { test, left, right }: Extract<Logic, { kind: "choice" }>,
  outcome: boolean,
  says: (atom: ES.Node, value: boolean) => boolean,
): boolean {
  return [[left, true], [right, false]].every(([branch, value]) => {
    const node = branch as ES.Node;
    const logic = getLogic(context, node);
    if (logic.kind === "constant" && logic.value !== outcome) return true;
    return implies(context, node, outcome, says) ||
      implies(context, test, value as boolean, says);
  });
}

/** The signal of `signal.aborted`, if that is what the atom is. */
export function getAbortedOf(atom: ES.Node): ES.Node | undefined {
  const node = unwrap(atom);
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  return node.property.type === "Identifier" && node.property.name === "aborted"
    ? unwrap(node.object)
    : undefined;
}
