import { visitorKeys } from "@typescript-eslint/visitor-keys";
import type { FacadeNode, PlainNode } from "./nodes.ts";
import { repair } from "./repair.ts";

// Keys that hold an array in ESTree wherever they occur. The facade leaves
// some of them out (a function parameter has no `decorators`), and the scope
// analysis iterates them without asking.
const ARRAYS = new Set(
  [
    "arguments attributes body:BlockStatement body:ClassBody body:Program",
    "body:StaticBlock body:TSInterfaceBody body:TSModuleBlock cases children",
    "consequent:SwitchCase declarations decorators elements elementTypes",
    "expressions extends:TSInterfaceDeclaration implements members params",
    "parameters properties quasis specifiers types",
  ].join(" ").split(" "),
);

// What only TypeScript has is undefined when absent, as in its own parser.
const OPTIONAL = new Set([
  "returnType",
  "superTypeArguments",
  "typeAnnotation",
  "typeArguments",
  "typeParameters",
]);

// Everything that is neither a child nor `range`, by type of node.
const DATA = new Map(
  Object.entries({
    AccessorProperty: "accessibility computed override static",
    ArrowFunctionExpression: "async generator",
    AssignmentExpression: "operator",
    BinaryExpression: "operator",
    CallExpression: "optional",
    ClassDeclaration: "abstract declare",
    ClassExpression: "abstract",
    ExportAllDeclaration: "exportKind",
    ExportDefaultDeclaration: "exportKind",
    ExportNamedDeclaration: "exportKind",
    ExportSpecifier: "exportKind",
    ForOfStatement: "await",
    FunctionDeclaration: "async declare generator",
    FunctionExpression: "async generator",
    Identifier: "name optional",
    ImportDeclaration: "importKind",
    ImportSpecifier: "importKind",
    JSXIdentifier: "name",
    JSXOpeningElement: "selfClosing",
    JSXText: "raw value",
    LogicalExpression: "operator",
    MemberExpression: "computed optional",
    MethodDefinition: "accessibility computed kind optional override static",
    PrivateIdentifier: "name",
    Program: "sourceType",
    Property: "computed kind method shorthand",
    PropertyDefinition:
      "accessibility computed declare optional override readonly static",
    TemplateElement: "tail",
    TSAbstractMethodDefinition: "accessibility computed kind optional static",
    TSAbstractPropertyDefinition: "accessibility computed optional static",
    TSDeclareFunction: "async declare generator",
    TSEmptyBodyFunctionExpression: "async generator",
    TSEnumDeclaration: "const declare",
    TSImportEqualsDeclaration: "importKind",
    TSInterfaceDeclaration: "declare",
    TSMethodSignature: "computed kind optional",
    TSModuleDeclaration: "declare kind",
    TSNamedTupleMember: "optional",
    TSParameterProperty: "accessibility override readonly",
    TSPropertySignature: "computed optional readonly",
    TSTypeAliasDeclaration: "declare",
    TSTypeOperator: "operator",
    TSTypeParameter: "const in out",
    TSTypePredicate: "asserts",
    UnaryExpression: "operator prefix",
    UpdateExpression: "operator prefix",
    VariableDeclaration: "declare kind",
    YieldExpression: "delegate",
  }).map(([type, keys]) => [type, keys.split(" ")] as const),
);

/**
 * Copies the syntax tree of `deno lint` into plain ESTree objects.
 *
 * What differs from ESTree is put right on the way: nested chains are
 * unwrapped, absent arrays are empty, and see {@linkcode repair}.
 */
export function copyProgram(program: FacadeNode, text: string): PlainNode {
  return copyNode(program, undefined, text);
}

function copyNode(
  from: FacadeNode,
  parent: PlainNode | undefined,
  text: string,
): PlainNode {
  const type = from.type;
  if (type === "ChainExpression" && parent && continuesChain(parent)) {
    return copyNode(from.expression as FacadeNode, parent, text);
  }
  const [start, end] = from.range;
  const node: PlainNode = { type, range: [start, end], parent };
  for (const key of DATA.get(type) ?? []) node[key] = from[key];
  for (const key of visitorKeys[type] ?? []) {
    node[key] = copyChild(from[key], node, key, text);
  }
  if (type === "Literal") copyLiteral(from, node, text);
  else if (type === "TemplateElement") {
    node.value = { cooked: from.cooked, raw: from.raw };
  } else repair(node, text);
  return node;
}

function copyChild(
  child: unknown,
  parent: PlainNode,
  key: string,
  text: string,
): unknown {
  if (Array.isArray(child)) {
    return child.map((item) => copyChild(item, parent, "", text));
  }
  if (typeof child === "object" && child !== null && "type" in child) {
    return copyNode(child as FacadeNode, parent, text);
  }
  if (ARRAYS.has(key) || ARRAYS.has(`${key}:${parent.type}`)) return [];
  return OPTIONAL.has(key) ? undefined : null;
}

/** Whether a `ChainExpression` below `parent` is part of a longer chain. */
function continuesChain(parent: PlainNode): boolean {
  for (let node: PlainNode | undefined = parent; node; node = node.parent) {
    if (node.type === "ChainExpression") return true;
    if (
      node.type !== "MemberExpression" && node.type !== "CallExpression" &&
      node.type !== "TSNonNullExpression"
    ) return false;
  }
  return false;
}

/** The getter of `value` throws for some BigInts and says NaN for `1_000`. */
function copyLiteral(from: FacadeNode, node: PlainNode, text: string): void {
  const raw = text.slice(...node.range);
  node.raw = raw;
  if (/^[\d.]/.test(raw)) {
    const digits = raw.replaceAll("_", "");
    if (digits.endsWith("n")) {
      node.bigint = digits.slice(0, -1);
      node.value = BigInt(digits.slice(0, -1));
    } else node.value = Number(digits);
  } else if (raw.startsWith("/")) {
    node.regex = from.regex;
    node.value = null;
  } else node.value = from.value;
}
