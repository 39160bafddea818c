/** Imports of a file: those that an edit needs, and those that it leaves unused. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getProgram } from "../syntax/nodes.ts";
import type { Edit, RuleContext, Variable } from "../host/rule.ts";
import { lookUp } from "../semantics/names/variables.ts";
import { isPackage } from "../semantics/tasks/calls.ts";

/** An entry of `@mdc/tasks`. */
export type Entry = "." | "./flow";

const PACKAGE = "@mdc/tasks";

/** A name as a file writes it, and whether it has to be imported for that. */
export interface FoundName {
  readonly local: string;
  readonly isNew: boolean;
}

/** How the file writes an export at that place. */
export function findName(
  context: RuleContext,
  { name, entry, at }: {
    readonly name: string;
    readonly entry: Entry;
    readonly at: ES.Node;
  },
): FoundName {
  for (const { specifiers } of getDeclarations(context, at, entry)) {
    for (const specifier of specifiers) {
      const { local } = specifier;
      if (lookUp(context, local.name, at)?.defs[0]?.node !== specifier) {
        continue;
      }
      if (specifier.type === "ImportNamespaceSpecifier") {
        return { local: `${local.name}.${name}`, isNew: false };
      }
      if (
        specifier.type === "ImportSpecifier" &&
        specifier.importKind !== "type" &&
        specifier.imported.type === "Identifier" &&
        specifier.imported.name === name
      ) return { local: local.name, isNew: false };
    }
  }
  const isTaken = isDeclaredAnywhere(context, name, at);
  const own = `mdc${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { local: isTaken ? own : name, isNew: true };
}

/** Whether some scope of the file has that name: then it could hide the import. */
function isDeclaredAnywhere(
  context: RuleContext,
  name: string,
  at: ES.Node,
): boolean {
  if (lookUp(context, name, at)) return true;
  const program = getProgram(at);
  return lookUp(context, name, program.body[0] ?? program) !== undefined;
}

/** The file's imports of values from the entry. */
function getDeclarations(
  context: RuleContext,
  at: ES.Node,
  entry: Entry,
): ES.ImportDeclaration[] {
  return getProgram(at).body.filter((
    statement,
  ): statement is ES.ImportDeclaration =>
    statement.type === "ImportDeclaration" &&
    statement.importKind !== "type" &&
    isPackage(context, statement.source.value) &&
    /\/flow$/.test(statement.source.value) === (entry === "./flow") &&
    !/\/testing$/.test(statement.source.value)
  );
}

/** The changes that an edit makes to the imports. */
export interface ImportChange {
  readonly program: ES.Program;
  /** Names that the file needs, by export. */
  readonly wanted: ReadonlyMap<
    string,
    { readonly entry: Entry; readonly local: string }
  >;
  /** Whether the use of a name at that place goes. */
  readonly isGone: (range: readonly [number, number]) => boolean;
}

/** The edits of the imports. */
export function editImports(
  context: RuleContext,
  { program, wanted, isGone }: ImportChange,
): Edit[] {
  const edits: Edit[] = [];
  const all = program.body.filter((each): each is ES.ImportDeclaration =>
    each.type === "ImportDeclaration"
  );
  const removed: ES.ImportDeclaration[] = [];
  let touched = false;
  for (const declaration of all) {
    const { specifiers } = declaration;
    const unused = specifiers.filter((specifier) => {
      const uses = getUses(context, specifier);
      const gone = uses.filter(isGone);
      if (gone.length > 0) touched = true;
      return gone.length > 0 && gone.length === uses.length;
    });
    if (unused.length === 0) continue;
    if (unused.length === specifiers.length) removed.push(declaration);
    else edits.push(withoutSpecifiers(context, declaration, unused));
  }
  edits.push(...addNames(context, { program, wanted, removed, all }));
  // Two edits of one pass could each think that the other still needs a name.
  if (touched && !edits.some(({ range }) => range[0] === 0)) {
    edits.push({ range: [0, 0], text: "" });
  }
  return edits;
}

function getUses(
  context: RuleContext,
  specifier: ES.ImportClause,
): (readonly [number, number])[] {
  return context.sourceCode.getDeclaredVariables(specifier)
    .flatMap(({ references }: Variable) =>
      references.map(({ identifier }) => identifier.range)
    );
}

/** The declaration with the specifiers that are left. */
function withoutSpecifiers(
  context: RuleContext,
  declaration: ES.ImportDeclaration,
  unused: readonly ES.ImportClause[],
): Edit {
  const left = declaration.specifiers.filter((each) => !unused.includes(each));
  const text = (node: ES.Node) => context.sourceCode.getText(node);
  const named = left.filter(({ type }) => type === "ImportSpecifier").map(text);
  const parts = [
    ...left.filter(({ type }) => type !== "ImportSpecifier").map(text),
    ...named.length > 0 ? [`{ ${named.join(", ")} }`] : [],
  ];
  const [first] = declaration.specifiers;
  const whole = text(declaration);
  const from = declaration.range[0] +
    (first?.type === "ImportSpecifier" ? whole.indexOf("{") : 0);
  const start = first?.type === "ImportSpecifier"
    ? from
    : first?.range[0] ?? from;
  const end = declaration.source.range[0];
  const gap = /\s*from\s*$/.exec(
    context.sourceCode.getText().slice(start, end),
  )?.[0] ?? " from ";
  return { range: [start, end], text: parts.join(", ") + gap };
}

function addNames(
  context: RuleContext,
  { program, wanted, removed, all }: {
    readonly program: ES.Program;
    readonly wanted: ImportChange["wanted"];
    readonly removed: readonly ES.ImportDeclaration[];
    readonly all: readonly ES.ImportDeclaration[];
  },
): Edit[] {
  const edits: Edit[] = [];
  const lines: string[] = [];
  const style = styleOf(context, all);
  for (const entry of [".", "./flow"] as const) {
    const names = [...wanted].filter(([, each]) => each.entry === entry)
      .map(([name, { local }]) => local === name ? name : `${name} as ${local}`)
      .sort();
    if (names.length === 0) continue;
    const named = getDeclarations(context, program, entry)
      .filter((each) => !removed.includes(each))
      .map(({ specifiers }) =>
        specifiers.filter(({ type }) => type === "ImportSpecifier")
      ).findLast(({ length }) => length > 0);
    if (named) {
      edits.push(extend(context, named, names));
      continue;
    }
    const source = PACKAGE + entry.slice(1);
    lines.push(
      `import { ${
        names.join(", ")
      } } from ${style.quote}${source}${style.quote}` +
        style.end,
    );
  }
  const [first, ...others] = removed;
  const text = context.sourceCode.getText();
  const remove = (each: ES.ImportDeclaration): Edit => {
    const end = /^[ \t]*\r?\n/.exec(text.slice(each.range[1]))?.[0].length ?? 0;
    return { range: [each.range[0], each.range[1] + end], text: "" };
  };
  edits.push(...others.map(remove));
  if (lines.length === 0) return first ? [...edits, remove(first)] : edits;
  if (first) return [...edits, { range: first.range, text: lines.join("\n") }];
  const before = getLastOfHead(program);
  return [
    ...edits,
    before
      ? {
        range: [before.range[1], before.range[1]],
        text: `\n${lines.join("\n")}`,
      }
      : insertOnTop(text, program, `${lines.join("\n")}\n`),
  ];
}

/** The list with more names, in order if it is in order and on one line. */
function extend(
  context: RuleContext,
  named: readonly ES.ImportClause[],
  names: readonly string[],
): Edit {
  const texts = named.map((each) => context.sourceCode.getText(each));
  const start = named[0]?.range[0] ?? 0;
  const end = named.at(-1)?.range[1] ?? start;
  const whole = context.sourceCode.getText().slice(start, end);
  const sort = (list: readonly string[]) =>
    list.toSorted((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  return whole === sort(texts).join(", ")
    ? { range: [start, end], text: sort([...texts, ...names]).join(", ") }
    : { range: [end, end], text: `, ${names.join(", ")}` };
}

/** The last of the imports that stand together on top. */
function getLastOfHead(program: ES.Program): ES.ImportDeclaration | undefined {
  let last: ES.ImportDeclaration | undefined;
  for (const each of program.body) {
    if (each.type === "ImportDeclaration") last = each;
    else if (last) return last;
  }
  return last;
}

/** How the file writes its imports. */
function styleOf(
  context: RuleContext,
  all: readonly ES.ImportDeclaration[],
): { readonly quote: string; readonly end: string } {
  const last = all.at(-1);
  const whole = context.sourceCode.getText();
  if (last) {
    const text = context.sourceCode.getText(last);
    return {
      quote: last.source.raw.charAt(0),
      end: text.endsWith(";") ? ";" : "",
    };
  }
  const singles = whole.split("'").length;
  return {
    quote: singles > whole.split('"').length ? "'" : '"',
    end: /;\s*$/m.test(whole) ? ";" : "",
  };
}

/** Below a hash-bang, directives, and a comment about the file. */
function insertOnTop(text: string, program: ES.Program, line: string): Edit {
  const directive = program.body.findLast((each) =>
    each.type === "ExpressionStatement" && each.directive !== undefined
  );
  if (directive) {
    const end = directive.range[1];
    return { range: [end, end], text: `\n${line.trimEnd()}` };
  }
  const head = /^(?:#!.*\n)?(?:(?:\/\/.*\n)+\n|\/\*[\s\S]*?\*\/\n\n)?/.exec(
    text,
  );
  const start = head?.[0].length ?? 0;
  return { range: [start, start], text: `${line}\n` };
}

/** Whether the file gets what it needs by `require`. */
export function isCommonJs(program: ES.Program): boolean {
  const isModule = program.body.some(({ type }) =>
    type.startsWith("Import") || type.startsWith("Export")
  );
  if (isModule) return false;
  return program.body.some((statement) =>
    statement.type === "VariableDeclaration" &&
      statement.declarations.some(({ init }) =>
        init?.type === "CallExpression" && init.callee.type === "Identifier" &&
        init.callee.name === "require"
      ) ||
    statement.type === "ExpressionStatement" &&
      statement.expression.type === "AssignmentExpression" &&
      statement.expression.left.type === "MemberExpression" &&
      statement.expression.left.object.type === "Identifier" &&
      /^(?:module|exports)$/.test(statement.expression.left.object.name)
  );
}
