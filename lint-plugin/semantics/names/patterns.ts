/** Bindings of destructuring patterns, and the types that annotate them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, type Maybe } from "../../syntax/nodes.ts";
import type { Definition } from "../../host/rule.ts";

/** The key under which a destructuring pattern takes the binding. */
export function getPatternKey(binding: ES.Identifier): string | undefined {
  let node: ES.Node = binding;
  if (node.parent?.type === "AssignmentPattern") node = node.parent;
  const property = node.parent;
  return property?.type === "Property" && property.value === node &&
      property.parent?.type === "ObjectPattern"
    ? getKeyName(property.key, property.computed)
    : undefined;
}

/** The annotation of the binding, or of its member in an annotated pattern. */
export function getAnnotation(
  definition: Definition,
): ES.TypeNode | undefined {
  const binding = definition.name as ES.Identifier;
  const direct = binding.typeAnnotation;
  if (direct) return direct.typeAnnotation;
  const key = getPatternKey(binding);
  if (key === undefined) return undefined;
  let pattern: Maybe<ES.Node> = binding.parent;
  while (pattern && pattern.type !== "ObjectPattern") pattern = pattern.parent;
  const type = pattern?.typeAnnotation?.typeAnnotation;
  return type?.type === "TSTypeLiteral"
    ? getTypeMember(type.members, key)?.typeAnnotation?.typeAnnotation
    : undefined;
}

/** The member of that name among the members of an object type. */
export function getTypeMember(
  members: readonly ES.TypeElement[],
  name: string,
): ES.TSPropertySignature | undefined {
  return members.find((member): member is ES.TSPropertySignature =>
    member.type === "TSPropertySignature" && getKeyName(member.key) === name
  );
}
