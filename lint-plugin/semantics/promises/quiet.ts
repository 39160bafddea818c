/** Promises that cannot reject, as far as this file tells. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getMethodCall,
  isFunctionExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getLocalCallee } from "../names/methods.ts";
import { LOGGER } from "../../vocabulary/names.ts";
import { isLogger } from "./chains.ts";
import { getFunction, lookThrough } from "../names/variables.ts";
import {
  canThrow,
  getFinalHandler,
  isSelfHandled,
  neverRejects,
} from "./handled.ts";

const judging = new Set<FunctionNode>();

/**
 * Whether the function handles whatever it waits for: each of its waits stands
 * in a `try` whose handler doesn't throw, or can't reject, and nothing else is
 * called but loggers and what clears a timer.
 */
export function isCareful(
  context: RuleContext,
  node: Maybe<FunctionNode>,
): boolean {
  if (isSelfHandled(context, node)) return true;
  if (node?.body?.type !== "BlockStatement" || judging.has(node)) return false;
  judging.add(node);
  try {
    let cares = false;
    const fails = someInFlow(context, node.body, (each) => {
      const isSafe = each.type === "TryStatement" && isSafeTry(context, each) ||
        each.type === "AwaitExpression" &&
          (isQuiet(context, each.argument) || givesError(each));
      if (isSafe) {
        cares = true;
        return "skip";
      }
      return isRisky(each);
    });
    return cares && !fails;
  } finally {
    judging.delete(node);
  }
}

/** `const [error, value] = await tryCatch(work())`: an error as data. */
function givesError(wait: ES.AwaitExpression): boolean {
  const { parent } = wait;
  return parent.type === "VariableDeclarator" &&
    parent.id.type === "ArrayPattern" &&
    parent.id.elements.some((each) =>
      each?.type === "Identifier" && /err(?:or)?$/i.test(each.name)
    );
}

function isSafeTry(context: RuleContext, attempt: ES.TryStatement): boolean {
  return attempt.handler !== null &&
    !canThrow(context, attempt.handler.body) &&
    !waits(context, attempt.handler.body) &&
    !canThrow(context, attempt.finalizer) &&
    !waits(context, attempt.finalizer);
}

function waits(context: RuleContext, node: Maybe<ES.Node>): boolean {
  return someInFlow(
    context,
    node,
    (each) =>
      each.type === "AwaitExpression" && !isQuiet(context, each.argument),
  );
}

function isRisky(node: ES.Node): boolean {
  return node.type === "AwaitExpression" || node.type === "NewExpression" ||
    node.type === "ThrowStatement" ||
    node.type === "ForOfStatement" && node.await ||
    node.type === "CallExpression" && !isHarmless(node);
}

function isHarmless(call: ES.CallExpression): boolean {
  const method = getMethodCall(call);
  return LOGGER.test(getLastName(method?.object) ?? "") ||
    /^clear(?:Timeout|Interval)$/.test(getLastName(call.callee) ?? "");
}

function mayGivePromise({ argument }: ES.ReturnStatement): boolean {
  const value = unwrap(argument);
  return value?.type === "CallExpression" || value?.type === "NewExpression";
}

/** Whether the promise can't reject: handled, or of things that can't either. */
export function isQuiet(
  context: RuleContext,
  expression: Maybe<ES.Node>,
): boolean {
  if (!expression) return true;
  if (neverRejects(context, expression)) return true;
  const node = lookThrough(context, expression);
  if (node.type === "LogicalExpression") return isQuiet(context, node.right);
  if (node.type === "ChainExpression") return isQuiet(context, node.expression);
  if (node.type === "Literal") return true;
  if (node.type !== "CallExpression") return false;
  if (isMemberOf(node.callee, "Promise", /^(?:all|race)$/)) {
    return areQuiet(context, node.arguments[0]);
  }
  // A promise of nothing: a microtask.
  if (isMemberOf(node.callee, "Promise", "resolve")) {
    return node.arguments.length === 0;
  }
  if (isQuietLink(context, node)) return true;
  return isCareful(
    context,
    getLocalCallee(context, node.callee),
  );
}

function areQuiet(context: RuleContext, list: Maybe<ES.Node>): boolean {
  const elements = list && lookThrough(context, list);
  if (elements?.type === "ArrayExpression") {
    return elements.elements.every((each) => each && isQuiet(context, each));
  }
  if (elements?.type !== "CallExpression") return false;
  const made = getFunction(context, elements.arguments[0]);
  if (getMethodCall(elements)?.name !== "map" || !made) return false;
  return made.body.type === "BlockStatement" || made.async
    ? isCareful(context, made)
    : isQuiet(context, made.body);
}

/** Whether the expression itself handles all that can go wrong in it. */
export function endsHandled(context: RuleContext, node: ES.Node): boolean {
  return node.type === "CallExpression" &&
    (isMemberOf(node.callee, "Promise", /^(?:all|race)$/)
      ? areQuiet(context, node.arguments[0])
      : isQuietLink(context, node));
}

/** `p.catch(log).then(() => { done = true; })`, or `.finally(…)` instead. */
function isQuietLink(
  context: RuleContext,
  link: ES.CallExpression,
): boolean {
  const method = getMethodCall(link);
  if (method?.name === "finally" && getFinalHandler(link)) return true;
  if (method?.name !== "then" || link.arguments.length > 1) return false;
  const [callback] = link.arguments;
  if (callback && !isPlain(context, callback)) return false;
  const handler = getFinalHandler(method.object);
  if (!handler) return isQuiet(context, method.object);
  // A handler that this file doesn't show may throw.
  const known = getFunction(context, handler);
  return isLogger(handler) || known !== undefined &&
      !canThrow(context, known.body);
}

/** An inline function that neither waits, throws, nor gives a promise on. */
export function isPlain(
  context: RuleContext,
  callback: Maybe<ES.Node>,
): boolean {
  const node = unwrap(callback);
  return isFunctionExpression(node) && !node.async &&
    node.body.type === "BlockStatement" && !canThrow(context, node.body) &&
    !someInFlow(
      context,
      node.body,
      (each) => each.type === "ReturnStatement" && mayGivePromise(each),
    );
}
