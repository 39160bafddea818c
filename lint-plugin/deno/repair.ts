import type { PlainNode } from "./nodes.ts";

/**
 * Puts right what the copy of a node still has different from ESTree.
 *
 * Each case was found by comparing the copies of hundreds of files with the
 * trees of typescript-eslint; `deno_copy_deno_test.ts` keeps them equal.
 */
export function repair(node: PlainNode, text: string): void {
  switch (node.type) {
    case "ArrowFunctionExpression":
      node.expression = childOf(node, "body")?.type !== "BlockStatement";
      break;
    case "CallExpression":
    case "MemberExpression":
      if (node.optional === true) node.optional = hasQuestionDot(node, text);
      break;
    case "DoWhileStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "ForStatement":
    case "LabeledStatement":
    case "WhileStatement":
      node.body ??= emptyStatement(node);
      break;
    case "IfStatement":
      node.consequent ??= emptyStatement(node);
      break;
    case "FunctionDeclaration":
      if (node.body === null) node.type = "TSDeclareFunction";
      break;
    case "FunctionExpression":
      if (node.body === null) node.type = "TSEmptyBodyFunctionExpression";
      break;
    case "MethodDefinition":
    case "PropertyDefinition":
      repairKey(node, text);
      break;
    case "Property":
      repairKey(node, text);
      if (node.parent?.type === "ObjectPattern") repairBinding(node);
      break;
    case "ArrayPattern":
    case "Identifier":
    case "ObjectPattern":
      extendTo(node, "typeAnnotation");
      break;
    case "JSXSpreadAttribute":
    case "SpreadElement":
      extendTo(node, "argument");
      break;
    case "RestElement":
      extendTo(node, "argument");
      extendTo(node, "typeAnnotation");
      break;
    case "TSAbstractMethodDefinition":
      // No child by the visitor keys, but the scope analysis asks for it.
      node.decorators = [];
      break;
    case "StaticBlock":
      flattenBlock(node);
      break;
    case "UnaryExpression":
      node.prefix = true;
      break;
  }
}

function childOf(node: PlainNode, key: string): PlainNode | undefined {
  return (node[key] ?? undefined) as PlainNode | undefined;
}

/** In a chain the facade calls every link optional. */
function hasQuestionDot(node: PlainNode, text: string): boolean {
  const before = childOf(node, "object") ?? childOf(node, "callee");
  if (before === undefined) return true;
  const from = before.range[1];
  const to = childOf(node, "property")?.range[0] ?? text.indexOf("(", from);
  return text.slice(from, to).includes("?.");
}

/** The facade leaves an empty statement out. */
function emptyStatement(parent: PlainNode): PlainNode {
  const end = parent.range[1];
  return { type: "EmptyStatement", range: [end - 1, end], parent };
}

function repairKey(node: PlainNode, text: string): void {
  const key = childOf(node, "key");
  if (!key) return;
  node.computed = node.computed === true || text[key.range[0] - 1] === "[" ||
    key.type === "MemberExpression";
  const value = childOf(node, "value");
  if (value?.type.endsWith("FunctionExpression") && isMethod(node)) {
    // The function of a method begins at its parameters.
    value.range[0] = childOf(value, "typeParameters")?.range[0] ??
      text.indexOf("(", key.range[1]);
  }
}

function isMethod(node: PlainNode): boolean {
  return node.type === "MethodDefinition" || node.method === true ||
    node.kind === "get" || node.kind === "set";
}

/** `{ b = 1 }`: the facade gives the range of the whole pattern. */
function repairBinding(node: PlainNode): void {
  const key = childOf(node, "key");
  const value = childOf(node, "value");
  if (!key || !value) return;
  node.shorthand = key.range[0] === value.range[0];
  if (node.computed !== true) node.range[0] = key.range[0];
  node.range[1] = value.range[1];
}

function extendTo(node: PlainNode, key: string): void {
  const child = childOf(node, key);
  if (child) node.range[1] = Math.max(node.range[1], child.range[1]);
}

function flattenBlock(node: PlainNode): void {
  const block = childOf(node, "body");
  if (!block || Array.isArray(block)) return;
  const body = block.body as PlainNode[];
  for (const statement of body) statement.parent = node;
  node.body = body;
}
