/** Functions that other modules can call. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  isFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getOnlyDefinition, getVariable } from "./variables.ts";

/** A function of the module's interface. */
export interface ExportedFunction {
  readonly name: string;
  readonly node: FunctionNode;
  /** The methods of its class; none for a function. */
  readonly siblings?: readonly string[];
  /** The signatures before the implementation. */
  readonly overloads: readonly { readonly params: readonly ES.Parameter[] }[];
}

/** The exported functions, and the public methods of exported classes. */
export function getExportedFunctions(
  context: RuleContext,
  program: ES.Program,
): ExportedFunction[] {
  return program.body.flatMap((statement) => {
    if (statement.type === "ExportDefaultDeclaration") {
      return fromNode(context, statement.declaration, "default");
    }
    if (statement.type !== "ExportNamedDeclaration") return [];
    if (statement.declaration) {
      return fromNode(context, statement.declaration, "");
    }
    return statement.source
      ? []
      : statement.specifiers.flatMap(({ local }) =>
        local.type === "Identifier" ? fromName(context, local) : []
      );
  });
}

function fromNode(
  context: RuleContext,
  node: ES.Node,
  name: string,
): ExportedFunction[] {
  const value = unwrap(node);
  if (isFunction(value)) {
    return [{
      name: value.id?.name ?? name,
      node: value,
      overloads: getOverloads(value),
    }];
  }
  switch (value.type) {
    case "ClassDeclaration":
    case "ClassExpression":
      return fromClass(value);
    case "VariableDeclaration":
      return value.declarations.flatMap(({ id, init }) =>
        id.type === "Identifier" && init ? fromNode(context, init, id.name) : []
      );
    case "Identifier":
      return fromName(context, value);
    default:
      return [];
  }
}

/** `export { f }`, `export default f`. */
function fromName(
  context: RuleContext,
  identifier: ES.Identifier,
): ExportedFunction[] {
  const variable = getVariable(context, identifier);
  const definition =
    variable?.defs.find((each) => isFunction(each.node as ES.Node)) ??
      getOnlyDefinition(variable);
  const node = definition?.node as ES.Node | undefined;
  if (isFunction(node) || node?.type === "ClassDeclaration") {
    return fromNode(context, node, identifier.name);
  }
  // Not an identifier: `const a = b, b = a` leads back to itself.
  return node?.type === "VariableDeclarator" && node.init &&
      unwrap(node.init).type !== "Identifier"
    ? fromNode(context, node.init, identifier.name)
    : [];
}

/** The declarations of the same name without a body, in the same list. */
function getOverloads(
  node: FunctionNode,
): { readonly params: readonly ES.Parameter[] }[] {
  if (node.type !== "FunctionDeclaration" || !node.id) return [];
  const { name } = node.id;
  const home = isExport(node.parent) ? node.parent.parent : node.parent;
  const list: readonly ES.Node[] = home?.type === "Program" ? home.body : [];
  return list.flatMap((each) => {
    const inner = isExport(each) ? each.declaration : each;
    return inner?.type === "TSDeclareFunction" && inner.id?.name === name
      ? [inner]
      : [];
  });
}

function isExport(
  node: Maybe<ES.Node>,
): node is ES.ExportNamedDeclaration | ES.ExportDefaultDeclaration {
  return node?.type === "ExportNamedDeclaration" ||
    node?.type === "ExportDefaultDeclaration";
}

function fromClass(
  node: ES.ClassDeclaration | ES.ClassExpression,
): ExportedFunction[] {
  // What an interface or a base class prescribes, the class can't choose.
  if (node.implements?.length > 0) return [];
  const siblings = node.body.body.flatMap((each) =>
    "key" in each ? getKeyName(each.key, each.computed) ?? [] : []
  );
  return node.body.body.flatMap((member) => {
    if (
      member.type !== "MethodDefinition" && member.type !== "PropertyDefinition"
    ) return [];
    const name = getKeyName(member.key, member.computed);
    const value = unwrap(member.value);
    if (name === undefined || !isFunction(value) || !isPublic(member, name)) {
      return [];
    }
    return [{
      name,
      node: value,
      siblings,
      overloads: node.body.body.flatMap((each) =>
        each.type === "MethodDefinition" &&
          each.value.type === "TSEmptyBodyFunctionExpression" &&
          getKeyName(each.key, each.computed) === name
          ? [each.value]
          : []
      ),
    }];
  });
}

function isPublic(
  member: ES.MethodDefinition | ES.PropertyDefinition,
  name: string,
): boolean {
  return !/^[#_]/.test(name) && !member.override &&
    (member.accessibility ?? "public") === "public" &&
    (member.type === "PropertyDefinition" || member.kind === "method");
}
