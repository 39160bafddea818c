/** Branches that run only for a cancellation, as an explicit test says. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getPropertyName,
  isFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { implies } from "./condition.ts";
import { evaluateField, evaluateTest } from "./error_checks.ts";
import { isCallersSignal } from "../signals/provenance.ts";
import { lookThrough } from "../names/variables.ts";
import { isSignal } from "../signals/signal.ts";

/** A condition that asks for nothing but a caller's cancellation. */
export interface ExplicitTest {
  /** The value of the condition that means a cancellation. */
  readonly holds: boolean;
  /** Whether it looks at a signal or at an error. */
  readonly kind: "signal" | "error";
  /** The signal or the error. */
  readonly subject: ES.Node;
}

/** The explicit cancellation test that the condition is, if it is one. */
export function getExplicitTest(
  context: RuleContext,
  condition: ES.Node,
): ExplicitTest | undefined {
  for (const holds of [true, false]) {
    const subjects: Subject[] = [];
    let isDenied = false;
    const isSaid = implies(context, condition, holds, (atom, value) => {
      const subject = getSubject(context, atom);
      if (!subject) return false;
      if (subject.holds !== value) {
        isDenied = true;
        return false;
      }
      subjects.push(subject);
      return true;
    });
    const found = subjects.find((each) => each.kind === "signal") ??
      subjects[0];
    // A cancellation that the other operand denies is none.
    if (isSaid && !isDenied && found) return { ...found, holds };
  }
  return undefined;
}

/** What an atom asks about, and the value by which it says a cancellation. */
type Subject = ExplicitTest;

function getSubject(
  context: RuleContext,
  atom: ES.Node,
): Subject | undefined {
  switch (atom.type) {
    case "MemberExpression":
      return getPropertyName(atom) === "aborted" &&
          evaluateTest(context, atom) === "yes"
        ? { holds: true, kind: "signal", subject: unwrap(atom.object) }
        : undefined;
    case "BinaryExpression":
      return getBinaryTest(context, atom);
    case "CallExpression":
      return getCallTest(context, atom);
    default:
      return undefined;
  }
}

function getBinaryTest(
  context: RuleContext,
  test: ES.BinaryExpression,
): Subject | undefined {
  const { left, right, operator } = test;
  if (operator === "instanceof") {
    return evaluateTest(context, test) === "yes"
      ? { holds: true, kind: "error", subject: unwrap(left) }
      : undefined;
  }
  if (!/^[!=]==?$/.test(operator)) return undefined;
  for (const [one, other] of [[left, right], [right, left]] as const) {
    if (evaluateField(context, one, other) === "yes") {
      const field = lookThrough(context, one) as ES.MemberExpression;
      const subject = unwrap(field.object);
      return { holds: operator.startsWith("="), kind: "error", subject };
    }
  }
  return undefined;
}

function getCallTest(
  context: RuleContext,
  call: ES.CallExpression,
): Subject | undefined {
  const [argument, second] = call.arguments;
  if (!argument || evaluateTest(context, call) !== "yes") return undefined;
  // `isCancellation(error, signal)` asks whether that signal is the cause.
  if (second && isSignal(context, second)) {
    return isCallersSignal(context, second)
      ? { holds: true, kind: "signal", subject: unwrap(second) }
      : undefined;
  }
  return {
    holds: true,
    kind: isSignal(context, argument) ? "signal" : "error",
    subject: unwrap(argument),
  };
}

/** The test, and the statement or expression that branches on it. */
export interface CancelledBranch extends ExplicitTest {
  readonly fork: ES.Node;
  readonly branch: ES.Node;
}

/**
 * The nearest explicit test on whose cancelled side the node stands, or
 * `"other"`. The search ends at functions and catch clauses: what is around them
 * says nothing about their code.
 */
export function getCancelledBranch(
  context: RuleContext,
  node: ES.Node,
): CancelledBranch | "other" | undefined {
  let branch = node;
  let fork: Maybe<ES.Node> = node.parent;
  while (fork && !isFunction(fork) && fork.type !== "CatchClause") {
    const decided = decide(context, fork, branch);
    if (decided) return decided;
    branch = fork;
    fork = fork.parent;
  }
  return undefined;
}

function decide(
  context: RuleContext,
  fork: ES.Node,
  branch: ES.Node,
): CancelledBranch | "other" | undefined {
  if (fork.type === "SwitchCase") {
    const test = getCaseTest(context, fork);
    return test && branch !== fork.test ? { ...test, fork, branch } : undefined;
  }
  if (fork.type !== "IfStatement" && fork.type !== "ConditionalExpression") {
    return undefined;
  }
  if (branch === fork.test) return undefined;
  const test = getExplicitTest(context, fork.test);
  if (!test) return undefined;
  const side = test.holds ? fork.consequent : fork.alternate;
  return side && contains(side, branch) ? { ...test, fork, branch } : "other";
}

/** The test of a case into which no unrelated case falls. */
function getCaseTest(
  context: RuleContext,
  branch: ES.SwitchCase,
): ExplicitTest | undefined {
  const { discriminant, cases } = branch.parent as ES.SwitchStatement;
  const ask = ({ test }: ES.SwitchCase): ExplicitTest | undefined => {
    if (!test) return undefined;
    if (discriminant.type === "Literal" && discriminant.value === true) {
      const explicit = getExplicitTest(context, test);
      return explicit?.holds ? explicit : undefined;
    }
    if (evaluateField(context, discriminant, test) !== "yes") return undefined;
    const field = lookThrough(context, discriminant) as ES.MemberExpression;
    return { holds: true, kind: "error", subject: unwrap(field.object) };
  };
  const before = cases.slice(0, cases.indexOf(branch));
  for (const each of before.reverse()) {
    if (each.consequent.length > 0) break;
    if (!ask(each)) return undefined;
  }
  return ask(branch);
}
