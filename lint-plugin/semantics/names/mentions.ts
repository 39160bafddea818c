/** Variables that depend on others, and where code mentions them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getMethodCall,
  isFunction,
  unwrap,
} from "../../syntax/nodes.ts";
import { find } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { COLLECTS } from "../../vocabulary/names.ts";
import { getVariable } from "./variables.ts";

/** Which uses of a variable count. */
export type Counts = (identifier: ES.Node) => boolean;

/** Whether the node mentions one of the variables, in nested functions too. */
export function mentions(
  node: ES.Node,
  variables: ReadonlySet<Variable>,
  counts: Counts = () => true,
): boolean {
  for (const { references } of variables) {
    for (const { identifier } of references) {
      if (contains(node, identifier as ES.Node)) {
        if (counts(identifier as ES.Node)) return true;
      }
    }
  }
  return false;
}

/**
 * The seeds, and the variables and functions declared in the node that are made
 * from them or collect something made from them, directly or through each other.
 */
export function getDerivedVariables(
  context: RuleContext,
  node: ES.Node,
  seeds: Iterable<Variable>,
  counts?: Counts,
): Set<Variable> {
  const derived = new Set(seeds);
  const sources = getSources(context, node);
  let size: number;
  do {
    size = derived.size;
    for (const { source, variables } of sources) {
      if (variables.every((each) => derived.has(each))) continue;
      if (mentions(source, derived, counts)) {
        for (const each of variables) derived.add(each);
      }
    }
  } while (derived.size > size);
  return derived;
}

interface Source {
  readonly source: ES.Node;
  readonly variables: readonly Variable[];
}

function getSources(context: RuleContext, node: ES.Node): Source[] {
  const sources: Source[] = [];
  find(context, node, (each) => {
    if (each === node) return undefined;
    if (each.type === "VariableDeclarator" && each.init) {
      const variables = context.sourceCode.getDeclaredVariables(each);
      sources.push({ source: each.init, variables });
    } else if (
      each.type === "AssignmentExpression" && each.left.type === "Identifier"
    ) {
      const variable = getVariable(context, each.left);
      if (variable) sources.push({ source: each.right, variables: [variable] });
    } else if (each.type === "CallExpression") {
      sources.push(...getCollected(context, each));
    } else if (isFunction(each) && each.type === "FunctionDeclaration") {
      const variable = each.id && getVariable(context, each.id);
      if (variable) sources.push({ source: each.body, variables: [variable] });
    }
    return undefined;
  });
  return sources;
}

/** `jobs.push(() => work(signal))`: then the jobs have the signal. */
function getCollected(
  context: RuleContext,
  call: ES.CallExpression,
): Source[] {
  const method = getMethodCall(call);
  if (!method || !COLLECTS.test(method.name)) return [];
  const collection = unwrap(method.object);
  const variable = collection.type === "Identifier" &&
    getVariable(context, collection);
  return variable
    ? call.arguments.map((source) => ({ source, variables: [variable] }))
    : [];
}
