/** Work in the body of a scope that gets a signal from outside of it. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { RuleContext } from "../host/rule.ts";
import {
  getOnlyDefinition,
  getVariable,
  lookThrough,
} from "../semantics/names/variables.ts";
import {
  getGivenSignals,
  type GivenSignal,
} from "../semantics/signals/given.ts";
import { getProvenance } from "../semantics/signals/provenance.ts";
import { isSignal } from "../semantics/signals/signal.ts";
import { getBehaviour } from "../semantics/tasks/api.ts";
import { isTaskSignal } from "../semantics/tasks/bodies.ts";
import { getMdcCall, getMdcThing } from "../semantics/tasks/calls.ts";
import {
  contains,
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  isFunctionExpression,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";

/** A signal that a call inside of a body is given. */
export interface GivenInScope {
  readonly signal: GivenSignal;
  /** What starts the body: `"failAfter"`, `"TaskGroup.run"`. */
  readonly name: string;
  readonly body: FunctionNode;
  /** The index of the body's parameter that has its own signal. */
  readonly index: number;
  /** Whether the scope lies in the task whose signal the outer one is. */
  readonly isInherited: boolean;
}

/** The outer signals that the call gets, inside of a body with one of its own. */
export function getOuterSignals(
  context: RuleContext,
  call: ES.CallExpression,
): GivenInScope[] {
  const scope = findScope(context, call);
  // Listening isn't work, and starting a scope is where an outer one belongs.
  if (!scope || isListening(call)) return [];
  if (getBehaviour(getMdcCall(context, call))?.body !== undefined) return [];
  return getGivenSignals(context, call)
    .filter(({ value }) => isFromOutside(context, value, scope.body))
    .map((signal) => ({
      ...scope,
      signal,
      isInherited: isTasks(context, signal.value),
    }));
}

type Scope = Pick<GivenInScope, "name" | "body" | "index">;

/** The nearest body around the node, through plain callbacks. */
function findScope(context: RuleContext, node: ES.Node): Scope | undefined {
  let body = getEnclosingFunction(node);
  while (body && isFunctionExpression(body)) {
    const outer = outermost(body);
    const list = outer.parent?.type === "ArrayExpression"
      ? outer.parent
      : outer;
    const call = list.parent;
    if (call?.type !== "CallExpression") return undefined;
    const name = getMdcCall(context, call);
    const behaviour = getBehaviour(name);
    if (
      name !== undefined && behaviour?.body !== undefined &&
      call.arguments[behaviour.body] === list
    ) {
      const index = behaviour.gets?.indexOf("context") ?? -1;
      // `no-aborted-signal-in-cleanup` looks after what a shield runs.
      return behaviour.shields || index < 0 ? undefined : { name, body, index };
    }
    body = getEnclosingFunction(body);
  }
  return undefined;
}

function isListening({ callee }: ES.CallExpression): boolean {
  return /^(?:(?:add|remove)EventListener|addAbortListener|any|anySignal|propagateCancellation)$/
    .test(getLastName(callee) ?? "");
}

/** A caller's signal in a variable that was made outside of the body. */
function isFromOutside(
  context: RuleContext,
  value: ES.Node,
  body: FunctionNode,
): boolean {
  const node = unwrap(value);
  if (node.type !== "Identifier" || !isSignal(context, node)) return false;
  const definition = getOnlyDefinition(getVariable(context, node));
  if (!definition || contains(body, definition.name as ES.Node)) return false;
  return getProvenance(context, node) === "foreign";
}

/** The signal of a task's context, by its parameter or a variable of it. */
function isTasks(context: RuleContext, value: ES.Node): boolean {
  if (isTaskSignal(context, lookThrough(context, value))) return true;
  const node = unwrap(value);
  if (node.type !== "Identifier") return false;
  const definition = getOnlyDefinition(getVariable(context, node));
  // `const { signal } = context`
  const declarator = definition?.node as ES.Node | undefined;
  if (declarator?.type !== "VariableDeclarator" || !declarator.init) {
    return false;
  }
  return declarator.id.type === "ObjectPattern" &&
    getMdcThing(context, declarator.init) === "context";
}
