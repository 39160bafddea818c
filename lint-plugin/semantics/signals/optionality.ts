/** Whether a signal expression can be undefined. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getPropertyName, isFunction, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { isTaskSignal } from "../tasks/bodies.ts";
import { getOnlyDefinition, getVariable, lookUp } from "../names/variables.ts";
import type { CallersSignal } from "./callers.ts";
import { OPTIONS } from "../../vocabulary/names.ts";
import { getTypeMember } from "../names/patterns.ts";

/**
 * Whether the code says, by `?`, a default or an options object, that the signal
 * may be missing.
 */
export function isOptional(context: RuleContext, signal: ES.Node): boolean {
  if (context.sourceCode.getText(signal).includes("?.")) return true;
  const inner = unwrap(signal);
  if (inner.type === "Identifier") {
    const variable = getVariable(context, inner);
    return variable !== undefined &&
      isOptionalVariable(context, variable, inner);
  }
  if (inner.type !== "MemberExpression") return false;
  const object = unwrap(inner.object);
  const name = getPropertyName(inner);
  if (object.type === "MemberExpression") {
    return OPTIONS.test(getPropertyName(object) ?? "");
  }
  if (object.type !== "Identifier" || name === undefined) return false;
  const variable = getVariable(context, object);
  return variable
    ? isOptionalMember(variable, name)
    : OPTIONS.test(object.name);
}

/** The same for a signal that is known by the parameter it comes from. */
export function isOptionalSignal(
  context: RuleContext,
  { text, root }: CallersSignal,
  at: ES.Node,
): boolean {
  if (text.includes(".")) {
    return isOptionalMember(root, text.slice(text.lastIndexOf(".") + 1));
  }
  const binding = getOnlyDefinition(lookUp(context, text, at))?.name;
  return binding !== undefined && isOptional(context, binding as ES.Node);
}

function isOptionalMember(object: Variable, name: string): boolean {
  const binding = getOnlyDefinition(object)?.name as ES.Identifier | undefined;
  const type = binding?.typeAnnotation?.typeAnnotation;
  if (type?.type === "TSTypeLiteral") {
    return getTypeMember(type.members, name)?.optional !== false;
  }
  return OPTIONS.test(object.name);
}

function isOptionalVariable(
  context: RuleContext,
  variable: Variable,
  at: ES.Node,
): boolean {
  const definition = getOnlyDefinition(variable);
  if (!definition) return false;
  const binding = definition.name as ES.Identifier;
  if (binding.optional) return true;
  const annotation = binding.typeAnnotation;
  if (annotation) {
    return /\b(?:undefined|null)\b/.test(
      context.sourceCode.getText(annotation),
    );
  }
  if (definition.type === "Variable") {
    const { id, init } = definition.node as ES.VariableDeclarator;
    // Up in the text only: ends for `var signal = signal`.
    if (!init || init.range[1] > at.range[0]) return false;
    return id.type === "Identifier"
      ? isOptional(context, init)
      : OPTIONS.test(context.sourceCode.getText(init));
  }
  // A task always has a signal.
  return isFunction(definition.node as ES.Node) &&
    !isTaskSignal(context, binding) && isOptionalInPattern(binding);
}

function isOptionalInPattern(binding: ES.Identifier): boolean {
  const property = binding.parent;
  if (property?.type !== "Property") return false;
  const pattern = property.parent;
  if (pattern?.type !== "ObjectPattern") return false;
  const type = pattern.typeAnnotation?.typeAnnotation;
  if (type?.type === "TSTypeLiteral" && property.key.type === "Identifier") {
    return getTypeMember(type.members, property.key.name)?.optional !== false;
  }
  // Destructured options of unknown type: a caller may leave the signal out.
  return true;
}
