import type ts from "typescript";
import type { TypeScript } from "./load_typescript.ts";

/**
 * The files of the project whose types can depend on the file: those that import
 * it, and those that import these. A file that declares globals concerns all.
 */
export function getDependents(
  api: TypeScript,
  program: ts.Program,
  file: string,
): string[] {
  const sources = program.getSourceFiles().filter((each) =>
    !each.isDeclarationFile && !program.isSourceFileFromExternalLibrary(each)
  );
  const start = program.getSourceFile(file);
  if (!start) return [];
  const all = sources.map(({ fileName }) => fileName);
  if (!api.isExternalModule(start) || /\bdeclare global\b/.test(start.text)) {
    return all.filter((each) => each !== file);
  }
  const importers = getImporters(api, program, sources);
  const reached = new Set<string>([file]);
  for (const each of reached) {
    for (const next of importers.get(each) ?? []) reached.add(next);
  }
  reached.delete(file);
  return all.filter((each) => reached.has(each));
}

/** By file, those that import it. */
function getImporters(
  api: TypeScript,
  program: ts.Program,
  sources: readonly ts.SourceFile[],
): Map<string, string[]> {
  const checker = program.getTypeChecker();
  const importers = new Map<string, string[]>();
  const add = (specifier: ts.Node, from: string): void => {
    const symbol = checker.getSymbolAtLocation(specifier);
    for (const { fileName } of symbol?.declarations?.map(fileOf) ?? []) {
      importers.set(fileName, [...importers.get(fileName) ?? [], from]);
    }
  };
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      const specifier = getSpecifier(api, node);
      if (specifier) add(specifier, source.fileName);
      // Only imports that are expressions or types stand deeper.
      if (node === source || /\b(?:import|require)\s*\(/.test(source.text)) {
        api.forEachChild(node, visit);
      }
    };
    visit(source);
  }
  return importers;
}

function getSpecifier(api: TypeScript, node: ts.Node): ts.Node | undefined {
  if (api.isImportDeclaration(node) || api.isExportDeclaration(node)) {
    return node.moduleSpecifier;
  }
  if (api.isExternalModuleReference(node)) return node.expression;
  if (api.isImportTypeNode(node) && api.isLiteralTypeNode(node.argument)) {
    return node.argument.literal;
  }
  return api.isCallExpression(node) &&
      (node.expression.kind === api.SyntaxKind.ImportKeyword ||
        node.expression.getText() === "require")
    ? node.arguments[0]
    : undefined;
}

function fileOf(declaration: ts.Declaration): ts.SourceFile {
  return declaration.getSourceFile();
}
