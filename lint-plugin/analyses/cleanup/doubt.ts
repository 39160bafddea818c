/** Signals that may be aborted when cleanup begins. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getEnclosingFunction,
  getMethodCall,
  getPropertyName,
  isFunctionExpression,
  isMemberOf,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { find } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getRegions, type Region } from "./regions.ts";
import {
  getGivenSignals,
  type GivenSignal,
} from "../../semantics/signals/given.ts";
import { isHandled } from "../../semantics/promises/handled.ts";
import { getReferenceKey } from "../../semantics/names/reference.ts";
import {
  hasFallback,
  isKnownLive,
} from "../../semantics/cancellation/live_guards.ts";
import { getBehaviour } from "../../semantics/tasks/api.ts";
import { getMdcCall, importsMdc } from "../../semantics/tasks/calls.ts";
import { isImplicitPoint } from "../../semantics/tasks/bodies.ts";
import { getProvenance } from "../../semantics/signals/provenance.ts";
import {
  getOnlyDefinition,
  getReads,
  getVariable,
  lookThrough,
} from "../../semantics/names/variables.ts";
import { isSignal, isSignalCall } from "../../semantics/signals/signal.ts";
import { isWaitedFor } from "../../semantics/promises/awaited.ts";

/** Calls that only look at a signal, or wait for its abort. */
const HARMLESS =
  /^(?:(?:add|remove)EventListener|addAbortListener|abort|throwIfAborted|reject|resolve)$/;

/** A signal that a call in cleanup gets. */
export interface Doubtful extends GivenSignal {
  /** The signal in doubt: the value, or one that is merged in it. */
  readonly signal: ES.Node;
}

/** The first signal in doubt among those that the call is given. */
export function findDoubtful(
  context: RuleContext,
  call: ES.CallExpression,
): Doubtful | undefined {
  const name = getMethodCall(call)?.name ??
    context.sourceCode.getText(unwrap(call.callee));
  if (HARMLESS.test(name) || isSignalCall(call)) return undefined;
  const given = getGivenSignals(context, call)
    .filter(({ value }) => contains(call, value));
  if (given.length === 0) return undefined;
  const regions = getRegions(context, call);
  for (const region of regions) {
    for (const each of given) {
      const signal = getSources(context, each.value)
        .find((source) => isInDoubt(context, source, region, call));
      if (!signal) continue;
      // Elsewhere a call that nobody waits for may be about the signal itself.
      if (!each.property && !isWaitedFor(context, call)) continue;
      if (!hasFallback(context, call, region.node)) return { ...each, signal };
    }
  }
  return undefined;
}

/** The signals behind the expression: those that it merges, or itself. */
function getSources(context: RuleContext, value: ES.Node): ES.Node[] {
  const made = lookThrough(context, value);
  if (made.type !== "CallExpression" || !isMerge(made)) return [value];
  const sources: ES.Node[] = [];
  for (const argument of made.arguments) {
    find(context, argument, (node) => {
      if (!isSignal(context, node)) return undefined;
      sources.push(node);
      return "skip";
    });
  }
  return sources;
}

function isMerge(call: ES.CallExpression): boolean {
  return isSignalCall(call) &&
    !isMemberOf(call.callee, "AbortSignal", /^(?:timeout|abort)$/);
}

/** Whether the signal may be aborted in the region, at the node. */
export function isInDoubt(
  context: RuleContext,
  signal: ES.Node,
  region: Region,
  at: ES.Node,
): boolean {
  const key = getReferenceKey(context, signal);
  if (region.kind === "aborted") return key === region.key;
  return existedBefore(context, signal, region.node) &&
    mayBeAborted(context, signal, at) &&
    !isKnownLive(context, at, region.node, key);
}

function existedBefore(
  context: RuleContext,
  signal: ES.Node,
  region: ES.Node,
): boolean {
  let root: ES.Node = lookThrough(context, signal);
  // What the code looked through may be an alias made in the region.
  if (contains(region, root) && root.type === "CallExpression") return false;
  while (root.type === "MemberExpression") root = unwrap(root.object);
  if (root.type === "ThisExpression") return true;
  if (root.type !== "Identifier") return !contains(region, root);
  const declared = getVariable(context, root)?.defs[0]?.name as Maybe<ES.Node>;
  return !declared || !contains(region, declared);
}

function mayBeAborted(
  context: RuleContext,
  signal: ES.Node,
  at: ES.Node,
): boolean {
  const made = lookThrough(context, signal);
  if (getProvenance(context, made) !== "own") return true;
  if (made.type === "CallExpression") {
    return isMemberOf(made.callee, "AbortSignal", "timeout");
  }
  let root: ES.Node = made;
  while (root.type === "MemberExpression") root = unwrap(root.object);
  if (root.type === "ThisExpression") return true;
  const controller = getController(context, made);
  return controller !== undefined &&
    getReads(controller).some((use) =>
      use.range[0] < at.range[0] && !isSignalRead(use)
    );
}

/** The variable of the own controller whose signal the expression is. */
function getController(
  context: RuleContext,
  signal: ES.Node,
): Variable | undefined {
  if (signal.type === "MemberExpression") {
    const object = unwrap(signal.object);
    return object.type === "Identifier"
      ? getVariable(context, object)
      : undefined;
  }
  if (signal.type !== "Identifier") return undefined;
  const definition = getOnlyDefinition(getVariable(context, signal));
  const declarator = definition?.node as Maybe<ES.Node>;
  const init = declarator?.type === "VariableDeclarator"
    ? unwrap(declarator.init)
    : undefined;
  return init?.type === "Identifier" ? getVariable(context, init) : undefined;
}

function isSignalRead(use: ES.Identifier): boolean {
  const value = outermost(use);
  const { parent } = value;
  return parent?.type === "MemberExpression" && parent.object === value &&
      getPropertyName(parent) === "signal" ||
    parent?.type === "VariableDeclarator" && parent.id.type === "ObjectPattern";
}

/** The waits for time or a promise; others end with what they wait for. */
function isPlainWait(context: RuleContext, call: ES.CallExpression): boolean {
  const name = getMdcCall(context, call);
  return getBehaviour(name)?.waits === true && (name === "abortable" ||
    name === "context.abortable" || getBehaviour(name)?.sleeps === true);
}

/** Whether the call waits under the cancellation of a task that may be over. */
export function isDoubtfulPoint(
  context: RuleContext,
  call: ES.CallExpression,
): boolean {
  if (!importsMdc(context, call)) return false;
  if (!isPlainWait(context, call)) return false;
  if (!isImplicitPoint(context, call) || isInShield(context, call)) {
    return false;
  }
  if (getGivenSignals(context, call).length > 0 || isCaught(call)) return false;
  return getRegions(context, call).some((region) =>
    region.kind === "cleanup" && !hasFallback(context, call, region.node)
  );
}

/** Whether a handler on the promise keeps a rejection from the code after it. */
function isCaught(call: ES.CallExpression): boolean {
  const member = call.parent;
  return member.type === "MemberExpression" && member.object === call &&
    isHandled(member.parent);
}

/** Whether a `shield` keeps the task's cancellation away from the node. */
export function isInShield(context: RuleContext, node: ES.Node): boolean {
  let around = getEnclosingFunction(node);
  while (around) {
    const call = outermost(around).parent;
    if (
      isFunctionExpression(around) && call?.type === "CallExpression" &&
      getMdcCall(context, call) === "shield"
    ) return true;
    around = getEnclosingFunction(around);
  }
  return false;
}
