/** Whose cancellation a signal carries. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getKeyName,
  getLastName,
  getMethodCall,
  getProperty,
  getPropertyName,
  isMemberOf,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { find } from "../../syntax/walk.ts";
import type { Definition, RuleContext, Variable } from "../../host/rule.ts";
import { getPatternKey } from "../names/patterns.ts";
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

/** What is being looked at: variables, and fields by name. */
type Seen = Set<Variable | string>;

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
  seen: Seen,
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
  seen: Seen,
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
  seen: Seen,
): Provenance {
  const object = unwrap(member.object);
  const thing = getThingProvenance(context, object);
  if (thing) return thing;
  if (object.type === "MemberExpression") {
    const made = getMadeProperty(context, object, seen);
    if (made) return trace(context, made, seen);
    if (unwrap(object.object).type !== "ThisExpression") return "foreign";
    return OWN_FIELD.test(getLastName(object) ?? "")
      ? "own"
      : traceField(context, object, seen);
  }
  return object.type === "ThisExpression"
    ? traceField(context, member, seen)
    : trace(context, object, seen);
}

/** A field is own if the class gives it nothing but own signals. */
function traceField(
  context: RuleContext,
  field: ES.MemberExpression,
  seen: Seen,
): Provenance {
  const name = getPropertyName(field);
  if (name === undefined || seen.has(`this.${name}`)) return "foreign";
  seen.add(`this.${name}`);
  const values = getFieldValues(context, field, name)
    .filter((value) => !isNullish(value));
  return values.length === 0
    ? "foreign"
    : weakest(values.map((value) => trace(context, value, seen)));
}

const fields = new WeakMap<ES.Node, Map<string, ES.Node[]>>();

/** What the class around writes to `this.name`. */
function getFieldValues(
  context: RuleContext,
  at: ES.Node,
  name: string,
): readonly ES.Node[] {
  let home: Maybe<ES.Node> = at.parent;
  while (home && home.type !== "ClassBody") home = home.parent;
  if (!home) return [];
  let values = fields.get(home);
  if (!values) fields.set(home, values = collectFieldValues(context, home));
  return values.get(name) ?? [];
}

function collectFieldValues(
  context: RuleContext,
  home: ES.Node,
): Map<string, ES.Node[]> {
  const values = new Map<string, ES.Node[]>();
  const add = (name: string | undefined, value: ES.Node) => {
    if (name === undefined) return;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  };
  find(context, home, (node) => {
    if (node.type === "PropertyDefinition" && node.value) {
      add(getKeyName(node.key, node.computed), node.value);
    }
    if (
      node.type === "AssignmentExpression" &&
      node.left.type === "MemberExpression" &&
      unwrap(node.left.object).type === "ThisExpression"
    ) add(getPropertyName(node.left), node.right);
    return undefined;
  });
  return values;
}

/** The value of `object.key` where the object is a literal of this code. */
function getMadeProperty(
  context: RuleContext,
  member: ES.MemberExpression,
  seen: Seen,
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
  seen: Seen,
): Provenance {
  const definition = getOnlyDefinition(variable);
  if (!variable || definition?.type !== "Variable" || seen.has(variable)) {
    return "foreign";
  }
  seen.add(variable);
  const taken = getTaken(definition);
  if (taken) return traceTaken(context, taken, seen);
  const writes = getWrites(variable).filter((write) =>
    !(write.type === "Identifier" && write.name === "undefined") &&
    !(write.type === "Literal" && write.value === null)
  );
  return writes.length === 0
    ? "foreign"
    : weakest(writes.map((write) => trace(context, write, seen)));
}

interface Taken {
  readonly key: string;
  readonly from: ES.Node;
}

/** `const { signal } = controller`, `const { controller } = this`. */
function getTaken({ name, node }: Definition): Taken | undefined {
  const { init } = node as ES.VariableDeclarator;
  const key = getPatternKey(name as ES.Identifier);
  return init && key !== undefined ? { key, from: unwrap(init) } : undefined;
}

function traceTaken(
  context: RuleContext,
  { key, from }: Taken,
  seen: Seen,
): Provenance {
  if (from.type === "ThisExpression") {
    return OWN_FIELD.test(key) ? "own" : "foreign";
  }
  const isField = from.type === "MemberExpression" &&
    unwrap(from.object).type === "ThisExpression";
  if (isField && OWN_FIELD.test(getLastName(from) ?? "")) return "own";
  return getThingProvenance(context, from) ?? trace(context, from, seen);
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
