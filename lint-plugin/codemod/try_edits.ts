import { applyEdits, type Editable } from "./edits.ts";
import type { DroppedEdit, Finding, Lint } from "./types.ts";

/** What a text with edits has that it didn't have before, or undefined. */
export type FindTypeError = (text: string) => string | undefined;

/** Who says whether a text is sound. */
export interface Judges {
  readonly lint: Lint;
  /** Absent where nobody knows the types. */
  readonly findTypeError?: FindTypeError;
}

/** What became of edits that were tried together. */
export interface Attempt {
  readonly made: readonly Editable[];
  readonly dropped: readonly DroppedEdit[];
  /** The text with the edits that were made. */
  readonly output: string;
  /** What a look at that text finds. */
  readonly findings: readonly Finding[];
}

/**
 * Makes the edits, which don't overlap and are in order; those that break the
 * text are found by halving, and only they are left out.
 */
export function tryEdits(
  text: string,
  edits: readonly Editable[],
  judges: Judges,
): Attempt {
  const dropped: DroppedEdit[] = [];
  let output = text;
  let findings: readonly Finding[] = [];
  const extend = (
    kept: readonly Editable[],
    more: readonly Editable[],
  ): readonly Editable[] => {
    const all = [...kept, ...more];
    const next = applyEdits(text, all.map(({ edit }) => edit));
    const verdict = judge(next, judges);
    if (verdict.status === "sound") {
      output = next;
      findings = verdict.findings;
      return all;
    }
    const [finding, another] = more;
    if (finding && !another) {
      const { why, detail } = verdict;
      dropped.push({ finding, why, ...(detail !== undefined && { detail }) });
      return kept;
    }
    const middle = Math.ceil(more.length / 2);
    return extend(extend(kept, more.slice(0, middle)), more.slice(middle));
  };
  const made = edits.length > 0 ? extend([], edits) : [];
  return { made, dropped, output, findings };
}

/** Whether a text can stand. */
export type Soundness =
  | { readonly status: "sound"; readonly findings: readonly Finding[] }
  | {
    readonly status: "broken";
    readonly why: "breaks-syntax" | "breaks-types";
    readonly detail?: string;
  };

/** Asks the parser, then the type checker. */
export function judge(
  text: string,
  { lint, findTypeError }: Judges,
): Soundness {
  const result = lint(text);
  if (result.status === "unparsable") {
    return { status: "broken", why: "breaks-syntax" };
  }
  const detail = findTypeError?.(text);
  return detail === undefined
    ? { status: "sound", findings: result.findings }
    : { status: "broken", why: "breaks-types", detail };
}
