/** How a rejection handler (catch clause or function) lets a cancellation go. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  getProgram,
  isFunction,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { evaluateField, evaluateTest } from "./error_checks.ts";
import {
  type Exit,
  type Flow,
  type FlowPolicy,
  interpret,
  interpretBody,
} from "./flow.ts";
import {
  getReceived,
  isEmitting,
  isKeeping,
  isNever,
  isTelling,
} from "./told.ts";
import { getCalledName } from "../tasks/calls.ts";
import { getLocalCallee } from "../names/methods.ts";
import { getFunction, getVariable } from "../names/variables.ts";
import { isSignal } from "../signals/signal.ts";
import { getErrorName } from "../../syntax/try.ts";
import { getRejectionHandler } from "../promises/chains.ts";

const CONTINUATION = /^(?:reject(?:[A-Z]\w*)?|next|callback|cb|done|fail)$/;
const ERROR_SINK = /(?:controller|subscriber|observer|sink|writer)$/i;

/** What counts as an end besides throwing. */
interface Strictness {
  /** Whether telling others of the error counts, as data or by a helper. */
  readonly told: boolean;
}

/** The ways by which a cancellation leaves the catch clause as success. */
export function getSwallowingFlow(
  context: RuleContext,
  handler: ES.CatchClause,
  strictness: Strictness = { told: false },
): Flow {
  const attempt = handler.parent as ES.TryStatement;
  const error = getErrorName(handler.param);
  const flow = interpret(
    handler.body,
    createPolicy(context, error, attempt, strictness),
  );
  if (!flow.falls && flow.exits.length === 0) return flow;
  const check = findCheckAfter(context, attempt);
  if (!check) return flow;
  return {
    falls: false,
    exits: flow.exits.filter((exit) => !isFollowedBy(exit, check)),
  };
}

/** The ways by which a cancellation leaves the handler function as success. */
export function getSwallowingFunctionFlow(
  context: RuleContext,
  handler: FunctionNode,
  strictness: Strictness = { told: false },
): Flow {
  const error = getErrorName(handler.params[0]);
  return interpretBody(
    handler.body,
    createPolicy(context, error, undefined, strictness),
  );
}

/** The name of the error in a catch clause or handler function. */
export function getHandlerError(handler: ES.Node): string | undefined {
  if (handler.type === "CatchClause") return getErrorName(handler.param);
  return isFunction(handler) ? getErrorName(handler.params[0]) : undefined;
}

/** How a cancellation goes through a handler of the error of that name. */
export function createPolicy(
  context: RuleContext,
  error: string | undefined,
  attempt?: ES.TryStatement,
  { told }: Strictness = { told: false },
): FlowPolicy {
  return {
    test: (condition) => evaluateTest(context, condition, error),
    matches: (discriminant, test) =>
      discriminant.type === "Literal" && discriminant.value === true
        ? evaluateTest(context, test, error)
        : evaluateField(context, discriminant, test),
    ends: (node) => {
      if (node.type === "CallExpression") {
        return handsOn(context, node) || throwsIn(context, node, error) ||
          told && isEmitting(context, node, error);
      }
      return attempt !== undefined &&
          isThrownAfter(context, node, error, attempt) ||
        told && isKeeping(context, node, error);
    },
    ...(told && {
      tells: (result: ES.Node) => isTelling(context, result, error),
    }),
  };
}

/** `reject(e)`, `next(e)`, `rethrow(e)`, `process.exit()`, … */
function handsOn(context: RuleContext, call: ES.CallExpression): boolean {
  const name = getCalledName(context, call);
  if (name === undefined) return false;
  if (
    name === "throwIfAborted" || /^rethrow/i.test(name) ||
    /^throw(?:[A-Z]|$)/.test(name)
  ) return true;
  const object = getMethodCall(call)?.object;
  const owner = getLastName(object);
  if (name === "exit") return owner === "process" || owner === "Deno";
  const [first] = call.arguments;
  if (!first || isNullish(first)) return false;
  return CONTINUATION.test(name) ||
    name === "error" && owner !== undefined && ERROR_SINK.test(owner);
}

const looking = new Set<FunctionNode>();

/** Whether a function of this file that gets the error throws on every way. */
function throwsIn(
  context: RuleContext,
  call: ES.CallExpression,
  error: string | undefined,
): boolean {
  const helper = getLocalCallee(context, call.callee);
  if (!helper || helper.generator || looking.has(helper)) return false;
  if (isNever(helper)) return true;
  if (helper.async && call.parent?.type !== "AwaitExpression") return false;
  looking.add(helper);
  try {
    const received = getReceived(helper, call, error);
    const flow = interpretBody(helper.body, createPolicy(context, received));
    return !flow.falls && flow.exits.length === 0;
  } finally {
    looking.delete(helper);
  }
}

/** `stored = e` where `throw stored` follows the try. */
function isThrownAfter(
  context: RuleContext,
  assignment: ES.AssignmentExpression,
  error: string | undefined,
  attempt: ES.TryStatement,
): boolean {
  const { left, right } = assignment;
  if (left.type !== "Identifier" || error === undefined) return false;
  const stored = unwrap(right);
  if (stored.type !== "Identifier" || stored.name !== error) return false;
  const variable = getVariable(context, left);
  if (!variable) return false;
  const around = getEnclosingFunction(attempt)?.body ?? getProgram(attempt);
  return someInFlow(
    context,
    around,
    (node) =>
      node.type === "ThrowStatement" && node.range[0] >= attempt.range[1] &&
      getAlternatives(node.argument).some((thrown) =>
        thrown.type === "Identifier" && thrown.name === left.name &&
        getVariable(context, thrown) === variable
      ),
  );
}

/** The values that `a ?? b`, `a || b` or `c ? a : b` can have. */
function getAlternatives(node: Maybe<ES.Node>): ES.Node[] {
  const inner = unwrap(node);
  if (!inner) return [];
  if (inner.type === "LogicalExpression") {
    return [...getAlternatives(inner.left), ...getAlternatives(inner.right)];
  }
  if (inner.type === "ConditionalExpression") {
    return [
      ...getAlternatives(inner.consequent),
      ...getAlternatives(inner.alternate),
    ];
  }
  return [inner];
}

/**
 * A statement after the try, in any block of the function around it, that throws
 * when the signal is aborted.
 */
function findCheckAfter(
  context: RuleContext,
  attempt: ES.TryStatement,
): ES.Node | undefined {
  const policy = createPolicy(context, undefined, undefined, { told: true });
  let statement: ES.Node = attempt;
  while (statement.parent && !/Function/.test(statement.type)) {
    const parent: ES.Node = statement.parent;
    const siblings: readonly ES.Node[] =
      parent.type === "BlockStatement" || parent.type === "Program"
        ? parent.body
        : parent.type === "SwitchCase"
        ? parent.consequent
        : [];
    const index = siblings.indexOf(statement);
    const check = index < 0 ? undefined : siblings.slice(index + 1)
      .find((each) => isAbortedCheck(context, each, policy));
    if (check) return check;
    statement = parent;
  }
  return undefined;
}

function isAbortedCheck(
  context: RuleContext,
  statement: ES.Node,
  policy: FlowPolicy,
): boolean {
  if (statement.type === "ExpressionStatement") {
    const call = getMethodCall(statement.expression);
    return call?.name === "throwIfAborted" && isSignal(context, call.object);
  }
  if (statement.type !== "IfStatement") return false;
  if (policy.test(statement.test) !== "yes") return false;
  const flow = interpret(statement.consequent, policy);
  return !flow.falls && flow.exits.length === 0;
}

/** Whether the jump only leaves code that lies before the check. */
function isFollowedBy(exit: Exit, check: ES.Node): boolean {
  if (exit.type === "ReturnStatement") return false;
  let target: Maybe<ES.Node> = exit.parent;
  while (target && !isTarget(exit, target)) target = target.parent;
  return !!target && target.range[1] <= check.range[0];
}

function isTarget(
  exit: ES.BreakStatement | ES.ContinueStatement,
  node: ES.Node,
): boolean {
  if (exit.label) {
    return node.type === "LabeledStatement" &&
      node.label.name === exit.label.name;
  }
  return /^(?:For|While|DoWhile)/.test(node.type) ||
    exit.type === "BreakStatement" && node.type === "SwitchStatement";
}

/**
 * Whether an earlier link of the chain swallows, so that no cancellation comes
 * out of the receiver; a handler that isn't known may do anything.
 */
export function swallowsEarlier(
  context: RuleContext,
  receiver: ES.Expression,
): boolean {
  let node = unwrap(receiver);
  while (node.type === "CallExpression") {
    const link = getRejectionHandler(node);
    if (link) {
      const known = getFunction(context, link.handler);
      if (!known) return true;
      const flow = getSwallowingFunctionFlow(context, known);
      if (flow.falls || flow.exits.length > 0) return true;
    }
    const method = getMethodCall(node);
    if (!method) return false;
    node = unwrap(method.object);
  }
  return false;
}
