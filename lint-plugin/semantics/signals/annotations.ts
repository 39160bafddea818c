/** Annotations that declare a `signal`, as far as this file tells. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getTypeDeclarations, getTypeMembers } from "../names/member_types.ts";
import { isSignalType } from "./signal.ts";
import { SIGNAL_KEY } from "../../vocabulary/names.ts";

/** Types of the platform whose `signal` is an AbortSignal. */
const PLATFORM = new Set([
  "RequestInit",
  "AddEventListenerOptions",
  "StreamPipeOptions",
  "Abortable",
  "TimerOptions",
]);

/** Whether the parameter's annotation, or its type, has a member for a signal. */
export function declaresSignal(
  context: RuleContext,
  binding: ES.Node,
): boolean {
  return getDeclaredKey(context, binding) !== undefined;
}

/** The name of that member: `signal`, `abortSignal`. */
export function getDeclaredKey(
  context: RuleContext,
  binding: ES.Node,
): string | undefined {
  const typed = context.types?.getSignalKey(binding);
  if (typed) return typed;
  const annotation = (binding as ES.Identifier).typeAnnotation;
  // oxlint has null where other hosts have undefined.
  return annotation
    ? findKey(context, annotation.typeAnnotation, new Set())
    : undefined;
}

/** Whether the parameter's type says that its `signal` is something else. */
export function deniesSignal(context: RuleContext, binding: ES.Node): boolean {
  if (context.types?.getSignalKey(binding) === null) return true;
  const annotation = (binding as ES.Identifier).typeAnnotation?.typeAnnotation;
  if (!annotation) return false;
  const { members } = getTypeMembers(annotation);
  const named = getSignalMembers(members);
  return named.length > 0 &&
    !named.some((each) => isSignalMember(context, each));
}

function findKey(
  context: RuleContext,
  type: ES.TypeNode,
  seen: Set<string>,
): string | undefined {
  switch (type.type) {
    case "TSTypeLiteral":
      return findMember(context, type.members);
    case "TSIntersectionType":
    case "TSUnionType":
      return findFirst(type.types, (each) => findKey(context, each, seen));
    case "TSTypeReference": {
      if (type.typeName.type !== "Identifier") return undefined;
      const { name } = type.typeName;
      if (PLATFORM.has(name)) return "signal";
      if (/^(?:Partial|Readonly|Required)$/.test(name)) {
        const [inner] = type.typeArguments?.params ?? [];
        return inner && findKey(context, inner, seen);
      }
      if (seen.has(name)) return undefined;
      seen.add(name);
      return findDeclared(context, type, name, seen);
    }
    default:
      return undefined;
  }
}

function findFirst<T>(
  all: readonly T[],
  look: (each: T) => string | undefined,
): string | undefined {
  for (const each of all) {
    const found = look(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function getSignalMembers(
  members: readonly ES.TypeElement[],
): ES.TSPropertySignature[] {
  return members.filter((each): each is ES.TSPropertySignature =>
    each.type === "TSPropertySignature" &&
    SIGNAL_KEY.test(getKeyName(each.key) ?? "")
  );
}

function isSignalMember(
  context: RuleContext,
  member: ES.TSPropertySignature,
): boolean {
  const type = member.typeAnnotation?.typeAnnotation;
  return !type || isSignalType(context, type);
}

function findMember(
  context: RuleContext,
  members: readonly ES.TypeElement[],
): string | undefined {
  const member = getSignalMembers(members)
    .find((each) => isSignalMember(context, each));
  return member && getKeyName(member.key);
}

/** Of the interface or type alias of that name in this file. */
function findDeclared(
  context: RuleContext,
  at: ES.Node,
  name: string,
  seen: Set<string>,
): string | undefined {
  return findFirst(getTypeDeclarations(at, name), (declaration) => {
    if (declaration.type === "TSTypeAliasDeclaration") {
      return findKey(context, declaration.typeAnnotation, seen);
    }
    if (declaration.type !== "TSInterfaceDeclaration") return undefined;
    return findMember(context, declaration.body.body) ??
      findFirst(declaration.extends, ({ expression }) => {
        if (expression.type !== "Identifier") return undefined;
        if (PLATFORM.has(expression.name)) return "signal";
        if (seen.has(expression.name)) return undefined;
        seen.add(expression.name);
        return findDeclared(context, at, expression.name, seen);
      });
  });
}
