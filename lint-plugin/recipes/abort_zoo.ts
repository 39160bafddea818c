import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getPropertyName,
  getString,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { some } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `error.name === "AbortError" || error.code === "ABORT_ERR"`. */
export const abortZoo: Recipe = defineRecipe("abort-zoo", {
  summary:
    "tests of an abort's name or code → `isCancellation()`, `rethrowCancellation()`",
  needs: /AbortError|ABORT_ERR/,
  create: (bench) => ({
    BinaryExpression: (node: ES.BinaryExpression) => visit(bench, node),
    LogicalExpression: (node: ES.LogicalExpression) => visit(bench, node),
  }),
});

/** What makes aborts that nobody asked of the task. */
const OWN = /\bnew AbortController\b|\bAbortSignal\.timeout\b/;

/** Of an error, whether it is an abort: by this part of a test. */
interface Part {
  /** The error as it is written. */
  readonly error: string;
  readonly node: ES.Node;
  /** `"kind"` says only that it is an error; `"abort"`, that it is an abort. */
  readonly says: "kind" | "abort" | "no-abort";
}

function visit(bench: Bench, node: ES.Expression): void {
  const { context } = bench;
  const outer = outermost(node);
  const { parent } = outer;
  // The largest test is looked at; it knows its parts.
  const larger = parent?.type === "LogicalExpression" && getTest(parent);
  if (larger && larger.says !== "kind") return;
  const test = getTest(node);
  if (!test || test.says === "kind") return;
  if (OWN.test(context.sourceCode.getText())) {
    return bench.leave(
      node,
      "a test for an abort",
      "the file aborts work itself: ask `isCancellation(error, signal)`",
    );
  }
  const branch = parent?.type === "IfStatement" && parent.test === outer
    ? parent
    : undefined;
  if (test.narrows && usesMembers(bench, outer, test.error)) {
    return bench.leave(
      node,
      "a test for an abort",
      `what it guards reads more of \`${test.error}\`, whose type it tells`,
    );
  }
  const draft = bench.draft(node);
  const isThrow = branch && test.says === "abort" && !branch.alternate &&
    throwsOnly(context, branch.consequent, test.error);
  if (branch && isThrow) {
    draft.replace(
      branch,
      `${draft.use("rethrowCancellation")}(${draft.keep(test.node)})${
        draft.end(getOnly(branch.consequent))
      }`,
    );
  } else {
    const not = test.says === "no-abort" ? "!" : "";
    draft.replace(
      node,
      `${not}${draft.use("isCancellation")}(${draft.keep(test.node)})`,
    );
  }
  bench.offer(draft, {
    what: "a test for an abort can ask who was cancelled",
    why: "in a task it is true only for a cancellation that was asked of it",
  });
}

interface Test extends Part {
  /** Whether it tells TypeScript what the error is. */
  readonly narrows: boolean;
}

/** The whole as one test of one error. */
function getTest(node: ES.Node): Test | undefined {
  const inner = unwrap(node);
  if (inner.type !== "LogicalExpression") {
    const part = getPart(inner);
    return part && { ...part, narrows: part.says === "kind" };
  }
  if (inner.operator === "??") return undefined;
  const sides = [inner.left, inner.right].map((side) => {
    const part = getPart(unwrap(side));
    return part ? { ...part, narrows: part.says === "kind" } : getTest(side);
  });
  const [left, right] = sides;
  if (!left || !right || left.error !== right.error) return undefined;
  const both = [left.says, right.says];
  const narrows = left.narrows || right.narrows;
  // An error, and of such a name.
  if (inner.operator === "&&" && left.says === "kind") {
    return right.says === "no-abort" ? undefined : { ...right, narrows };
  }
  if (inner.operator === "||" && both.every((each) => each === "abort")) {
    return { ...right, narrows };
  }
  if (inner.operator === "&&" && both.every((each) => each === "no-abort")) {
    return { ...right, narrows };
  }
  return undefined;
}

const CLASSES = /^(?:Error|DOMException|AbortError|Object)$/;

function getPart(node: ES.Node): Part | undefined {
  const of = (error: ES.Node, says: Part["says"]): Part | undefined => {
    const inner = unwrap(error);
    if (inner.type !== "Identifier") return undefined;
    return { error: inner.name, node: inner, says };
  };
  if (node.type === "Identifier") return of(node, "kind");
  if (node.type !== "BinaryExpression") return undefined;
  const { operator, left, right } = node;
  if (operator === "instanceof") {
    const name = getLastName(right) ?? "";
    return CLASSES.test(name) && name !== "AbortError"
      ? of(left, "kind")
      : undefined;
  }
  if (operator === "in") {
    return getString(left) === "name" || getString(left) === "code"
      ? of(right, "kind")
      : undefined;
  }
  if (!/^[!=]==?$/.test(operator)) return undefined;
  for (const [member, literal] of [[left, right], [right, left]] as const) {
    const read = unwrap(member);
    const isNothing = literal.type === "Literal" && literal.value === null ||
      literal.type === "Identifier" && literal.name === "undefined";
    if (read.type === "Identifier" && isNothing && operator.startsWith("!")) {
      return of(read, "kind");
    }
    if (
      read.type === "UnaryExpression" && read.operator === "typeof" &&
      getString(literal) === "object" && operator.startsWith("=")
    ) return of(read.argument, "kind");
    if (read.type !== "MemberExpression") continue;
    const name = getPropertyName(read);
    const text = getString(literal);
    const isAbort = name === "name" && text === "AbortError" ||
      name === "code" && text === "ABORT_ERR";
    if (isAbort) {
      return of(read.object, operator.startsWith("!") ? "no-abort" : "abort");
    }
  }
  return undefined;
}

function getOnly(statement: ES.Statement): ES.Statement {
  return statement.type === "BlockStatement"
    ? statement.body[0] ?? statement
    : statement;
}

/** Whether the statement throws the error on, and does nothing else. */
function throwsOnly(
  context: RuleContext,
  statement: ES.Statement,
  error: string,
): boolean {
  const [only, more] = statement.type === "BlockStatement"
    ? statement.body
    : [statement];
  if (more || only?.type !== "ThrowStatement") return false;
  const thrown = unwrap(only.argument);
  const text = context.sourceCode.getText(statement);
  return thrown?.type === "Identifier" && thrown.name === error &&
    !/\/[/*]/.test(text);
}

/** Whether what the test guards reads a property of the error. */
function usesMembers(
  { context }: Bench,
  test: ES.Node,
  error: string,
): boolean {
  return getGuarded(test).some((guarded) =>
    some(context, guarded, (each) => {
      const object = each.type === "MemberExpression" && unwrap(each.object);
      return object && object.type === "Identifier" && object.name === error;
    })
  );
}

/** What is evaluated only where the test holds. */
function getGuarded(test: ES.Node): ES.Node[] {
  const { parent } = test;
  if (parent?.type === "LogicalExpression" && parent.operator === "&&") {
    const rest = getGuarded(outermost(parent));
    return parent.left === test ? [parent.right, ...rest] : rest;
  }
  return (parent?.type === "IfStatement" ||
      parent?.type === "ConditionalExpression") && parent.test === test
    ? [parent.consequent]
    : [];
}
