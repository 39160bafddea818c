/** Which signals a function hands to the work that it starts. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getLastName,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow, some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getReferenceKey } from "../../semantics/names/reference.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";
import { isImplicitPoint } from "../../semantics/tasks/bodies.ts";
import { getProvenance } from "../../semantics/signals/provenance.ts";
import { lookThrough, lookUp } from "../../semantics/names/variables.ts";
import type { CallersSignal } from "../../semantics/signals/callers.ts";
import {
  isSignal,
  isSignalCall,
  isSignalName,
} from "../../semantics/signals/signal.ts";

/** What a caller can cancel the work by, at some place. */
export interface Caller {
  /** The key of the signal, and of the object that carries it. */
  readonly signal?: string | undefined;
  readonly carrier?: string | undefined;
  /** Whether the place belongs to a task, which cancels by itself. */
  readonly isTask: boolean;
}

/** The caller as seen from a place with that signal in scope. */
export function getCaller(
  context: RuleContext,
  found: CallersSignal | undefined,
  at: ES.Node,
  isTask: boolean,
): Caller {
  if (!found) return { isTask };
  const [name = "", ...members] = found.text.split(".");
  const binding = lookUp(context, name, at)?.defs[0]?.name as Maybe<ES.Node>;
  const root = found.root.defs[0]?.name as Maybe<ES.Node>;
  if (!binding || !root) return { isTask };
  const signal = [getReferenceKey(context, binding), ...members].join(".");
  const carrier = getReferenceKey(context, root);
  return { isTask, signal, ...(carrier !== signal && { carrier }) };
}

type Owner = "callers" | "own";

/**
 * Whose signal the calls in the function get, nested functions included: an own
 * one anywhere counts for all of it.
 */
export function getHandedSignal(
  context: RuleContext,
  callback: FunctionNode,
  caller: Caller,
): Owner | undefined {
  let handed: Owner | undefined;
  const isOwn = some(context, callback.body, (node) => {
    if (node.type !== "CallExpression" && node.type !== "NewExpression") {
      return undefined;
    }
    const owner = getOwner(context, node, caller);
    handed ??= owner;
    return owner === "own";
  });
  return isOwn ? "own" : handed;
}

function getOwner(
  context: RuleContext,
  call: ES.CallExpression | ES.NewExpression,
  caller: Caller,
): Owner | undefined {
  // A merged signal belongs to the call that gets it.
  if (call.type === "CallExpression" && isSignalCall(call)) return undefined;
  if (/aborted$/i.test(getLastName(call.callee) ?? "")) return undefined;
  const owners = call.arguments.flatMap((each) =>
    getGivenOwners(context, each, caller, 2)
  );
  if (owners.includes("own")) return "own";
  if (owners.includes("callers")) return "callers";
  const isTaken = caller.isTask && (isImplicitPoint(context, call) ||
    getMdcCall(context, call) === "createTask");
  return isTaken ? "callers" : undefined;
}

/** The owners of the signals in an argument, objects up to that depth. */
function getGivenOwners(
  context: RuleContext,
  argument: ES.Node,
  caller: Caller,
  depth: number,
): Owner[] {
  const given = unwrap(argument);
  if (isCarrier(context, given, caller)) return ["callers"];
  if (given.type !== "ObjectExpression" || depth === 0) {
    const owner = getSignalOwner(context, given, caller);
    return owner ? [owner] : [];
  }
  return given.properties.flatMap((property) => {
    if (property.type === "SpreadElement") {
      return isCarrier(context, property.argument, caller) ? ["callers"] : [];
    }
    const name = getKeyName(property.key, property.computed) ?? "";
    const value = unwrap(property.value);
    const isNested = value.type === "ObjectExpression";
    return isNested || isSignalName(name)
      ? getGivenOwners(context, value, caller, depth - 1)
      : [];
  });
}

function isCarrier(
  context: RuleContext,
  node: ES.Node,
  { carrier }: Caller,
): boolean {
  return carrier !== undefined && node.type === "Identifier" &&
    getReferenceKey(context, node) === carrier;
}

function getSignalOwner(
  context: RuleContext,
  node: ES.Node,
  caller: Caller,
): Owner | undefined {
  if (!isSignal(context, node)) return undefined;
  const made = lookThrough(context, node);
  if (made.type === "CallExpression" && isSignalCall(made)) {
    return isTimeout(made) ? undefined : getMergedOwner(context, made, caller);
  }
  if (getProvenance(context, node) === "own") return "own";
  return caller.signal !== undefined &&
      getReferenceKey(context, node) === caller.signal
    ? "callers"
    : undefined;
}

/** Nobody aborts a timeout because a sibling failed. */
function isTimeout(call: ES.CallExpression): boolean {
  return isMemberOf(call.callee, "AbortSignal", /^(?:timeout|abort)$/);
}

function getMergedOwner(
  context: RuleContext,
  merge: ES.CallExpression,
  caller: Caller,
): Owner | undefined {
  let merged: Owner | undefined;
  let isKnown = false;
  for (const argument of merge.arguments) {
    findInFlow(context, argument, (node) => {
      if (!isSignal(context, node)) return undefined;
      isKnown = true;
      const owner = getSignalOwner(context, node, caller);
      if (owner === "own" || !merged) merged = owner;
      return "skip";
    });
  }
  // A list that was made elsewhere may hold anything.
  return isKnown ? merged : "own";
}
