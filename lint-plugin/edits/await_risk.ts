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
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext, Verdict } from "../host/rule.ts";
import { getLocalCallee } from "../semantics/names/methods.ts";
import type { KnownPromise } from "../semantics/promises/known.ts";
import { getImported } from "../semantics/names/variables.ts";
import { LINK } from "../vocabulary/names.ts";
import { review, safe } from "./risk.ts";

/** Names of promises that end with the life of something else. */
const LATER =
  /(?:closed|done|finished|ended|exited|completed|stopped|terminated|disconnected|promise|status)$/i;

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
 * Returning is waiting already. Only what `finally` does would come later: it may
 * be what ends the promise, or what others wait for.
 */
export function judgeReturnAwait({ node }: KnownPromise): Verdict {
  return isBeforeFinally(node)
    ? review("what `finally` does comes later then, and may be what ends it")
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
    (root.type === "CallExpression"
      ? getLocalCallee(context, root.callee)
      : undefined);
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
    const called = getLocalCallee(context, inner.callee);
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

/** Whether a `finally` of the function runs when the node is left. */
function isBeforeFinally(node: ES.Node): boolean {
  let inner: ES.Node = node;
  for (
    let outer = node.parent;
    outer && !isFunction(outer);
    inner = outer, outer = outer.parent
  ) {
    if (
      outer.type === "TryStatement" && outer.finalizer &&
      outer.finalizer !== inner
    ) return true;
  }
  return false;
}
