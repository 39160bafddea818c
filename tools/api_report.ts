import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The declarations of a name; more than one for overloads and merged ones. */
type Declarations = Map<string, string[]>;

/**
 * The public signatures of a module, without documentation and bodies, by
 * name in alphabetical order. The package has isolated declarations, so every
 * signature stands in its file.
 */
export function apiReport(entry: string): string {
  return [...exportsOf(entry)]
    .sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
    .flatMap(([, declarations]) => declarations)
    .join("\n\n");
}

function exportsOf(path: string): Declarations {
  const file = declarationsOf(path);
  const all: Declarations = new Map();
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) {
      addReexports(all, statement, file, path);
    } else if (isExported(statement)) {
      for (const name of namesOf(statement)) {
        all.set(name, [...all.get(name) ?? [], print(statement, file)]);
      }
    } else if (ts.isExportAssignment(statement)) {
      const { expression } = statement;
      all.set("default", [
        print(statement, file),
        ...declared(expression.getText(file), file),
      ]);
    }
  }
  return all;
}

function addReexports(
  all: Declarations,
  { exportClause, moduleSpecifier }: ts.ExportDeclaration,
  file: ts.SourceFile,
  path: string,
): void {
  const from = moduleSpecifier as ts.StringLiteral | undefined;
  if (exportClause === undefined) {
    for (const [name, each] of exportsOf(join(dirname(path), from!.text))) {
      if (name !== "default" && !all.has(name)) all.set(name, each);
    }
    return;
  }
  if (!ts.isNamedExports(exportClause)) {
    throw new TypeError(`Cannot report ${path}: it exports a namespace`);
  }
  for (const { name, propertyName } of exportClause.elements) {
    const local = (propertyName ?? name).text;
    const origin = from === undefined
      ? importOf(local, file)
      : { name: local, from: from.text };
    const declarations = origin === undefined
      ? declared(local, file)
      : exportsOf(join(dirname(path), origin.from)).get(origin.name);
    if (declarations === undefined || declarations.length === 0) {
      throw new TypeError(`Cannot report ${path}: ${local} isn't declared`);
    }
    all.set(name.text, declarations);
  }
}

function importOf(
  name: string,
  file: ts.SourceFile,
): { name: string; from: string } | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const found = bindings.elements.find((each) => each.name.text === name);
    if (found === undefined) continue;
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    return { name: (found.propertyName ?? found.name).text, from };
  }
  return undefined;
}

function declared(name: string, file: ts.SourceFile): string[] {
  return file.statements.filter((each) => namesOf(each).includes(name))
    .map((each) => print(each, file));
}

function declarationsOf(path: string): ts.SourceFile {
  const { outputText } = ts.transpileDeclaration(readFileSync(path, "utf8"), {
    fileName: path,
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext },
  });
  return ts.createSourceFile(
    path.replace(/\.ts$/, ".d.ts"),
    outputText,
    ts.ScriptTarget.Latest,
    true,
  );
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) =>
      kind === ts.SyntaxKind.ExportKeyword
    );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations
      .map(({ name }) => name.getText());
  }
  const { name } = statement as Partial<ts.DeclarationStatement>;
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

const printer = ts.createPrinter({ removeComments: true });

function print(statement: ts.Statement, file: ts.SourceFile): string {
  return printer.printNode(ts.EmitHint.Unspecified, statement, file)
    .replace(/^export (declare )?/, "");
}
