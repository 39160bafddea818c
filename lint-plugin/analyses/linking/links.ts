/** Whether code connects an own signal with that of its caller. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  type FunctionNode,
  getEnclosingFunction,
  getKeyName,
  getMethodCall,
  getPropertyName,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { some } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import {
  type Counts,
  getDerivedVariables,
} from "../../semantics/names/mentions.ts";
import { getRegistration } from "../../semantics/signals/listeners.ts";
import { getVariable } from "../../semantics/names/variables.ts";
import type { CallersSignal } from "../../semantics/signals/callers.ts";
import { isSignalName } from "../../semantics/signals/signal.ts";
import { getPatternKey } from "../../semantics/names/patterns.ts";

const CONNECTING = new Set([
  "CallExpression",
  "NewExpression",
  "ArrayExpression",
  "ObjectExpression",
  "ConditionalExpression",
  "LogicalExpression",
  "AssignmentExpression",
]);

/** Whether something in the function mentions both, or listens to the caller. */
export function isLinked(
  context: RuleContext,
  home: FunctionNode,
  signal: CallersSignal,
  own: { readonly node: ES.Node; readonly variable: Variable | undefined },
): boolean {
  const callers = getCallersMentions(context, signal);
  const owns = [
    own.node,
    ...getMentions(
      getDerivedVariables(
        context,
        home.body,
        own.variable ? [own.variable] : [],
      ),
    ),
  ];
  return some(context, home.body, (node) => {
    if (node.type === "IfStatement") {
      return abortsOwn(context, node, callers, owns);
    }
    if (!CONNECTING.has(node.type)) return undefined;
    if (listens(context, node, callers)) return true;
    return connects(node, callers, owns);
  });
}

/** One of the two mentions stands outside of nested functions. */
function connects(
  node: ES.Node,
  callers: readonly ES.Node[],
  owns: readonly ES.Node[],
): boolean {
  const inside = (all: readonly ES.Node[]) =>
    all.filter((each) => each !== node && contains(node, each));
  const [first, second] = [inside(callers), inside(owns)];
  const around = getEnclosingFunction(node);
  return first.length > 0 && second.length > 0 &&
    [...first, ...second].some((each) => getEnclosingFunction(each) === around);
}

function listens(
  context: RuleContext,
  node: ES.Node,
  callers: readonly ES.Node[],
): boolean {
  if (node.type !== "CallExpression" && node.type !== "AssignmentExpression") {
    return false;
  }
  const registration = getRegistration(context, node);
  return registration !== undefined &&
    callers.some((each) => contains(registration.signal, each));
}

/** `if (signal.aborted) own.abort();` */
function abortsOwn(
  context: RuleContext,
  { test, consequent }: ES.IfStatement,
  callers: readonly ES.Node[],
  owns: readonly ES.Node[],
): boolean {
  if (!callers.some((each) => contains(test, each))) return false;
  return some(context, consequent, (node) => {
    const method = getMethodCall(node);
    return method?.name === "abort" &&
      owns.some((each) => contains(method.object, each));
  });
}

function getMentions(variables: ReadonlySet<Variable>): ES.Node[] {
  return [...variables].flatMap(({ references }) =>
    references.filter((each) => each.isRead())
      .map(({ identifier }) => identifier as ES.Node)
  );
}

function getCallersMentions(
  context: RuleContext,
  { root, owner }: CallersSignal,
): ES.Node[] {
  const binding = root.defs[0]?.name as ES.Identifier;
  const isCarrier = !isSignalName(getPatternKey(binding) ?? root.name);
  const counts: Counts = (identifier) =>
    !isOverridden(identifier) &&
    (!isCarrier || getVariable(context, identifier as ES.Identifier) !== root ||
      mentionsSignal(identifier));
  const seeds = isCarrier ? getTaken(context, root) : [];
  const variables = getDerivedVariables(
    context,
    owner.body,
    [root, ...seeds],
    counts,
  );
  return getMentions(variables).filter(counts);
}

/** Whether the use of the carrier reaches its signal. */
function mentionsSignal(identifier: ES.Node): boolean {
  const value = outermost(identifier);
  const { parent } = value;
  if (parent?.type === "MemberExpression" && parent.object === value) {
    return isSignalName(getPropertyName(parent) ?? "signal");
  }
  return !(parent?.type === "VariableDeclarator" &&
    parent.id.type === "ObjectPattern");
}

/** The variables that take the signal, or the rest, out of the carrier. */
function getTaken(context: RuleContext, carrier: Variable): Variable[] {
  return carrier.references.flatMap(({ identifier }) => {
    const { parent } = outermost(identifier as ES.Node);
    if (
      parent?.type !== "VariableDeclarator" ||
      parent.id.type !== "ObjectPattern"
    ) return [];
    return parent.id.properties.flatMap((property) => {
      const isTaken = property.type === "RestElement" ||
        isSignalName(getKeyName(property.key, property.computed) ?? "");
      const value = unwrap(
        property.type === "RestElement"
          ? property.argument
          : property.value.type === "AssignmentPattern"
          ? property.value.left
          : property.value,
      );
      const variable = isTaken && value.type === "Identifier" &&
        getVariable(context, value);
      return variable ? [variable] : [];
    });
  });
}

/** `{ ...init, signal: own.signal }`: the signal of `init` is lost. */
function isOverridden(identifier: ES.Node): boolean {
  const spread = outermost(identifier).parent;
  if (spread?.type !== "SpreadElement") return false;
  const object = spread.parent;
  if (object?.type !== "ObjectExpression") return false;
  const after = object.properties.slice(object.properties.indexOf(spread) + 1);
  return after.some((each) =>
    each.type === "Property" &&
    isSignalName(getKeyName(each.key, each.computed) ?? "")
  );
}
