/** Annotations that declare a `signal`, as far as this file tells. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { RuleContext } from "../../host/rule.ts";
import { getTypeDeclarations, getTypeMembers } from "../names/member_types.ts";
import { isSignalType } from "./signal.ts";
import { getTypeMember } from "../names/patterns.ts";

/** Types of the platform whose `signal` is an AbortSignal. */
const PLATFORM = new Set([
  "RequestInit",
  "AddEventListenerOptions",
  "StreamPipeOptions",
  "Abortable",
  "TimerOptions",
]);

/** Whether the parameter's annotation, or its type, has a member `signal`. */
export function declaresSignal(
  context: RuleContext,
  binding: ES.Node,
): boolean {
  if (context.types?.hasSignal(binding)) return true;
  const annotation = (binding as ES.Identifier).typeAnnotation;
  // oxlint has null where other hosts have undefined.
  return !!annotation &&
    hasSignal(context, annotation.typeAnnotation, new Set());
}

/** Whether the parameter's type says that its `signal` is something else. */
export function deniesSignal(context: RuleContext, binding: ES.Node): boolean {
  if (context.types?.hasSignal(binding) === false) return true;
  const annotation = (binding as ES.Identifier).typeAnnotation?.typeAnnotation;
  if (!annotation) return false;
  const member = getTypeMember(getTypeMembers(annotation).members, "signal");
  const type = member?.typeAnnotation?.typeAnnotation;
  return !!type && !isSignalType(context, type);
}

function hasSignal(
  context: RuleContext,
  type: ES.TypeNode,
  seen: Set<string>,
): boolean {
  switch (type.type) {
    case "TSTypeLiteral":
      return hasSignalMember(context, type.members);
    case "TSIntersectionType":
    case "TSUnionType":
      return type.types.some((each) => hasSignal(context, each, seen));
    case "TSTypeReference": {
      if (type.typeName.type !== "Identifier") return false;
      const { name } = type.typeName;
      if (PLATFORM.has(name)) return true;
      if (/^(?:Partial|Readonly|Required)$/.test(name)) {
        const [inner] = type.typeArguments?.params ?? [];
        return inner !== undefined && hasSignal(context, inner, seen);
      }
      if (seen.has(name)) return false;
      seen.add(name);
      return isDeclaredWithSignal(context, type, name, seen);
    }
    default:
      return false;
  }
}

function hasSignalMember(
  context: RuleContext,
  members: readonly ES.TypeElement[],
): boolean {
  const member = getTypeMember(members, "signal");
  if (!member) return false;
  const type = member.typeAnnotation?.typeAnnotation;
  return !type || isSignalType(context, type);
}

/** The interface or type alias of that name in this file. */
function isDeclaredWithSignal(
  context: RuleContext,
  at: ES.Node,
  name: string,
  seen: Set<string>,
): boolean {
  for (const declaration of getTypeDeclarations(at, name)) {
    if (declaration.type === "TSInterfaceDeclaration") {
      if (hasSignalMember(context, declaration.body.body)) return true;
      for (const { expression } of declaration.extends) {
        if (expression.type !== "Identifier") continue;
        if (PLATFORM.has(expression.name)) return true;
        if (seen.has(expression.name)) continue;
        seen.add(expression.name);
        if (isDeclaredWithSignal(context, at, expression.name, seen)) {
          return true;
        }
      }
    }
    if (declaration.type === "TSTypeAliasDeclaration") {
      return hasSignal(context, declaration.typeAnnotation, seen);
    }
  }
  return false;
}
