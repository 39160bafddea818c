import type { Risk } from "../host/rule.ts";
import type { LeftOut } from "./left_out.ts";
import type { Edits, Finding, ParseProblem } from "./types.ts";

/** A file that was read and, if asked for, rewritten. */
export interface RewrittenFile extends Edits {
  /** Tells it from files that could not be handled. */
  readonly status: "done";
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  /** The text that was found, without byte order mark. */
  readonly before: string;
  /** The text with all edits; written only if `written` says so. */
  readonly after: string;
  /** Whether the file now has the new text. */
  readonly written: boolean;
  /** Why no edit was made: a test, or nothing that a person writes. */
  readonly leftOut?: LeftOut;
}

/** What became of a file. */
export type FileReport =
  | RewrittenFile
  | {
    /** It is no valid JavaScript or TypeScript. */
    readonly status: "unparsable";
    /** Relative to the working directory, with `/`. */
    readonly path: string;
    /** What the parser says. */
    readonly problem: ParseProblem;
  }
  | {
    /** It could not be read or written, or a rule threw. */
    readonly status: "failed";
    /** Relative to the working directory, with `/`. */
    readonly path: string;
    /** What happened. */
    readonly error: Error;
  };

/** A file with edits whose types nobody checked. */
export interface UncheckedFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  /** Why, without a period. */
  readonly why: string;
}

/** What became of all files. */
export interface CodemodReport {
  /** The folder that the paths are relative to. */
  readonly cwd: string;
  /** Names of the rules that were looked for. */
  readonly rules: readonly string[];
  /** Whether edits were written. */
  readonly mode: "dry" | "write";
  /** The highest risk of an edit that is made. */
  readonly risk: Risk;
  /** One entry for each file, in the order of the paths. */
  readonly files: readonly FileReport[];
  /** Files of TypeScript with edits whose types nobody checked. */
  readonly unchecked: readonly UncheckedFile[];
  /** How to install what the edited files import, if that is missing. */
  readonly installation?: string;
  /** Components of Vue, Svelte, Astro, which need a config with a parser. */
  readonly unread: readonly string[];
  /** Temporary files of killed runs that were removed. */
  readonly leftovers: readonly string[];
  /** How long it took, in milliseconds. */
  readonly elapsed: number;
}

/** What a file still has to answer for: as it is now on the disk. */
export function findingsOf(file: FileReport): readonly Finding[] {
  if (file.status !== "done") return [];
  return file.written ? file.remaining : file.found;
}
