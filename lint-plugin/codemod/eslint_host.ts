/**
 * ESLint and its TypeScript parser, loaded when they are needed: the rules
 * work without them, and not everybody who has the rules has ESLint.
 */
import type { Linter as EslintLinter } from "eslint";

/** What the code mod needs of ESLint. */
export interface EslintHost {
  readonly Linter: typeof EslintLinter;
  readonly ESLint: typeof import("eslint").ESLint;
  /** Absent where it isn't installed: then only JavaScript can be read. */
  readonly typescript?: EslintLinter.Parser;
}

/** Says what is not installed, and how to get it. */
export class MissingPackageError extends Error {
  /** `"MissingPackageError"`. */
  override readonly name = "MissingPackageError";
}

/** Loads ESLint and, if there is one, the TypeScript parser. */
export async function loadEslint(): Promise<EslintHost> {
  const eslint = await import("eslint").catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    throw new MissingPackageError(
      "Cannot find ESLint, which the code mod reads files with: " +
        "npm install --save-dev eslint @typescript-eslint/parser typescript@6",
      { cause: error },
    );
  });
  const { Linter, ESLint } = eslint;
  try {
    // Deno gives the parser the TypeScript that the module graph has; without
    // this it would be the newest one, which the parser may not know.
    if ("Deno" in globalThis) await import("typescript");
    const typescript = await import("@typescript-eslint/parser");
    return {
      Linter,
      ESLint,
      typescript: typescript as unknown as EslintLinter.Parser,
    };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { Linter, ESLint };
  }
}

function isNotFound(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
