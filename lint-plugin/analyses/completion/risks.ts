/** What can keep an async function from reaching a signalling call. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { contains, type FunctionNode, isLoop } from "../../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import {
  cannotReject,
  canThrow,
  isSelfHandled,
} from "../../semantics/promises/handled.ts";
import { getKnownPromise } from "../../semantics/promises/known.ts";
import { getAcquisitionEnd } from "./owed.ts";
import {
  alwaysSettles,
  isCoveredByChain,
  mentionsSettling,
} from "./settled.ts";
import { isHandingOn, type Signalling } from "./calls.ts";

/** A node at which the function may be left. */
export type Risk =
  | ES.AwaitExpression
  | ES.ForOfStatement
  | ES.YieldExpression
  | ES.ThrowStatement
  | ES.ReturnStatement;

/** The first node that can skip the signalling call, if nothing makes up for it. */
export function findRisk(
  context: RuleContext,
  home: FunctionNode,
  { call, key }: Signalling,
): Risk | undefined {
  if (isInFinally(call, home)) return undefined;
  const start = getAcquisitionEnd(context, home, call, key);
  if (start === undefined) return undefined;
  const all = getRisks(context, home);
  const scene: Scene = { context, home, call, key, start };
  for (let at = findFirst(all, start); at < all.length; at++) {
    const risk = all[at];
    if (!risk || risk.range[0] > call.range[1]) return undefined;
    if (!comesBefore(risk, call) || isOtherBranch(risk, call)) continue;
    if (risk.type === "AwaitExpression" && isSafe(context, risk.argument)) {
      continue;
    }
    if (isGuard(scene, risk)) continue;
    if (!isSettledBefore(scene, risk) && !isCovered(scene, risk)) return risk;
  }
  return undefined;
}

const risks = new WeakMap<FunctionNode, readonly Risk[]>();

/** All of a function's own, in order: found once, as each call in it asks. */
function getRisks(context: RuleContext, home: FunctionNode): readonly Risk[] {
  const known = risks.get(home);
  if (known) return known;
  const found: Risk[] = [];
  findInFlow(context, home.body, (node) => {
    if (isRisk(node)) found.push(node);
    return undefined;
  });
  found.sort((a, b) => a.range[0] - b.range[0]);
  risks.set(home, found);
  return found;
}

/** The index of the first that begins at the offset or later. */
function findFirst(sorted: readonly Risk[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = sorted[middle]?.range[0] ?? 0;
    if (start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A signalling call, where it stands and from where on it is owed. */
export interface Scene {
  readonly context: RuleContext;
  readonly home: FunctionNode;
  readonly call: ES.CallExpression;
  readonly key: string;
  readonly start: number;
}

function isRisk(node: ES.Node): node is Risk {
  return node.type === "AwaitExpression" || node.type === "YieldExpression" ||
    node.type === "ThrowStatement" || node.type === "ReturnStatement" ||
    node.type === "ForOfStatement" && node.await;
}

/** Before the call, or inside its own arguments. */
function comesBefore(risk: Risk, call: ES.CallExpression): boolean {
  if (risk.type === "ForOfStatement") {
    return risk.right.range[1] <= call.range[0];
  }
  return risk.range[1] <= call.range[0] ||
    call.range[0] <= risk.range[0] && risk.range[1] <= call.range[1];
}

/** Whether only one of the two can run, or the call runs because of the risk. */
function isOtherBranch(risk: ES.Node, call: ES.Node): boolean {
  let inner = risk;
  let fork = risk.parent;
  while (fork && !contains(fork, call)) {
    inner = fork;
    fork = fork.parent;
  }
  switch (fork?.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return inner === fork.consequent && !contains(fork.test, call);
    case "SwitchStatement":
      return inner.type === "SwitchCase";
    case "TryStatement":
      return inner === fork.block && fork.handler !== null &&
        contains(fork.handler, call);
    default:
      return false;
  }
}

function isInFinally(node: ES.Node, home: FunctionNode): boolean {
  let inner: ES.Node = node;
  while (inner !== home && inner.parent) {
    const outer: ES.Node = inner.parent;
    if (outer.type === "TryStatement" && outer.finalizer === inner) return true;
    inner = outer;
  }
  return false;
}

/** `if (this.#closed) return;`: the object was done with before. */
function isGuard({ context, home, key, start }: Scene, risk: ES.Node): boolean {
  if (risk.type !== "ReturnStatement" || !key.startsWith("this.")) return false;
  if (start > home.body.range[0]) return false;
  return !someInFlow(
    context,
    home.body,
    (each) => each.type === "AwaitExpression" && each.range[1] <= risk.range[0],
  );
}

/** Whether waiting for the promise cannot throw. */
function isSafe(context: RuleContext, promise: ES.Node): boolean {
  return cannotReject(context, promise) ||
    isSelfHandled(context, getKnownPromise(context, promise)?.producer);
}

/** Whether a statement before the risk has already told the waiters. */
function isSettledBefore(
  { context, home, key, start }: Scene,
  risk: ES.Node,
): boolean {
  let inner = risk;
  while (inner !== home && inner.parent) {
    const outer = inner.parent;
    const settled = getStatements(outer).some((each) =>
      each.range[0] >= start && each.range[1] <= inner.range[0] &&
      alwaysSettles(context, each, key)
    );
    if (settled) return true;
    inner = outer;
  }
  return false;
}

function getStatements(node: ES.Node): readonly ES.Node[] {
  if (node.type === "BlockStatement") return node.body;
  return node.type === "SwitchCase" ? node.consequent : [];
}

/** Whether an enclosing `try` or the chain tells the waiters all the same. */
export function isCovered(scene: Scene, risk: ES.Node): boolean {
  const { context, home, key } = scene;
  let canCatch = risk.type !== "ReturnStatement";
  let inner: ES.Node = risk;
  while (inner !== home && inner.parent) {
    const outer: ES.Node = inner.parent;
    if (outer.type === "TryStatement" && outer.finalizer !== inner) {
      if (outer.finalizer && mentionsSettling(context, outer.finalizer, key)) {
        return true;
      }
      if (canCatch && outer.block === inner && outer.handler) {
        if (isCaught(scene, outer, outer.handler)) return true;
        canCatch = !hasReturn(context, outer.handler);
      }
    }
    inner = outer;
  }
  return canCatch && isCoveredByChain(context, home, key);
}

/** Whether an error in the block still reaches, or makes up for, the call. */
function isCaught(
  { context, call, key }: Scene,
  statement: ES.TryStatement,
  handler: ES.CatchClause,
): boolean {
  if (
    alwaysSettles(context, handler.body, key) ||
    someInFlow(
      context,
      handler.body,
      (each) => isHandingOn(context, each, key),
    )
  ) return true;
  if (canThrow(context, handler.body) || hasReturn(context, handler)) {
    return false;
  }
  const following = getStatements(statement.parent as ES.Node)
    .filter((each) => each.range[0] >= statement.range[1]);
  if (following.some((each) => alwaysSettles(context, each, key))) return true;
  return !contains(statement.block, call) &&
    !(hasJump(context, handler) && isInLoopWith(statement, call));
}

function hasReturn(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    (each) => each.type === "ReturnStatement",
  );
}

function hasJump(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    (each) =>
      each.type === "BreakStatement" || each.type === "ContinueStatement",
  );
}

function isInLoopWith(statement: ES.Node, call: ES.Node): boolean {
  let outer = statement.parent;
  while (outer && !isLoop(outer)) outer = outer.parent;
  return outer !== undefined && contains(outer, call);
}
