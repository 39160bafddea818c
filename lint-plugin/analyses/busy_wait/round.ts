/** Loops that do nothing but sleep, and the tests that end them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getLastName, unwrap } from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { isSleep } from "../../semantics/promises/sleeps.ts";

/** A loop that may sleep until something changes. */
export type WaitingLoop =
  | ES.WhileStatement
  | ES.DoWhileStatement
  | ES.ForStatement;

/** What a loop does besides asking. */
export interface Round {
  /** The `await` of a sleep. */
  readonly sleep: ES.AwaitExpression;
  /** The tests of ifs, all of them. */
  readonly tests: readonly ES.Expression[];
  /** Those that end the loop by `break` or `return`. */
  readonly exits: readonly ES.Expression[];
}

interface Draft {
  sleep?: ES.AwaitExpression;
  tests: ES.Expression[];
  exits: ES.Expression[];
}

/** The round of a loop that sleeps and has no other work to do. */
export function getIdleRound(
  context: RuleContext,
  loop: WaitingLoop,
): Round | undefined {
  const draft: Draft = { tests: [], exits: [] };
  const update = loop.type === "ForStatement" ? loop.update : null;
  const isIdle = addStatement(context, loop.body, draft) &&
    (!update || addExpression(context, update, draft));
  const { sleep } = draft;
  return isIdle && sleep ? { ...draft, sleep } : undefined;
}

/** Adds the statement to the draft; false if it does something. */
function addStatement(
  context: RuleContext,
  statement: ES.Statement,
  draft: Draft,
): boolean {
  switch (statement.type) {
    case "EmptyStatement":
      return true;
    case "BlockStatement":
      return statement.body.every((each) => addStatement(context, each, draft));
    case "ExpressionStatement":
      return addExpression(context, statement.expression, draft);
    case "VariableDeclaration":
      return !doesWork(context, statement);
    case "IfStatement":
      return addIf(context, statement, draft);
    default:
      return false;
  }
}

function addIf(
  context: RuleContext,
  { test, consequent, alternate }: ES.IfStatement,
  draft: Draft,
): boolean {
  draft.tests.push(test);
  return [consequent, alternate].every((branch) => {
    if (!branch) return true;
    const exit = getExit(branch);
    if (!exit) return addStatement(context, branch, draft);
    if (exit !== "ThrowStatement") draft.exits.push(test);
    return true;
  });
}

/** How the branch leaves the loop, whatever it does before. */
function getExit(branch: ES.Statement): string | undefined {
  const last = branch.type === "BlockStatement" ? branch.body.at(-1) : branch;
  return last?.type === "BreakStatement" || last?.type === "ReturnStatement" ||
      last?.type === "ThrowStatement"
    ? last.type
    : undefined;
}

function addExpression(
  context: RuleContext,
  node: ES.Expression,
  draft: Draft,
): boolean {
  const expression = unwrap(node);
  if (expression.type === "AwaitExpression") {
    if (!isSleep(context, expression.argument)) return false;
    draft.sleep ??= expression;
    return true;
  }
  if (expression.type === "CallExpression") {
    return isRemark(expression.callee) &&
      expression.arguments.every((each) => !waits(context, each));
  }
  return !doesWork(context, expression);
}

/** `console.*`, `log*` and `throwIfAborted()`. */
function isRemark(callee: ES.Node): boolean {
  if (getLastName(callee) === "throwIfAborted") return true;
  let root = unwrap(callee);
  while (root.type === "MemberExpression") root = unwrap(root.object);
  return root.type === "Identifier" && /^(?:console$|log)/.test(root.name);
}

function waits(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    (each) => each.type === "AwaitExpression",
  );
}

const WORK = new Set([
  "CallExpression",
  "NewExpression",
  "TaggedTemplateExpression",
  "AwaitExpression",
  "YieldExpression",
  "ImportExpression",
]);

function doesWork(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    (each) => WORK.has(each.type),
  );
}
