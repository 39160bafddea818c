/** A project of TypeScript, as it is with the edits that were made so far. */
import { dirname, sep } from "node:path";
import type ts from "typescript";
import type { FindTypeError } from "../try_edits.ts";
import { getDependents } from "./dependents.ts";
import type { TypeScript } from "./load_typescript.ts";
import type { Tsconfig } from "./tsconfig.ts";

/** A text that a file has in place of what is on the disk. */
interface Version {
  readonly text: string;
  readonly number: number;
}

/** Such texts by path; projects share them. */
export type Overlay = Map<string, Version>;

/** Compares a project's type errors before and after an edit. */
export class TypedProject {
  readonly #api: TypeScript;
  readonly #options: ts.CompilerOptions;
  readonly #service: ts.LanguageService;
  readonly #overlay: Overlay;
  readonly #roots: Set<string>;

  constructor(api: TypeScript, { path, parsed }: Tsconfig, overlay: Overlay) {
    this.#api = api;
    this.#overlay = overlay;
    this.#options = { ...parsed.options, noEmit: true };
    this.#roots = new Set(parsed.fileNames);
    const { sys } = api;
    this.#service = api.createLanguageService({
      ...sys,
      getCompilationSettings: () => this.#options,
      getScriptFileNames: () => [...this.#roots],
      getScriptVersion: (file) => String(overlay.get(file)?.number ?? 0),
      getScriptSnapshot: (file) => {
        const text = overlay.get(file)?.text ?? sys.readFile(file);
        return text === undefined
          ? undefined
          : api.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => dirname(path),
      getDefaultLibFileName: (options) => api.getDefaultLibFilePath(options),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    } as ts.LanguageServiceHost);
  }

  /**
   * What finds the first type error that a text of the file adds to the project:
   * in the file, and where its declarations change, in all that imports it. What
   * TypeScript doesn't look at has none.
   */
  watch(path: string): FindTypeError {
    const file = toTypeScriptPath(path);
    let before: ts.Program | undefined;
    let shape: string | undefined;
    return (text) => {
      if (!before) {
        this.#include(file);
        before = this.#getProgram();
        shape = this.#getShape(file);
      }
      if (!before.getSourceFile(file)) return undefined;
      this.setText(file, text);
      const after = this.#getProgram();
      const added = this.#findAdded(before, after, file);
      if (added || shape !== undefined && shape === this.#getShape(file)) {
        return added;
      }
      for (const each of getDependents(this.#api, after, file)) {
        const found = this.#findAdded(before, after, each);
        if (found) return found;
      }
      return undefined;
    };
  }

  /** The text that the file has from now on. */
  setText(path: string, text: string): void {
    const file = toTypeScriptPath(path);
    const known = this.#overlay.get(file);
    if (known?.text === text) return;
    this.#overlay.set(file, { text, number: (known?.number ?? 0) + 1 });
  }

  #include(file: string): void {
    if (/\.[cm]?jsx?$/.test(file) && !this.#options.allowJs) return;
    this.#roots.add(file);
  }

  /** Whether a module of that file could import the package. */
  canImport(name: string, file: string): boolean {
    const { resolvedModule } = this.#api.resolveModuleName(
      name,
      file,
      this.#options,
      this.#api.sys,
    );
    return resolvedModule !== undefined;
  }

  dispose(): void {
    this.#service.dispose();
  }

  #getProgram(): ts.Program {
    const program = this.#service.getProgram();
    if (!program) throw new Error("Cannot check types: there is no program");
    return program;
  }

  /** The declarations that others see of the file; undefined: nobody knows. */
  #getShape(file: string): string | undefined {
    try {
      const { outputFiles } = this.#service.getEmitOutput(file, true, true);
      return outputFiles.find(({ name }) => /\.d\.[cm]?ts$/.test(name))?.text;
    } catch {
      // The emitter of declarations gives up on some errors.
      return undefined;
    }
  }

  #findAdded(
    before: ts.Program,
    after: ts.Program,
    file: string,
  ): string | undefined {
    const known = new Map<string, number>();
    for (const each of this.#getErrors(before, file)) {
      const key = this.#describe(each);
      known.set(key, (known.get(key) ?? 0) + 1);
    }
    for (const each of this.#getErrors(after, file)) {
      const key = this.#describe(each);
      const count = known.get(key) ?? 0;
      if (count === 0) return key;
      known.set(key, count - 1);
    }
    return undefined;
  }

  #getErrors(program: ts.Program, path: string): ts.Diagnostic[] {
    const file = program.getSourceFile(path);
    if (!file) return [];
    const { declaration, composite } = this.#options;
    return [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...declaration || composite
        ? program.getDeclarationDiagnostics(file)
        : [],
    ].filter(({ category }) => category === this.#api.DiagnosticCategory.Error);
  }

  #describe({ code, messageText }: ts.Diagnostic): string {
    const text = this.#api.flattenDiagnosticMessageText(messageText, "\n");
    return `TS${code} ${text.split("\n")[0]}`;
  }
}

function toTypeScriptPath(path: string): string {
  return path.split(sep).join("/");
}
