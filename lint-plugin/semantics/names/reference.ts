/** When two expressions mean the same thing. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getPropertyName, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getInitialiser, getOnlyDefinition, getVariable } from "./variables.ts";
import { getPatternKey } from "./patterns.ts";

/**
 * A text that is equal for two expressions that mean the same value, aliases
 * resolved: `const { signal } = options` and `const s = options.signal`.
 */
export function getReferenceKey(context: RuleContext, node: ES.Node): string {
  return getKey(context, node, new Set());
}

function getKey(
  context: RuleContext,
  node: ES.Node,
  seen: Set<Variable>,
): string {
  const inner = unwrap(node);
  if (inner.type === "MemberExpression") {
    const property = getPropertyName(inner) ??
      `[${context.sourceCode.getText(inner.property)}]`;
    return `${getKey(context, inner.object, seen)}.${property}`;
  }
  if (inner.type !== "Identifier") return context.sourceCode.getText(inner);
  const variable = getVariable(context, inner);
  if (!variable) return inner.name;
  const definition = getOnlyDefinition(variable);
  if (!seen.has(variable) && definition?.type === "Variable") {
    seen.add(variable);
    const initialiser = unwrap(getInitialiser(variable));
    if (
      initialiser?.type === "MemberExpression" ||
      initialiser?.type === "Identifier"
    ) return getKey(context, initialiser, seen);
    const key = getPatternKey(definition.name as ES.Identifier);
    const { id, init } = definition.node as ES.VariableDeclarator;
    const isShallow = id.type === "ObjectPattern" &&
      id.properties.some((property) =>
        property.range[0] <= definition.name.range[0] &&
        property.range[1] >= definition.name.range[1] &&
        property.type === "Property" &&
        property.value.type !== "ObjectPattern"
      );
    if (key !== undefined && init && isShallow) {
      return `${getKey(context, init, seen)}.${key}`;
    }
  }
  const start = variable.defs[0]?.name.range[0];
  return `${variable.name}@${start}`;
}
