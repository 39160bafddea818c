/** How risky it is to wait for a promise that nobody has waited for. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  getStatement,
  isFunction,
  isLoop,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../syntax/walk.ts";
import type { RuleContext, Verdict } from "../host/rule.ts";
import { getThisMethod } from "../semantics/names/methods.ts";
import type { KnownPromise } from "../semantics/promises/known.ts";
import { getFunction, getImported } from "../semantics/names/variables.ts";
import { LINK } from "../vocabulary/names.ts";
import { review, safe } from "./risk.ts";

/** Names of promises that end with the life of something else. */
const LATER =
  /(?:closed|done|finished|ended|exited|completed|stopped|terminated|disconnected|promise|status)$/i;

/** Calls after which something that was waited for ends. */
const ENDS =
  /^(?:abort|cancel|close|destroy|disconnect|dispose|end|exit|finish|kill|resolve|set|shutdown|signal|stop|terminate)/i;

const DISARMS = /^clear(?:Timeout|Interval)/;

const FILES = /^(?:node:)?fs\/promises$/;

/**
 * Waiting is safe for work that is provably short, at the end of an async
 * function: nothing comes after it that could be what it waits for.
 */
export function judgeAwait(
  context: RuleContext,
  promise: KnownPromise,
): Verdict {
  const later = findDelay(context, promise);
  if (later !== undefined) return review(later);
  const home = getEnclosingFunction(promise.node);
  if (!home) return review("modules that import this one would wait for it");
  if (!isLastStatement(promise.node, home)) {
    return review("what comes after it would wait for it");
  }
  return promise.producer && isShort(context, promise.producer)
    ? safe("it is short, and nothing comes after it")
    : review("nothing tells how long it takes");
}

/**
 * Returning is waiting already: only what `finally` does comes later, and that
 * may be what ends it.
 */
export function judgeReturnAwait(
  context: RuleContext,
  promise: KnownPromise,
): Verdict {
  const { node } = promise;
  if (callsInFinally(context, node, DISARMS)) {
    return review("the timer that `finally` clears then bounds it");
  }
  const later = findDelay(context, promise);
  return later !== undefined && callsInFinally(context, node, ENDS)
    ? review(`${later}, and \`finally\` may be what ends it`)
    : safe("the caller waits for it anyway");
}

/** Why the promise may end only when something else happens. */
function findDelay(
  context: RuleContext,
  { node, producer }: KnownPromise,
): string | undefined {
  const root = getRoot(node);
  const name = getLastName(root.type === "CallExpression" ? root.callee : root);
  if (name !== undefined && LATER.test(name)) {
    return `it ends only when \`${name}\` says so`;
  }
  const made = producer ??
    (root.type === "CallExpression" ? getCalled(context, root) : undefined);
  if (!made) return undefined;
  if (made === getEnclosingFunction(node)) return "it calls itself";
  return hasLoop(context, made) ? "it runs a loop" : undefined;
}

/** What a chain of `.then`, `.catch` and `.finally` starts with. */
function getRoot(node: ES.Node): ES.Node {
  let root = unwrap(node);
  for (;;) {
    const method = getMethodCall(root);
    if (!method || !LINK.test(method.name)) return root;
    root = unwrap(method.object);
  }
}

function getCalled(
  context: RuleContext,
  call: ES.CallExpression,
): FunctionNode | undefined {
  return getFunction(context, call.callee) ?? getThisMethod(call.callee) ??
    undefined;
}

function hasLoop(context: RuleContext, producer: FunctionNode): boolean {
  return someInFlow(
    context,
    producer.body,
    (each) => isLoop(each),
  );
}

function isLastStatement(node: ES.Node, home: FunctionNode): boolean {
  const { body } = home;
  return body?.type === "BlockStatement" &&
    body.body.at(-1) === getStatement(node);
}

/** Whether the function waits for nothing but short work. */
function isShort(
  context: RuleContext,
  producer: FunctionNode,
  around: readonly FunctionNode[] = [],
): boolean {
  if (producer.generator || around.includes(producer)) return false;
  const path = [...around, producer];
  const isShortValue = (value: Maybe<ES.Node>): boolean => {
    const inner = unwrap(value);
    if (!inner) return true;
    if (inner.type === "AwaitExpression") return true;
    if (
      inner.type === "NewExpression" || inner.type === "ConditionalExpression"
    ) {
      return false;
    }
    if (inner.type !== "CallExpression") {
      return inner.type === "Literal" || inner.type === "ObjectExpression" ||
        inner.type === "TemplateLiteral" || inner.type === "ArrayExpression";
    }
    const imported = getImported(context, inner.callee);
    if (imported && FILES.test(imported.source)) {
      return imported.imported !== "watch";
    }
    const called = getCalled(context, inner);
    return called !== undefined && isFunction(called) &&
      isShort(context, called, path);
  };
  if (producer.body?.type !== "BlockStatement") {
    return isShortValue(producer.body);
  }
  return !someInFlow(context, producer.body, (each) => {
    if (isLoop(each)) return true;
    if (each.type === "AwaitExpression") {
      return !isShortValue(each.argument);
    }
    if (each.type === "ReturnStatement") {
      return !isShortValue(each.argument);
    }
    return undefined;
  });
}

/** Whether a `finally` around the node calls something of such a name. */
function callsInFinally(
  context: RuleContext,
  node: ES.Node,
  names: RegExp,
): boolean {
  let inner: ES.Node = node;
  for (
    let outer = node.parent;
    outer && !isFunction(outer);
    inner = outer, outer = outer.parent
  ) {
    if (outer.type !== "TryStatement" || !outer.finalizer) continue;
    if (inner === outer.finalizer) continue;
    const ending = findInFlow(
      context,
      outer.finalizer,
      (each) =>
        each.type === "CallExpression" &&
          names.test(getLastName(each.callee) ?? "") || undefined,
    );
    if (ending) return true;
  }
  return false;
}
