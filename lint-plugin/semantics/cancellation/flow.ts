/**
 * A structural interpreter over statements: by which ways is a piece of code
 * left, when some conditions are known?
 *
 * Not a code-path analysis: one host has none, and none could assume that "the
 * signal is aborted".
 */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type Maybe, unwrap } from "../../syntax/nodes.ts";
import type { Verdict } from "./condition.ts";

/** What the interpreter asks about expressions. */
export interface FlowPolicy {
  /** The value of a condition. */
  test(condition: ES.Node): Verdict;
  /** Whether `switch` over the discriminant goes into the case with this test. */
  matches(discriminant: ES.Node, test: ES.Node): Verdict;
  /** Whether evaluating the call settles the matter, like a `throw` does. */
  ends(node: ES.CallExpression | ES.AssignmentExpression): boolean;
  /** Whether a result tells whoever gets it. */
  tells?(result: ES.Node): boolean;
}

/** A statement that leaves the analysed code. */
export type Exit =
  | ES.ReturnStatement
  | ES.BreakStatement
  | ES.ContinueStatement;

/** By which ways code is left without being settled. */
export interface Flow {
  /** Whether control can reach the end. */
  readonly falls: boolean;
  /** Jumps and returns out of it, in source order. */
  readonly exits: readonly Exit[];
}

const FALLS: Flow = { falls: true, exits: [] };
const ENDS: Flow = { falls: false, exits: [] };

function either(...flows: readonly Flow[]): Flow {
  return {
    falls: flows.some((flow) => flow.falls),
    exits: flows.flatMap((flow) => flow.exits),
  };
}

/** Interprets the statement (usually the block of a handler). */
export function interpret(statement: ES.Node, policy: FlowPolicy): Flow {
  switch (statement.type) {
    case "BlockStatement":
    case "StaticBlock":
      return interpretAll(statement.body, policy);
    case "ExpressionStatement":
      return evaluate(statement.expression, policy);
    case "VariableDeclaration":
      return statement.declarations.some((each) => settles(each.init, policy))
        ? ENDS
        : FALLS;
    case "ThrowStatement":
      return ENDS;
    case "ReturnStatement":
      return settles(statement.argument, policy) ||
          statement.argument && policy.tells?.(statement.argument)
        ? ENDS
        : { falls: false, exits: [statement] };
    case "BreakStatement":
    case "ContinueStatement":
      return { falls: false, exits: [statement] };
    case "IfStatement":
      return interpretIf(statement, policy);
    case "SwitchStatement":
      return leaveBreaks(interpretSwitch(statement, policy));
    case "LabeledStatement":
      return leaveLabel(interpret(statement.body, policy), statement);
    case "TryStatement":
      return interpretTry(statement, policy);
    case "WhileStatement":
    case "ForStatement":
    case "DoWhileStatement":
    case "ForInStatement":
    case "ForOfStatement":
      return interpretLoop(statement, policy);
    default:
      return FALLS;
  }
}

/** Interprets statements one after the other. */
export function interpretAll(
  statements: readonly ES.Node[],
  policy: FlowPolicy,
): Flow {
  const exits: Exit[] = [];
  for (const statement of statements) {
    const flow = interpret(statement, policy);
    exits.push(...flow.exits);
    if (!flow.falls) return { falls: false, exits };
  }
  return { falls: true, exits };
}

/** Interprets an expression. */
export function evaluate(expression: ES.Node, policy: FlowPolicy): Flow {
  return settles(expression, policy) ? ENDS : FALLS;
}

/** Interprets the body of a function: a block, or the value of an arrow. */
export function interpretBody(body: ES.Node, policy: FlowPolicy): Flow {
  if (body.type === "BlockStatement") return interpret(body, policy);
  const isCall = unwrap(body).type === "CallExpression";
  return !isCall && policy.tells?.(body) ? ENDS : evaluate(body, policy);
}

function settles(expression: Maybe<ES.Node>, policy: FlowPolicy): boolean {
  const node = unwrap(expression);
  switch (node?.type) {
    case "CallExpression":
      return policy.ends(node);
    case "AssignmentExpression":
      return policy.ends(node) || settles(node.right, policy);
    case "AwaitExpression":
    case "UnaryExpression":
      return settles(node.argument, policy);
    case "SequenceExpression":
      return node.expressions.some((each) => settles(each, policy));
    case "ConditionalExpression": {
      const verdict = policy.test(node.test);
      return (verdict === "no" || settles(node.consequent, policy)) &&
        (verdict === "yes" || settles(node.alternate, policy));
    }
    case "LogicalExpression": {
      if (settles(node.left, policy)) return true;
      const verdict = policy.test(node.left);
      return settles(node.right, policy) &&
        verdict === (node.operator === "&&" ? "yes" : "no");
    }
    default:
      return false;
  }
}

function interpretIf(statement: ES.IfStatement, policy: FlowPolicy): Flow {
  if (settles(statement.test, policy)) return ENDS;
  const verdict = policy.test(statement.test);
  const flows: Flow[] = [];
  if (verdict !== "no") flows.push(interpret(statement.consequent, policy));
  if (verdict !== "yes") {
    flows.push(
      statement.alternate ? interpret(statement.alternate, policy) : FALLS,
    );
  }
  return either(...flows);
}

function interpretSwitch(
  { discriminant, cases }: ES.SwitchStatement,
  policy: FlowPolicy,
): Flow {
  const verdicts = cases.map(({ test }): Verdict =>
    test ? policy.matches(discriminant, test) : "unknown"
  );
  const isCertain = verdicts.includes("yes");
  const flows: Flow[] = [];
  cases.forEach(({ test }, index) => {
    const isEntered = test
      ? isCertain ? verdicts[index] === "yes" : verdicts[index] !== "no"
      : !isCertain;
    if (!isEntered) return;
    const rest = cases.slice(index).flatMap((each) => each.consequent);
    flows.push(interpretAll(rest, policy));
  });
  const hasDefault = cases.some((each) => each.test === null);
  if (!isCertain && !hasDefault) flows.push(FALLS);
  return either(...flows);
}

function interpretTry(statement: ES.TryStatement, policy: FlowPolicy): Flow {
  const { block, handler, finalizer } = statement;
  // Anything in the block can throw, so the handler is always a possible way.
  const inner = either(
    interpret(block, policy),
    ...(handler ? [interpret(handler.body, policy)] : []),
  );
  if (!finalizer) return inner;
  const last = interpret(finalizer, policy);
  return last.falls ? either(inner, { falls: false, exits: last.exits }) : last;
}

type Loop =
  | ES.WhileStatement
  | ES.DoWhileStatement
  | ES.ForStatement
  | ES.ForInStatement
  | ES.ForOfStatement;

function interpretLoop(loop: Loop, policy: FlowPolicy): Flow {
  const verdict = getLoopVerdict(loop, policy);
  const runsOnce = loop.type === "DoWhileStatement";
  if (verdict === "no" && !runsOnce) return FALLS;
  const body = interpret(loop.body, policy);
  const rounds = body.exits.filter((exit) => isOwnContinue(exit, loop));
  const leavesByTest = verdict === "yes"
    ? false
    : !runsOnce || body.falls || rounds.length > 0;
  return leaveBreaks({
    falls: leavesByTest,
    exits: body.exits.filter((exit) => !rounds.includes(exit)),
  });
}

function getLoopVerdict(loop: Loop, policy: FlowPolicy): Verdict {
  if (loop.type === "ForInStatement" || loop.type === "ForOfStatement") {
    return "unknown";
  }
  return loop.test ? policy.test(loop.test) : "yes";
}

/** A `continue` of this loop is no way out of it. */
function isOwnContinue(exit: Exit, loop: Loop): boolean {
  if (exit.type !== "ContinueStatement") return false;
  if (!exit.label) return true;
  return loop.parent?.type === "LabeledStatement" &&
    loop.parent.label.name === exit.label.name;
}

/** A plain `break` falls behind the loop or switch. */
function leaveBreaks(flow: Flow): Flow {
  const isOwn = (exit: Exit) => exit.type === "BreakStatement" && !exit.label;
  return {
    falls: flow.falls || flow.exits.some(isOwn),
    exits: flow.exits.filter((exit) => !isOwn(exit)),
  };
}

function leaveLabel(flow: Flow, { label }: ES.LabeledStatement): Flow {
  const isOwn = (exit: Exit) =>
    exit.type === "BreakStatement" && exit.label?.name === label.name;
  return {
    falls: flow.falls || flow.exits.some(isOwn),
    exits: flow.exits.filter((exit) => !isOwn(exit)),
  };
}
