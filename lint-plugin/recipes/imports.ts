/** Imports of a file: those that an edit needs, and those that it leaves unused. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Edit, RuleContext, Variable } from "../host/rule.ts";
import { type Entry, getDeclarations, PACKAGE } from "./own_imports.ts";

/** The changes that an edit makes to the imports. */
export interface ImportChange {
  readonly program: ES.Program;
  /** Names that the file needs, by export. */
  readonly wanted: ReadonlyMap<
    string,
    { readonly entry: Entry; readonly local: string }
  >;
  /** Names that the edit writes: their imports stay. */
  readonly written: ReadonlySet<string>;
  /** Whether the use of a name at that place goes. */
  readonly isGone: (range: readonly [number, number]) => boolean;
}

/** Imports that nothing uses any more, by their declaration. */
type Unused = ReadonlyMap<ES.ImportDeclaration, readonly ES.ImportClause[]>;

/** The edits of the imports. */
export function editImports(
  context: RuleContext,
  { program, wanted, written, isGone }: ImportChange,
): Edit[] {
  const all = program.body.filter((each): each is ES.ImportDeclaration =>
    each.type === "ImportDeclaration"
  );
  const unused = new Map<ES.ImportDeclaration, readonly ES.ImportClause[]>();
  let touched = false;
  for (const declaration of all) {
    const clauses = declaration.specifiers.filter((specifier) => {
      const uses = getUses(context, specifier);
      const gone = uses.filter(isGone);
      if (gone.length > 0) touched = true;
      return gone.length > 0 && gone.length === uses.length &&
        !written.has(specifier.local.name);
    });
    if (clauses.length > 0) unused.set(declaration, clauses);
  }
  const { edits, extended } = addNames(context, {
    program,
    wanted,
    unused,
    all,
  });
  for (const [declaration, clauses] of unused) {
    const isWhole = clauses.length === declaration.specifiers.length;
    if (isWhole || extended.has(declaration)) continue;
    edits.push(withoutSpecifiers(context, declaration, clauses));
  }
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
  { program, wanted, unused, all }: {
    readonly program: ES.Program;
    readonly wanted: ImportChange["wanted"];
    readonly unused: Unused;
    readonly all: readonly ES.ImportDeclaration[];
  },
): { readonly edits: Edit[]; readonly extended: Set<ES.ImportDeclaration> } {
  const edits: Edit[] = [];
  const extended = new Set<ES.ImportDeclaration>();
  const lines: string[] = [];
  const style = styleOf(context, all);
  const removed = all.filter((each) =>
    each.specifiers.length > 0 &&
    unused.get(each)?.length === each.specifiers.length
  );
  for (const entry of [".", "./flow"] as const) {
    const names = [...wanted].filter(([, each]) => each.entry === entry)
      .map(([name, { local }]) => local === name ? name : `${name} as ${local}`)
      .sort();
    if (names.length === 0) continue;
    const own = getDeclarations(context, program, entry).findLast((each) =>
      !removed.includes(each) &&
      each.specifiers.some(({ type }) => type === "ImportSpecifier")
    );
    if (own) {
      edits.push(
        extend(context, { own, names, unused: unused.get(own) ?? [] }),
      );
      extended.add(own);
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
  if (lines.length === 0) {
    if (first) edits.push(remove(first));
    return { edits, extended };
  }
  if (first) {
    edits.push({ range: first.range, text: lines.join("\n") });
    return { edits, extended };
  }
  const before = getLastOfHead(program);
  edits.push(
    before
      ? {
        range: [before.range[1], before.range[1]],
        text: `\n${lines.join("\n")}`,
      }
      : insertOnTop(text, program, `${lines.join("\n")}\n`),
  );
  return { edits, extended };
}

/** The list with more names, in order if it is in order and on one line. */
function extend(
  context: RuleContext,
  { own, names, unused }: {
    readonly own: ES.ImportDeclaration;
    readonly names: readonly string[];
    readonly unused: readonly ES.ImportClause[];
  },
): Edit {
  const named = own.specifiers.filter(({ type }) => type === "ImportSpecifier");
  const left = named.filter((each) => !unused.includes(each));
  const text = (node: ES.Node) => context.sourceCode.getText(node);
  const start = named[0]?.range[0] ?? 0;
  const end = named.at(-1)?.range[1] ?? start;
  const sort = (list: readonly string[]) =>
    list.toSorted((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  const whole = context.sourceCode.getText().slice(start, end);
  const isInOrder = whole === sort(named.map(text)).join(", ");
  if (!isInOrder && unused.length === 0) {
    return { range: [end, end], text: `, ${names.join(", ")}` };
  }
  const list = [...left.map(text), ...names];
  return {
    range: [start, end],
    text: (isInOrder ? sort(list) : list).join(", "),
  };
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
  const code = whole.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const singles = code.split("'").length;
  return {
    quote: singles > code.split('"').length ? "'" : '"',
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
