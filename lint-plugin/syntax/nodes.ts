/** Questions about syntax alone: no scopes, no meaning. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { RuleContext } from "../host/rule.ts";
import { getLineStart } from "./text.ts";

/** A node, or the absence of one. */
export type Maybe<N> = N | null | undefined;

/** Any kind of function. */
export type FunctionNode =
  | ES.FunctionDeclaration
  | ES.FunctionExpression
  | ES.ArrowFunctionExpression;

/** Whether the node is a function of any kind (with a body). */
export function isFunction(node: Maybe<ES.Node>): node is FunctionNode {
  return node?.type === "ArrowFunctionExpression" ||
    node?.type === "FunctionExpression" ||
    node?.type === "FunctionDeclaration";
}

/** Whether the node is a function expression or arrow. */
export function isFunctionExpression(
  node: Maybe<ES.Node>,
): node is ES.FunctionExpression | ES.ArrowFunctionExpression {
  return node?.type === "ArrowFunctionExpression" ||
    node?.type === "FunctionExpression";
}

/** Whether the node is a loop statement. */
export function isLoop(
  node: ES.Node,
): node is
  | ES.ForStatement
  | ES.ForInStatement
  | ES.ForOfStatement
  | ES.WhileStatement
  | ES.DoWhileStatement {
  return node.type === "WhileStatement" || node.type === "DoWhileStatement" ||
    node.type === "ForStatement" || node.type === "ForOfStatement" ||
    node.type === "ForInStatement";
}

const WRAPPERS = new Set([
  "ChainExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "ParenthesizedExpression",
]);

/** Whether the node only wraps its `expression`: `?.` chains, `!`, `as`, … */
export function isWrapper(node: ES.Node): boolean {
  return WRAPPERS.has(node.type);
}

/** The expression without `?.` chains, `!`, `as` and `satisfies` around it. */
export function unwrap<N extends ES.Node>(node: N): ES.Node;
export function unwrap<N extends ES.Node>(node: Maybe<N>): Maybe<ES.Node>;
export function unwrap(node: Maybe<ES.Node>): Maybe<ES.Node> {
  let inner = node;
  while (inner && isWrapper(inner)) {
    inner = (inner as ES.TSAsExpression).expression;
  }
  return inner;
}

/** The outermost wrapper around the expression (inverse of {@linkcode unwrap}). */
export function outermost(node: ES.Node): ES.Node {
  let outer = node;
  while (outer.parent && isWrapper(outer.parent)) outer = outer.parent;
  return outer;
}

/** The name of a key or identifier: `x`, `#x` (with the hash), `"x"`. */
export function getKeyName(
  key: Maybe<ES.Node>,
  computed = false,
): string | undefined {
  if (!key) return undefined;
  if (key.type === "Identifier") return computed ? undefined : key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Literal" && typeof key.value === "string") return key.value;
  return undefined;
}

/** The name of the property that a member expression reads. */
export function getPropertyName(
  node: ES.MemberExpression,
): string | undefined {
  return getKeyName(node.property, node.computed);
}

/** The last name of an identifier, `this.x` or `a.b.x`, without `#`. */
export function getLastName(node: Maybe<ES.Node>): string | undefined {
  const inner = unwrap(node);
  if (inner?.type === "Identifier") return inner.name;
  if (inner?.type === "MemberExpression") {
    return getPropertyName(inner)?.replace(/^#/, "");
  }
  return undefined;
}

/** Whether the expression is `object.property` for the given names. */
export function isMemberOf(
  node: Maybe<ES.Node>,
  object: string,
  property: string | RegExp,
): node is ES.MemberExpression {
  const inner = unwrap(node);
  if (inner?.type !== "MemberExpression") return false;
  const owner = unwrap(inner.object);
  if (owner?.type !== "Identifier" || owner.name !== object) return false;
  const name = getPropertyName(inner);
  return name !== undefined &&
    (typeof property === "string" ? name === property : property.test(name));
}

/** The method call `x.name(…)` that the node is, if it is one. */
export function getMethodCall(
  node: Maybe<ES.Node>,
):
  | { object: ES.Expression; name: string; call: ES.CallExpression }
  | undefined {
  const call = unwrap(node);
  if (call?.type !== "CallExpression") return undefined;
  const callee = unwrap(call.callee);
  if (callee?.type !== "MemberExpression") return undefined;
  const name = getPropertyName(callee);
  return name === undefined ? undefined : { object: callee.object, name, call };
}

/** The string of a literal or of a template without substitutions. */
export function getString(node: Maybe<ES.Node>): string | undefined {
  const inner = unwrap(node);
  if (inner?.type === "Literal" && typeof inner.value === "string") {
    return inner.value;
  }
  if (inner?.type === "TemplateLiteral" && inner.expressions.length === 0) {
    return inner.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}

/** Whether the expression is `undefined`, `null` or `void 0`. */
export function isNullish(node: Maybe<ES.Node>): boolean {
  const inner = unwrap(node);
  return (inner?.type === "Identifier" && inner.name === "undefined") ||
    (inner?.type === "Literal" && inner.value === null &&
      inner.raw === "null") ||
    (inner?.type === "UnaryExpression" && inner.operator === "void" &&
      inner.argument.type === "Literal");
}

/** The value of a property in an object literal, by key. */
export function getProperty(
  object: ES.ObjectExpression | ES.ObjectPattern,
  name: string,
): ES.Property | undefined {
  return (object.properties as ES.Node[]).find((property) =>
    property.type === "Property" &&
    getKeyName(property.key, property.computed) === name
  ) as ES.Property | undefined;
}

/** The nearest function around the node (not the node itself). */
export function getEnclosingFunction(node: ES.Node): FunctionNode | undefined {
  let parent: Maybe<ES.Node> = node.parent;
  while (parent && !isFunction(parent)) parent = parent.parent;
  return parent ?? undefined;
}

/** The expression that is the whole body of the function. */
export function getOnlyExpression(target: FunctionNode): Maybe<ES.Node> {
  if (target.body?.type !== "BlockStatement") return unwrap(target.body);
  const [only, more] = target.body.body;
  if (more) return undefined;
  if (only?.type === "ReturnStatement") return unwrap(only.argument);
  return only?.type === "ExpressionStatement"
    ? unwrap(only.expression)
    : undefined;
}

/** The file's root. */
export function getProgram(node: ES.Node): ES.Program {
  let root = node;
  while (root.parent) root = root.parent;
  return root as ES.Program;
}

/** Whether `outer` contains `inner` or is it. */
export function contains(outer: ES.Node, inner: ES.Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** The statement that contains the node directly in a block or program. */
export function getStatement(node: ES.Node): ES.Node | undefined {
  let statement: Maybe<ES.Node> = node;
  while (statement && !isFunction(statement)) {
    const parent: Maybe<ES.Node> = statement.parent;
    if (
      parent?.type === "BlockStatement" || parent?.type === "Program" ||
      parent?.type === "StaticBlock" || parent?.type === "SwitchCase" &&
        parent.test !== statement
    ) return statement;
    statement = parent;
  }
  return undefined;
}

/** The white space at the beginning of the line on which the node stands. */
export function getIndent(context: RuleContext, node: ES.Node): string {
  const text = context.sourceCode.getText();
  const start = getLineStart(text, node.range[0]);
  return /^[ \t]*/.exec(text.slice(start, node.range[0]))?.[0] ?? "";
}
