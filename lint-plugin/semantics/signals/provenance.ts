/** Whose cancellation a signal carries. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getMethodCall,
  getProperty,
  getPropertyName,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getMdcThing, importsMdc } from "../tasks/calls.ts";
import {
  getInitialiser,
  getOnlyDefinition,
  getReads,
  getVariable,
  getWrites,
} from "../names/variables.ts";
import { isSignal, isSignalCall } from "./signal.ts";

/**
 * Who decides about a signal's abort: `"own"` code nearby, a `"foreign"` caller,
 * or a signal `"derived"` from several.
 */
export type Provenance = "own" | "derived" | "foreign";

const OWN_FIELD = /controller$|abort|^_?ac$/i;

/** Whose cancellation the signal expression carries. */
export function getProvenance(
  context: RuleContext,
  node: ES.Node,
): Provenance {
  return trace(context, node, new Set());
}

function trace(
  context: RuleContext,
  node: ES.Node,
  seen: Set<Variable>,
): Provenance {
  const inner = unwrap(node);
  switch (inner.type) {
    case "CallExpression":
      if (isMemberOf(inner.callee, "AbortSignal", /^(?:timeout|abort)$/)) {
        return "own";
      }
      if (isSignalCall(inner)) return traceSources(context, inner, seen);
      return getThingProvenance(context, inner) ?? "foreign";
    case "NewExpression":
      return getLastName(inner.callee) === "AbortController"
        ? "own"
        : getThingProvenance(context, inner) ?? "foreign";
    case "LogicalExpression":
      return weakest([
        trace(context, inner.left, seen),
        trace(context, inner.right, seen),
      ]);
    case "ConditionalExpression":
      return weakest([
        trace(context, inner.consequent, seen),
        trace(context, inner.alternate, seen),
      ]);
    case "MemberExpression":
      return traceMember(context, inner, seen);
    case "Identifier":
      return traceVariable(context, getVariable(context, inner), seen);
    default:
      return "foreign";
  }
}

/** A signal derived only from own ones still has one owner. */
function traceSources(
  context: RuleContext,
  call: ES.CallExpression,
  seen: Set<Variable>,
): Provenance {
  const sources = getSources(context, call);
  const isOwn = sources.length > 0 &&
    sources.every((source) =>
      source !== null && source.type !== "SpreadElement" &&
      trace(context, source, seen) === "own"
    );
  return isOwn ? "own" : "derived";
}

/** The signals that are merged, given one by one or in an array. */
function getSources(
  context: RuleContext,
  call: ES.CallExpression,
): readonly (ES.Node | null)[] {
  const given = unwrap(call.arguments[0]);
  if (given?.type === "ArrayExpression") return given.elements;
  if (given?.type !== "Identifier") return call.arguments;
  const variable = getVariable(context, given);
  const made = unwrap(getInitialiser(variable));
  if (!variable || made?.type !== "ArrayExpression") return call.arguments;
  const added = getReads(variable).filter((read) => read !== given)
    .flatMap((read): readonly (ES.Node | null)[] => {
      const push = read.parent?.parent;
      const method = push?.type === "CallExpression"
        ? getMethodCall(push)
        : null;
      // Any other use may add a signal that we don't see.
      return method?.object === read && method.name === "push"
        ? method.call.arguments
        : [null];
    });
  return [...made.elements, ...added];
}

function traceMember(
  context: RuleContext,
  member: ES.MemberExpression,
  seen: Set<Variable>,
): Provenance {
  const object = unwrap(member.object);
  const thing = getThingProvenance(context, object);
  if (thing) return thing;
  if (object.type === "MemberExpression") {
    const made = getMadeProperty(context, object, seen);
    if (made) return trace(context, made, seen);
    return unwrap(object.object).type === "ThisExpression" &&
        OWN_FIELD.test(getLastName(object) ?? "")
      ? "own"
      : "foreign";
  }
  return object.type === "ThisExpression"
    ? "foreign"
    : trace(context, object, seen);
}

/** The value of `object.key` where the object is a literal of this code. */
function getMadeProperty(
  context: RuleContext,
  member: ES.MemberExpression,
  seen: Set<Variable>,
): ES.Node | undefined {
  const object = unwrap(member.object);
  const key = getPropertyName(member);
  if (object.type !== "Identifier" || key === undefined) return undefined;
  const variable = getVariable(context, object);
  if (!variable || seen.has(variable)) return undefined;
  seen.add(variable);
  const made = unwrap(getInitialiser(variable));
  return made?.type === "ObjectExpression"
    ? getProperty(made, key)?.value
    : undefined;
}

function traceVariable(
  context: RuleContext,
  variable: Maybe<Variable>,
  seen: Set<Variable>,
): Provenance {
  const definition = getOnlyDefinition(variable);
  if (!variable || definition?.type !== "Variable" || seen.has(variable)) {
    return "foreign";
  }
  seen.add(variable);
  const writes = getWrites(variable).filter((write) =>
    !(write.type === "Identifier" && write.name === "undefined") &&
    !(write.type === "Literal" && write.value === null)
  );
  return writes.length === 0
    ? "foreign"
    : weakest(writes.map((write) => trace(context, write, seen)));
}

/** A value that is sometimes foreign must be treated as foreign. */
function weakest(all: readonly Provenance[]): Provenance {
  if (all.includes("foreign")) return "foreign";
  return all.includes("derived") ? "derived" : "own";
}

function getThingProvenance(
  context: RuleContext,
  object: ES.Node,
): Provenance | undefined {
  if (!importsMdc(context, object)) return undefined;
  const thing = getMdcThing(context, object);
  if (!thing) return undefined;
  if (thing === "context" || thing === "group") return "foreign";
  const origin = object.type === "Identifier"
    ? unwrap(getInitialiser(getVariable(context, object)))
    : object;
  if (!origin) return "foreign";
  return thing === "event" && origin.type === "CallExpression"
    ? "derived"
    : "own";
}

/** Whether the node is a signal expression that a caller can abort. */
export function isCallersSignal(context: RuleContext, node: ES.Node): boolean {
  return isSignal(context, node) && getProvenance(context, node) !== "own";
}
