/** What the parts of the code mod hand to each other. */
import type { Risk } from "../host/rule.ts";

/** A replacement of a part of a text. */
export interface TextEdit {
  /** The replaced part, in UTF-16 code units from the start of the text. */
  readonly range: readonly [number, number];
  /** What is written there. */
  readonly text: string;
  /** What the edit does, in a sentence. */
  readonly description: string;
  /** Whether a maintainer would merge it unread. */
  readonly risk: Risk;
  /** Why it is as risky as it is, in a sentence without a period. */
  readonly why: string;
}

/** A place that breaks a practice. */
export interface Finding {
  /** Name of the rule, without namespace. */
  readonly rule: string;
  /** Key of the message. */
  readonly messageId: string;
  /** What is wrong. */
  readonly message: string;
  /** Line of the first character, from 1. */
  readonly line: number;
  /** Column of the first character, from 1. */
  readonly column: number;
  /** Line of the end, from 1. */
  readonly endLine: number;
  /** Column after the last character, from 1. */
  readonly endColumn: number;
  /**
   * The edit that the rule offers: the first one that is not too risky for this
   * run, else the first. Absent if it offers none.
   */
  readonly edit?: TextEdit;
}

/** Why a file can't be parsed. */
export interface ParseProblem {
  /** What the parser says. */
  readonly message: string;
  /** Line where it gave up, from 1. */
  readonly line: number;
  /** Column where it gave up, from 1. */
  readonly column: number;
}

/** An edit that was offered and not made. */
export interface DroppedEdit {
  /** The finding that it belongs to. */
  readonly finding: Finding;
  /**
   * `"breaks-syntax"`: the file would no longer parse. `"breaks-types"`: the
   * project would have a type error that it didn't have. `"unstable"`: the edits
   * of the rule would have gone on for ever.
   */
  readonly why: "breaks-syntax" | "breaks-types" | "unstable";
  /** The type error, such as `TS2322 Type …`. */
  readonly detail?: string;
}

/** What was done to a text, and what is left to do. */
export interface Edits {
  /** What was found before the first edit. */
  readonly found: readonly Finding[];
  /** Findings whose edit was made, with the places of that moment. */
  readonly applied: readonly Finding[];
  /** What a look at the text after all edits finds. */
  readonly remaining: readonly Finding[];
  /** Edits that were not made, and why. */
  readonly dropped: readonly DroppedEdit[];
}

/** A text that was read and rewritten, perhaps to itself. */
export interface RewrittenText extends Edits {
  /** Tells it from a text that is not valid. */
  readonly status: "parsed";
  /** The text after all edits. */
  readonly output: string;
}

/** What became of a text. */
export type Rewrite =
  | RewrittenText
  | {
    /** The text was not valid before any edit, and was left alone. */
    readonly status: "unparsable";
    /** What is wrong with it. */
    readonly problem: ParseProblem;
  };

/** Which edits are made: only the safe ones, or those to be read as well. */
export interface EditSelection {
  /** The highest risk of an edit that is made; default `"safe"`. */
  readonly risk?: Risk;
}

/** Looks at a text. */
export type Lint = (text: string) => LintResult;

/** What a look at a text finds. */
export type LintResult =
  | { readonly status: "parsed"; readonly findings: readonly Finding[] }
  | { readonly status: "unparsable"; readonly problem: ParseProblem };
