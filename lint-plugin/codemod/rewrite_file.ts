import { MissingPackageError } from "./eslint_host.ts";
import type { FileReport } from "./file_report.ts";
import { whyLeftOut } from "./left_out.ts";
import { replaceFile } from "./replace_file.ts";
import { encodeFor, readTextFile } from "./text_file.ts";
import type { Lint, Rewrite } from "./types.ts";

/** How a file is rewritten. */
export interface RewriteFileOptions {
  /** Its path in the report. */
  readonly name: string;
  /** The files that were dealt with, perhaps under another name. */
  readonly known: Set<string>;
  readonly mode: "dry" | "write";
  /** Whether it was given by name: then it is edited whatever it is. */
  readonly isNamed: boolean;
  readonly includeTests: boolean;
  readonly edit: (lint: Lint, text: string) => Rewrite | Promise<Rewrite>;
  /** Undefined if the file is none of this run's. */
  readonly lintOf: (path: string) => Promise<Lint | undefined>;
}

/** Undefined if the file is none of this run's. */
export async function rewriteFile(
  path: string,
  options: RewriteFileOptions,
): Promise<FileReport | undefined> {
  const { name, known, mode, edit, lintOf } = options;
  try {
    const file = await readTextFile(path);
    if (known.has(file.path)) return undefined;
    known.add(file.path);
    const lint = await lintOf(path);
    if (!lint) return undefined;
    const why = options.isNamed ? undefined : whyLeftOut(name, file.text);
    const leftOut = why === "test" && options.includeTests ? undefined : why;
    const rewrite = leftOut
      ? look(lint, file.text)
      : await edit(lint, file.text);
    if (rewrite.status === "unparsable") return { ...rewrite, path: name };
    const { output, ...edits } = rewrite;
    const isChanged = output !== file.text;
    if (isChanged && mode === "write") {
      const to = encodeFor(file, output);
      await replaceFile(file.path, { from: file.bytes, to });
    }
    return {
      ...edits,
      status: "done",
      path: name,
      before: file.text,
      after: output,
      written: isChanged && mode === "write",
      ...(leftOut && { leftOut }),
    };
  } catch (error) {
    if (error instanceof MissingPackageError) throw error;
    return { status: "failed", path: name, error: error as Error };
  }
}

/** The findings of a text, and no edit. */
export function look(lint: Lint, text: string): Rewrite {
  const result = lint(text);
  if (result.status === "unparsable") return result;
  const { findings } = result;
  return {
    status: "parsed",
    output: text,
    found: findings,
    applied: [],
    remaining: findings,
    dropped: [],
  };
}
