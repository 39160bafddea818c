/** Ways in which a handler tells others of its error instead of throwing it. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getLastName,
  getMethodCall,
  getPropertyName,
  getString,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { COLLECTS, LOGGER } from "../../vocabulary/names.ts";
import { getInitialiser, getVariable } from "../names/variables.ts";

/** Methods that give what they get to somebody who waits for it. */
const EMITS =
  /^(?:emit|dispatchEvent|publish|postMessage|send|json|enqueue|write|end|destroy|close)$/;
const REPORTS = /^(?:on|set|handle|notify)\w*(?:Error|Failure|Rejection)$/;
const HOLDS = /error|reason|fail|cause|exception/i;
const SAYS_SO = /abort|cancel|interrupt/i;
const ASKS = /^(?:is|has|log|warn|error|info|debug|trace)(?:[A-Z]|$)/;

/** `emitter.emit("error", e)`, `queue.enqueue({ error: e })`, `onError(e)`. */
export function isEmitting(
  context: RuleContext,
  call: ES.CallExpression,
  error: string | undefined,
): boolean {
  const name = getLastName(call.callee) ?? "";
  const method = getMethodCall(call);
  if (method && LOGGER.test(getLastName(method.object) ?? "")) return false;
  const carried = call.arguments.some((each) => carries(context, each, error));
  if (carried && REPORTS.test(name)) return true;
  if (!method) return false;
  if (EMITS.test(name)) {
    return carried || call.arguments.some((each) => saysSo(context, each));
  }
  return carried && COLLECTS.test(name) &&
    !call.arguments.some((each) => isText(each));
}

/** `state.error = e`: whoever looks at the state is told. */
export function isKeeping(
  context: RuleContext,
  { left, right }: ES.AssignmentExpression,
  error: string | undefined,
): boolean {
  return left.type === "MemberExpression" &&
    HOLDS.test(getPropertyName(left) ?? "") && carries(context, right, error);
}

/** Whether the result has the error in it, or says that it was cancelled. */
export function isTelling(
  context: RuleContext,
  result: ES.Node,
  error: string | undefined,
): boolean {
  return carries(context, result, error) || saysSo(context, result);
}

/** Whether the value is, or is made of, the error of that name. */
function carries(
  context: RuleContext,
  value: Maybe<ES.Node>,
  error: string | undefined,
): boolean {
  const node = unwrap(value);
  const any = (all: readonly (ES.Node | null)[]) =>
    all.some((each) => carries(context, each, error));
  switch (node?.type) {
    case "Identifier":
      return error !== undefined &&
        (node.name === error ||
          carries(context, getEarlier(context, node), error));
    case "MemberExpression":
      return carries(context, node.object, error);
    case "ObjectExpression":
      return any(node.properties);
    case "Property":
      return carries(context, node.value, error);
    case "SpreadElement":
    case "AwaitExpression":
      return carries(context, node.argument, error);
    case "ArrayExpression":
      return any(node.elements);
    case "TemplateLiteral":
      return any(node.expressions);
    case "BinaryExpression":
      return node.operator === "+" && any([node.left, node.right]);
    case "LogicalExpression":
      return any([node.left, node.right]);
    case "ConditionalExpression":
      return any([node.consequent, node.alternate]);
    case "NewExpression":
      return any(node.arguments);
    case "CallExpression":
      return !ASKS.test(getLastName(node.callee) ?? "") &&
        any(node.arguments);
    default:
      return false;
  }
}

/** What a constant further up was made from. */
function getEarlier(
  context: RuleContext,
  node: ES.Identifier,
): ES.Node | undefined {
  const made = getInitialiser(getVariable(context, node));
  return made && made.range[1] <= node.range[0] ? made : undefined;
}

/** `"aborted"`, `{ cancelled: true }`, `Status.Cancelled`, `ABORTED`. */
function saysSo(context: RuleContext, value: ES.Node): boolean {
  return someInFlow(context, value, (node) => {
    const text = node.type === "Property"
      ? getKeyName(node.key, node.computed)
      : node.type === "MemberExpression"
      ? getPropertyName(node)
      : node.type === "Identifier"
      ? node.name
      : getString(node);
    return text !== undefined && SAYS_SO.test(text) || undefined;
  });
}

function isText(node: ES.Node): boolean {
  const inner = unwrap(node);
  return inner.type === "TemplateLiteral" || inner.type === "BinaryExpression";
}

/** Whether a function that never returns is declared so: `fail(e): never`. */
export function isNever(node: FunctionNode): boolean {
  return node.returnType?.typeAnnotation.type === "TSNeverKeyword";
}

/** The parameter under which the function gets the error. */
export function getReceived(
  { params }: FunctionNode,
  call: ES.CallExpression,
  error: string | undefined,
): string | undefined {
  const index = call.arguments.findIndex((each) => {
    const given = unwrap(each);
    return given.type === "Identifier" && given.name === error;
  });
  const parameter: Maybe<ES.Node> = params[index];
  return parameter?.type === "Identifier" && !isNullish(parameter)
    ? parameter.name
    : undefined;
}
