/** Code that looks whether a signal is aborted. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getProperty,
  getPropertyName,
  getString,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { getReferenceKey } from "../semantics/names/reference.ts";
import { getMdcCall, importsMdc } from "../semantics/tasks/calls.ts";
import { getTaskBody } from "../semantics/tasks/bodies.ts";
import { isSignal } from "../semantics/signals/signal.ts";

/** The key of the signal that the node looks at. */
export function getAbortedCheck(
  context: RuleContext,
  node: ES.Node,
): string | undefined {
  switch (node.type) {
    case "MemberExpression":
      return /^(?:aborted|throwIfAborted)$/.test(getPropertyName(node) ?? "") &&
          isSignal(context, node.object)
        ? getReferenceKey(context, node.object)
        : undefined;
    case "VariableDeclarator":
      return node.init && node.id.type === "ObjectPattern" &&
          getProperty(node.id, "aborted") && isSignal(context, node.init)
        ? getReferenceKey(context, node.init)
        : undefined;
    case "BinaryExpression":
      // `"aborted" in signal`: something like a signal, from before there was one.
      return node.operator === "in" && getString(node.left) === "aborted" &&
          isSignal(context, node.right)
        ? getReferenceKey(context, node.right)
        : undefined;
    case "CallExpression":
      return getCheckCall(context, node);
    default:
      return undefined;
  }
}

/** `throwIfAborted(signal)`, and `checkpoint({ signal })` of `@mdc/tasks`. */
function getCheckCall(
  context: RuleContext,
  call: ES.CallExpression,
): string | undefined {
  if (/aborted$/i.test(getLastName(call.callee) ?? "")) {
    const signal = call.arguments.find((each) => isSignal(context, each));
    return signal && getReferenceKey(context, signal);
  }
  if (!importsMdc(context, call)) return undefined;
  const name = getMdcCall(context, call);
  if (name === "context.checkpoint") {
    const callee = unwrap(call.callee);
    return callee.type === "MemberExpression"
      ? `${getReferenceKey(context, callee.object)}.signal`
      : undefined;
  }
  if (name !== "checkpoint") return undefined;
  const [options] = call.arguments;
  if (!options) return getTaskKey(context, call);
  if (options.type !== "ObjectExpression") return undefined;
  const signal = getProperty(options, "signal")?.value;
  return signal && getReferenceKey(context, signal);
}

/** The key of the signal of the task around the call. */
function getTaskKey(
  context: RuleContext,
  call: ES.CallExpression,
): string | undefined {
  const parameter = getTaskBody(context, call)?.params[0];
  if (parameter?.type === "Identifier") {
    return `${getReferenceKey(context, parameter)}.signal`;
  }
  const signal = parameter?.type === "ObjectPattern"
    ? getProperty(parameter, "signal")?.value
    : undefined;
  return signal && getReferenceKey(context, signal);
}
