import ts from "typescript";

/** What a module refers to, types and dynamic imports included. */
export interface ModuleFacts {
  /** The specifiers of everything that it imports or re-exports. */
  imports: string[];
  /** Its uses of a runtime, each with its line, as in `7: Deno`. */
  runtimeUses: string[];
}

/** Reads a module's text by the TypeScript parser. */
export function readModule(text: string): ModuleFacts {
  const file = ts.createSourceFile("module.ts", text, ts.ScriptTarget.Latest);
  const facts: ModuleFacts = { imports: [], runtimeUses: [] };
  const note = (node: ts.Node, use: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    facts.runtimeUses.push(`${line + 1}: ${use}`);
  };
  const visit = (node: ts.Node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) facts.imports.push(specifier);
    if (ts.isIdentifier(node) && RUNTIMES.has(node.text)) note(node, node.text);
    if (ts.isStringLiteralLike(node) && node.text.startsWith("node:")) {
      note(node, node.text);
    }
    // The one way to the platform that works where it has none.
    if (isBuiltinLookup(node)) node.arguments.slice(1).forEach(visit);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return facts;
}

/**
 * Finds a cycle in a graph of modules; the path starts and ends with the same
 * one.
 */
export function findCycle(
  graph: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const search = (node: string): string[] | undefined => {
    const start = path.indexOf(node);
    if (start >= 0) return [...path.slice(start), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = search(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = search(node);
    if (cycle) return cycle;
  }
  return undefined;
}

const RUNTIMES: ReadonlySet<string> = new Set(["Deno", "Bun"]);

function specifierOf(node: ts.Node): string | undefined {
  const specifier = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    ? node.moduleSpecifier
    : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
    ? node.argument.literal
    : ts.isCallExpression(node) &&
        node.expression.kind === ts.SyntaxKind.ImportKeyword
    ? node.arguments[0]
    : undefined;
  if (specifier === undefined) return undefined;
  // What can't be read can't be cleared either: it fails every check.
  return ts.isStringLiteralLike(specifier) ? specifier.text : "(computed)";
}

/** `….getBuiltinModule("node:async_hooks")`, with or without `?.`. */
function isBuiltinLookup(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const [module] = node.arguments;
  return ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "getBuiltinModule" &&
    module !== undefined && ts.isStringLiteral(module) &&
    module.text === "node:async_hooks";
}
