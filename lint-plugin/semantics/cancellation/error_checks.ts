/**
 * What a condition says when the error at hand is a cancellation and the
 * caller's signal is aborted.
 */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getPropertyName,
  getString,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { evaluate, negate, type Verdict } from "./condition.ts";
import { getMdcName, importsMdc } from "../tasks/calls.ts";
import { getProvenance } from "../signals/provenance.ts";
import { getImported, lookThrough } from "../names/variables.ts";
import { isSignal } from "../signals/signal.ts";
import {
  CANCELLATION,
  GENERAL_ERROR,
  PROMPTS,
} from "../../vocabulary/names.ts";

const NAMES = new Set([
  "AbortError",
  "CancelledError",
  "CanceledError",
  "CancellationError",
  "ABORT_ERR",
  "ERR_CANCELED",
]);
const IDENTIFYING = /^(?:name|code)$/;
const DESCRIBING = /^(?:name|code|message|status|errno)$/;
const CANCELLATION_PREDICATE = /^is_?(?:abort|cancel)/i;
const OTHER_PREDICATE = /^is\w*(?:Error|Exception|NotFound|Exists)$/;
/** These hold for cancellations as well as for other errors. */
const GENERAL_PREDICATE = /^is(?:Native|Any|Some)?Error$|DOMException$/;

/**
 * Evaluates the condition. `error` is the name of the caught error, whose mere
 * presence is known.
 */
export function evaluateTest(
  context: RuleContext,
  node: ES.Node,
  error?: string,
): Verdict {
  return evaluate(context, node, {
    atom: (atom) => evaluateAtom(context, atom, error),
    // It only makes `name` or `code` readable for the type checker.
    isGuard: (guard, negated) => isNarrowing(context, guard, negated),
  });
}

function evaluateAtom(
  context: RuleContext,
  node: ES.Node,
  error: string | undefined,
): Verdict {
  switch (node.type) {
    case "BinaryExpression":
      return evaluateBinary(context, node, error);
    case "CallExpression":
      return evaluateCall(context, node);
    case "MemberExpression":
      return evaluateMember(context, node);
    case "Identifier":
      return node.name === error || isForeignSignal(context, node)
        ? "yes"
        : "unknown";
    default:
      return "unknown";
  }
}

/** `e instanceof Error`, `typeof e === "object"`, `"name" in e`, or a negation. */
function isNarrowing(
  context: RuleContext,
  node: ES.Node,
  negated: boolean,
): boolean {
  const test = unwrap(node);
  if (test.type === "UnaryExpression" && test.operator === "!") {
    return isNarrowing(context, test.argument, !negated);
  }
  if (test.type === "LogicalExpression") {
    return test.operator === (negated ? "||" : "&&") &&
      isNarrowing(context, test.left, negated) &&
      isNarrowing(context, test.right, negated);
  }
  if (test.type === "Identifier") return !negated;
  if (test.type === "CallExpression") {
    return !negated && GENERAL_PREDICATE.test(getLastName(test.callee) ?? "");
  }
  if (test.type !== "BinaryExpression") return false;
  if (/^[!=]==?$/.test(test.operator)) {
    const isTypeof = test.left.type === "UnaryExpression" &&
      test.left.operator === "typeof";
    if (isTypeof) return test.operator.startsWith("!") === negated;
    return isNullish(test.right) &&
      test.operator.startsWith("!") === !negated;
  }
  if (negated) return false;
  return test.operator === "in" ||
    test.operator === "instanceof" &&
      GENERAL_ERROR.test(getLastName(test.right) ?? "");
}

function evaluateBinary(
  context: RuleContext,
  test: ES.BinaryExpression,
  error: string | undefined,
): Verdict {
  if (test.operator === "instanceof") {
    return evaluateClass(getLastName(test.right));
  }
  if (!/^[!=]==?$/.test(test.operator)) return "unknown";
  const verdict = evaluateEquality(context, test, error);
  return test.operator.startsWith("!") ? negate(verdict) : verdict;
}

function evaluateClass(name: string | undefined): Verdict {
  if (name === undefined || GENERAL_ERROR.test(name)) return "unknown";
  return CANCELLATION.test(name) ? "yes" : "no";
}

function evaluateEquality(
  context: RuleContext,
  { left, right }: ES.BinaryExpression,
  error: string | undefined,
): Verdict {
  for (const [one, other] of [[left, right], [right, left]] as const) {
    const value = unwrap(other);
    if (isNullish(value)) {
      const inner = unwrap(one);
      const isPresent = inner.type === "Identifier" &&
          inner.name === error || isForeignSignal(context, inner);
      return isPresent ? "no" : "unknown";
    }
    const verdict = evaluateField(context, one, other);
    if (verdict !== "unknown") return verdict;
  }
  return "unknown";
}

/** `x.name === literal`; also for the cases of `switch (x.name)`. */
export function evaluateField(
  context: RuleContext,
  field: ES.Node,
  value: ES.Node,
): Verdict {
  const member = lookThrough(context, field);
  if (member.type !== "MemberExpression") return "unknown";
  const name = getPropertyName(member) ?? "";
  const literal = lookThrough(context, value);
  const text = getString(literal);
  if (IDENTIFYING.test(name) && text !== undefined && NAMES.has(text)) {
    return "yes";
  }
  const isLiteral = text !== undefined || literal.type === "Literal";
  return DESCRIBING.test(name) && isLiteral ? "no" : "unknown";
}

function evaluateCall(
  context: RuleContext,
  call: ES.CallExpression,
): Verdict {
  if (isMdcPredicate(context, call)) return "yes";
  const name = getLastName(call.callee);
  if (name === undefined) return "unknown";
  if (CANCELLATION_PREDICATE.test(name)) {
    // `isCancel(answer)` of a prompt asks for a person's Ctrl+C.
    const imported = getImported(context, call.callee);
    return imported && PROMPTS.test(imported.source) ? "unknown" : "yes";
  }
  if (name === "isInstance" && call.callee.type === "MemberExpression") {
    return evaluateClass(getLastName(call.callee.object));
  }
  return OTHER_PREDICATE.test(name) && !GENERAL_PREDICATE.test(name)
    ? "no"
    : "unknown";
}

function isMdcPredicate(context: RuleContext, call: ES.CallExpression) {
  return importsMdc(context, call) &&
    getMdcName(context, call.callee) === "isCancellation";
}

function evaluateMember(
  context: RuleContext,
  member: ES.MemberExpression,
): Verdict {
  if (getPropertyName(member) === "aborted") {
    if (!isSignal(context, member.object)) return "unknown";
    // An own signal that aborted is another story than the caller's.
    return getProvenance(context, member.object) === "own" ? "no" : "yes";
  }
  return isForeignSignal(context, member) ? "yes" : "unknown";
}

function isForeignSignal(context: RuleContext, node: ES.Node): boolean {
  return isSignal(context, node) && getProvenance(context, node) !== "own";
}

/**
 * Whether the node, taken alone, asks the **error** whether it is a
 * cancellation, in either polarity.
 */
export function isErrorTest(
  context: RuleContext,
  node: ES.Node,
  error: Maybe<string>,
): boolean {
  if (node.type === "BinaryExpression") {
    const verdict = evaluateBinary(context, node, undefined);
    const isPositive = node.operator === "instanceof" ||
      !node.operator.startsWith("!");
    return mentions(node.left, error) !== mentions(node.right, error) &&
      verdict === (isPositive ? "yes" : "no");
  }
  if (node.type !== "CallExpression") return false;
  return node.arguments.some((argument) => mentions(argument, error)) &&
    evaluateCall(context, node) === "yes";
}

function mentions(node: ES.Node, error: Maybe<string>): boolean {
  let inner = unwrap(node);
  while (inner.type === "MemberExpression") inner = unwrap(inner.object);
  return inner.type === "Identifier" && inner.name === error;
}
