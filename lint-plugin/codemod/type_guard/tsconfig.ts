/** Which `tsconfig.json` a file belongs to. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ParsedCommandLine } from "typescript";
import type { TypeScript } from "./load_typescript.ts";

/** Says that a `tsconfig.json` can't be used. */
export class TsconfigError extends Error {
  override readonly name = "TsconfigError";
}

/** The nearest `tsconfig.json` of the file's folder or one above it. */
export function findTsconfig(file: string): string | undefined {
  for (let folder = dirname(file);;) {
    const path = join(folder, "tsconfig.json");
    if (existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Whether a `deno.json` is nearer to the file than any `tsconfig.json`. */
export function belongsToDeno(file: string): boolean {
  for (let folder = dirname(file);;) {
    if (existsSync(join(folder, "tsconfig.json"))) return false;
    if (
      ["deno.json", "deno.jsonc"].some((name) => existsSync(join(folder, name)))
    ) return true;
    const parent = dirname(folder);
    if (parent === folder) return false;
    folder = parent;
  }
}

/** A `tsconfig.json` that was read. */
export interface Tsconfig {
  readonly path: string;
  readonly parsed: ParsedCommandLine;
}

/** No files are matched: whoever is asked about brings them along. */
const HARMLESS = new Set([18002, 18003]);

/**
 * Reads a `tsconfig.json`.
 *
 * @throws {TsconfigError} if it, or one that it extends, is broken
 */
export function readTsconfig(api: TypeScript, path: string): Tsconfig {
  const fail = (message: unknown): never => {
    const text = api.flattenDiagnosticMessageText(message as string, " ");
    throw new TsconfigError(`Cannot read ${path}: ${text}`);
  };
  const parsed = api.getParsedCommandLineOfConfigFile(path, undefined, {
    ...api.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => fail(messageText),
  });
  if (!parsed) return fail("no such file");
  const problem = parsed.errors.find(({ code }) => !HARMLESS.has(code));
  if (problem) {
    const { file, start, messageText } = problem;
    const place = file && start !== undefined
      ? `line ${file.getLineAndCharacterOfPosition(start).line + 1}: `
      : "";
    const text = api.flattenDiagnosticMessageText(messageText, " ");
    fail(`${place}${text}`);
  }
  return { path, parsed };
}

/**
 * The config that has the file: the given one, or one that it refers to; the
 * given one as well if none has it.
 *
 * @throws {TsconfigError} if one of them is broken
 */
export function chooseTsconfig(
  api: TypeScript,
  given: Tsconfig,
  { file, read }: {
    readonly file: string;
    readonly read: (path: string) => Tsconfig;
  },
): Tsconfig {
  return search(api, given, { file, read, seen: new Set() }) ?? given;
}

function search(
  api: TypeScript,
  config: Tsconfig,
  { file, read, seen }: {
    readonly file: string;
    readonly read: (path: string) => Tsconfig;
    readonly seen: Set<string>;
  },
): Tsconfig | undefined {
  if (seen.has(config.path)) return undefined;
  seen.add(config.path);
  const { fileNames, projectReferences = [] } = config.parsed;
  if (fileNames.some((name) => resolve(name) === file)) return config;
  for (const reference of projectReferences) {
    const path = api.resolveProjectReferencePath(reference);
    if (!existsSync(path)) continue;
    const found = search(api, read(path), { file, read, seen });
    if (found) return found;
  }
  return undefined;
}
