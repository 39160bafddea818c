/** The members of types that this file writes down. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getProgram,
  getPropertyName,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { Definition, RuleContext } from "../../host/rule.ts";
import { getOnlyDefinition, getVariable } from "./variables.ts";
import { getAnnotation, getPatternKey, getTypeMember } from "./patterns.ts";

/** The members of a type, as far as the file shows them. */
export interface TypeMembers {
  readonly members: readonly ES.TypeElement[];
  /** Whether these are all: nothing is imported, extended or computed. */
  readonly isComplete: boolean;
}

const UNKNOWN: TypeMembers = { members: [], isComplete: false };
const MAPPED = /^(?:Partial|Required|Readonly)$/;

/** The members of the type: written inline, or declared in this file. */
export function getTypeMembers(type: ES.TypeNode): TypeMembers {
  return resolve(type, new Set());
}

function resolve(type: ES.TypeNode, seen: Set<string>): TypeMembers {
  switch (type.type) {
    case "TSTypeLiteral":
      return {
        members: type.members,
        isComplete: !type.members.some((each) =>
          each.type === "TSIndexSignature"
        ),
      };
    case "TSIntersectionType":
      return join(type.types.map((each) => resolve(each, seen)));
    case "TSUnionType":
      return join(
        type.types.filter((each) => !isNothing(each))
          .map((each) => resolve(each, seen)),
      );
    case "TSTypeReference":
      return resolveReference(type, seen);
    default:
      return UNKNOWN;
  }
}

function isNothing(type: ES.TypeNode): boolean {
  return type.type === "TSUndefinedKeyword" || type.type === "TSNullKeyword";
}

function join(all: readonly TypeMembers[]): TypeMembers {
  return {
    members: all.flatMap((each) => each.members),
    isComplete: all.every((each) => each.isComplete),
  };
}

function resolveReference(
  type: ES.TSTypeReference,
  seen: Set<string>,
): TypeMembers {
  if (type.typeName.type !== "Identifier") return UNKNOWN;
  const { name } = type.typeName;
  const [inner] = type.typeArguments?.params ?? [];
  if (MAPPED.test(name) && inner) return resolve(inner, seen);
  if (seen.has(name)) return UNKNOWN;
  seen.add(name);
  const declarations = getTypeDeclarations(type, name);
  return declarations.length === 0 ? UNKNOWN : join(
    declarations.map((each) =>
      each.type === "TSTypeAliasDeclaration"
        ? resolve(each.typeAnnotation, seen)
        : {
          members: each.body.body,
          isComplete: each.extends.length === 0 &&
            !each.body.body.some((member) =>
              member.type === "TSIndexSignature"
            ),
        }
    ),
  );
}

/** The interfaces (they merge) or the alias of that name in this file. */
export function getTypeDeclarations(
  at: ES.Node,
  name: string,
): readonly TypeDeclaration[] {
  const program = getProgram(at);
  let known = types.get(program);
  if (!known) types.set(program, known = findTypes(program));
  return known.get(name) ?? [];
}

type TypeDeclaration = ES.TSInterfaceDeclaration | ES.TSTypeAliasDeclaration;

const types = new WeakMap<
  ES.Program,
  ReadonlyMap<string, readonly TypeDeclaration[]>
>();

function findTypes(program: ES.Program): Map<string, TypeDeclaration[]> {
  const byName = new Map<string, TypeDeclaration[]>();
  for (const statement of program.body) {
    const declaration: Maybe<ES.Node> =
      statement.type === "ExportNamedDeclaration"
        ? statement.declaration
        : statement;
    if (
      declaration?.type !== "TSInterfaceDeclaration" &&
      declaration?.type !== "TSTypeAliasDeclaration"
    ) continue;
    const { name } = declaration.id;
    byName.set(name, [...byName.get(name) ?? [], declaration]);
  }
  return byName;
}

/** The annotation of a variable or field, or of the member of an annotated one. */
export function getAnnotatedType(
  context: RuleContext,
  expression: Maybe<ES.Node>,
): ES.TypeNode | undefined {
  const node = unwrap(expression);
  if (node?.type === "Identifier") {
    const definition = getOnlyDefinition(getVariable(context, node));
    return definition &&
      (getAnnotation(definition) ?? getPatternType(definition));
  }
  if (node?.type !== "MemberExpression") return undefined;
  const name = getPropertyName(node);
  if (name === undefined) return undefined;
  if (unwrap(node.object).type === "ThisExpression") {
    return getFieldType(node, name);
  }
  const owner = getAnnotatedType(context, node.object);
  return owner &&
    getTypeMember(getTypeMembers(owner).members, name)?.typeAnnotation
      ?.typeAnnotation;
}

/** The type of `signal` in `({ signal }: Options)`, with `Options` of this file. */
function getPatternType(definition: Definition): ES.TypeNode | undefined {
  const binding = definition.name as ES.Identifier;
  const key = getPatternKey(binding);
  const pattern = definition.type === "Parameter"
    ? getOwnPattern(binding)
    : undefined;
  const type = pattern?.typeAnnotation?.typeAnnotation;
  return type && key !== undefined
    ? getTypeMember(getTypeMembers(type).members, key)?.typeAnnotation
      ?.typeAnnotation
    : undefined;
}

/** The pattern that takes the binding out directly. */
function getOwnPattern(binding: ES.Identifier): ES.ObjectPattern | undefined {
  const value = binding.parent?.type === "AssignmentPattern"
    ? binding.parent
    : binding;
  const pattern = value.parent?.parent;
  return pattern?.type === "ObjectPattern" ? pattern : undefined;
}

function getFieldType(node: ES.Node, name: string): ES.TypeNode | undefined {
  let around: Maybe<ES.Node> = node.parent;
  while (around && around.type !== "ClassBody") around = around.parent;
  for (const field of around?.body ?? []) {
    if (field.type !== "PropertyDefinition") continue;
    const isNamed = field.key.type === "Identifier"
      ? !field.computed && field.key.name === name
      : field.key.type === "PrivateIdentifier" && `#${field.key.name}` === name;
    if (isNamed) return field.typeAnnotation?.typeAnnotation;
  }
  return undefined;
}
