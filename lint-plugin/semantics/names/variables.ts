/** Variables: which one a name means, and what it was made from. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  isFunction,
  isFunctionExpression,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import type {
  Definition,
  RuleContext,
  Scope,
  Variable,
} from "../../host/rule.ts";

/** The variable that the identifier means; undefined for an undeclared global. */
export function getVariable(
  context: RuleContext,
  identifier: ES.Identifier | ES.JSXIdentifier,
): Variable | undefined {
  return lookUp(context, identifier.name, identifier);
}

/** The variable of that name at that place. */
export function lookUp(
  context: RuleContext,
  name: string,
  at: ES.Node,
): Variable | undefined {
  let scope: Scope | null = context.sourceCode.getScope(at);
  while (scope) {
    const variable = scope.set.get(name);
    // Hosts put known globals, without definition, into the global scope.
    if (variable) return variable.defs.length > 0 ? variable : undefined;
    scope = scope.upper;
  }
  return undefined;
}

/** Whether the name is not declared in this file. */
export function isGlobal(
  context: RuleContext,
  node: Maybe<ES.Node>,
  name?: string,
): boolean {
  const inner = unwrap(node);
  return inner?.type === "Identifier" &&
    (name === undefined || inner.name === name) &&
    getVariable(context, inner) === undefined;
}

/** The only definition of the variable. */
export function getOnlyDefinition(
  variable: Maybe<Variable>,
): Definition | undefined {
  return variable?.defs.length === 1 ? variable.defs[0] : undefined;
}

/** What is known of a variable's uses: asked for at each of them. */
interface Uses {
  readonly reads: readonly ES.Identifier[];
  readonly isConstant: boolean;
}

const uses = new WeakMap<Variable, Uses>();

function getUses(variable: Variable): Uses {
  let known = uses.get(variable);
  if (!known) {
    const { references } = variable;
    known = {
      reads: references.filter((reference) => reference.isRead())
        .map((reference) => reference.identifier as ES.Identifier),
      isConstant: references.every((reference) =>
        !reference.isWrite() || reference.init === true
      ),
    };
    uses.set(variable, known);
  }
  return known;
}

/** The identifiers that read the variable. */
export function getReads(variable: Variable): readonly ES.Identifier[] {
  return getUses(variable).reads;
}

/** The expressions written to the variable, its initialiser included. */
export function getWrites(variable: Variable): ES.Node[] {
  return variable.references.flatMap((reference) =>
    reference.isWrite() && reference.writeExpr
      ? [reference.writeExpr as ES.Node]
      : []
  );
}

/** Whether the variable gets a value only where it is declared. */
export function isConstant(variable: Variable): boolean {
  return getUses(variable).isConstant;
}

/**
 * The declarator `const x = …` of a variable that is never written again, where
 * the identifier is the whole left side.
 */
export function getInitialiser(
  variable: Maybe<Variable>,
): ES.Expression | undefined {
  const definition = getOnlyDefinition(variable);
  if (!variable || definition?.type !== "Variable") return undefined;
  const declarator = definition.node as ES.VariableDeclarator;
  return declarator.id.type === "Identifier" && declarator.init &&
      isConstant(variable)
    ? declarator.init
    : undefined;
}

/**
 * The expression behind a constant that is initialised further up; any other
 * expression is returned as is. Each step goes up in the text, so that it ends
 * for `var x = x || y` as well.
 */
export function lookThrough(
  context: RuleContext,
  node: ES.Node,
): ES.Node {
  let inner = unwrap(node);
  while (inner.type === "Identifier") {
    const initialiser = getInitialiser(getVariable(context, inner));
    if (!initialiser || initialiser.range[1] > inner.range[0]) return inner;
    inner = unwrap(initialiser);
  }
  return inner;
}

/**
 * The function behind an expression: itself, or the only definition of the name
 * in this file (declaration, or constant with a function expression).
 */
export function getFunction(
  context: RuleContext,
  node: Maybe<ES.Node>,
): FunctionNode | undefined {
  const inner = unwrap(node);
  if (isFunction(inner)) return inner;
  if (inner?.type !== "Identifier") return undefined;
  const variable = getVariable(context, inner);
  const definition = getOnlyDefinition(variable);
  if (definition?.type === "FunctionName") {
    const declaration = definition.node as ES.Node;
    return isFunction(declaration) && variable && isConstant(variable)
      ? declaration
      : undefined;
  }
  const initialiser = unwrap(getInitialiser(variable));
  return isFunctionExpression(initialiser) ? initialiser : undefined;
}

/** The expressions that mean the function: itself, or each use of its name. */
export function getFunctionUses(
  context: RuleContext,
  node: FunctionNode,
): ES.Node[] {
  const parent = node.parent;
  if (node.type !== "FunctionDeclaration") {
    if (parent?.type !== "VariableDeclarator") return [outermost(node)];
  }
  const declaration = node.type === "FunctionDeclaration" ? node : parent;
  return context.sourceCode.getDeclaredVariables(declaration as ES.Node)
    .filter((variable) =>
      variable.defs.some((each) => each.node === declaration)
    )
    .flatMap((variable) =>
      variable.references.map((each) => each.identifier as ES.Node)
    );
}

/** Where an import comes from, and the name it has there (`*` for a namespace). */
export interface Import {
  readonly source: string;
  readonly imported: string;
}

/** The import behind a variable; `require` in a constant counts as well. */
export function getImport(variable: Maybe<Variable>): Import | undefined {
  const definition = getOnlyDefinition(variable);
  if (definition?.type === "ImportBinding") {
    const specifier = definition.node as ES.ImportClause;
    const declaration = definition.parent as ES.ImportDeclaration | undefined;
    const source = declaration?.source?.value;
    if (typeof source !== "string") return undefined;
    if (specifier.type === "ImportNamespaceSpecifier") {
      return { source, imported: "*" };
    }
    if (specifier.type === "ImportDefaultSpecifier") {
      return { source, imported: "default" };
    }
    const { imported } = specifier;
    return {
      source,
      imported: imported.type === "Identifier" ? imported.name : imported.value,
    };
  }
  if (definition?.type !== "Variable") return undefined;
  const { id, init } = definition.node as ES.VariableDeclarator;
  const source = getRequired(init);
  if (source === undefined) return undefined;
  if (id.type === "Identifier") return { source, imported: "*" };
  if (id.type !== "ObjectPattern") return undefined;
  for (const property of id.properties) {
    if (
      property.type === "Property" && property.key.type === "Identifier" &&
      property.value === definition.name
    ) return { source, imported: property.key.name };
  }
  return undefined;
}

function getRequired(init: Maybe<ES.Node>): string | undefined {
  const call = unwrap(init);
  if (
    call?.type !== "CallExpression" || call.callee.type !== "Identifier" ||
    call.callee.name !== "require"
  ) return undefined;
  const source = call.arguments[0];
  return source?.type === "Literal" && typeof source.value === "string"
    ? source.value
    : undefined;
}

/**
 * The import that a callee or constructor means: `f` imported by name, or `ns.f`
 * through a namespace or default import.
 */
export function getImported(
  context: RuleContext,
  callee: Maybe<ES.Node>,
): Import | undefined {
  const inner = unwrap(callee);
  if (inner?.type === "Identifier") {
    return getImport(getVariable(context, inner));
  }
  if (inner?.type !== "MemberExpression" || inner.computed) return undefined;
  const object = unwrap(inner.object);
  if (object.type !== "Identifier" || inner.property.type !== "Identifier") {
    return undefined;
  }
  const namespace = getImport(getVariable(context, object));
  return namespace?.imported === "*" || namespace?.imported === "default"
    ? { source: namespace.source, imported: inner.property.name }
    : undefined;
}
