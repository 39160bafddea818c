import type { Risk } from "../host/rule.ts";
import { applyEdits, type Editable, editable } from "./edits.ts";
import { judge, type Judges } from "./try_edits.ts";
import type { DroppedEdit, Finding, Rewrite } from "./types.ts";

/** What the owner of the code says to an edit. */
export type Decision = "accept" | "skip" | "quit";

/** Asks the owner; gets the finding, the text now and with the edit. */
export type Decide = (
  finding: Finding,
  texts: { readonly before: string; readonly after: string },
) => Promise<Decision>;

/** Who is asked, and about what. */
export interface ReviewOptions {
  readonly decide: Decide;
  /** The highest risk of an edit that is offered. */
  readonly risk: Risk;
  /** Only edits of this rule are offered. */
  readonly rule: string;
}

/**
 * Offers the edits of a rule in a text one by one, in the order of the text, each on the
 * text as it is after the ones before it. `"quit"` keeps what was accepted.
 */
export async function review(
  judges: Judges,
  text: string,
  { decide, risk, rule }: ReviewOptions,
): Promise<{ readonly rewrite: Rewrite; readonly quit: boolean }> {
  const first = judges.lint(text);
  if (first.status === "unparsable") return { rewrite: first, quit: false };
  const skipped = new Skipped();
  const applied: Finding[] = [];
  const dropped: DroppedEdit[] = [];
  let output = text;
  let findings = first.findings;
  let quit = false;
  while (!quit) {
    const offers = editable(findings, output, risk)
      .filter((each) => each.rule === rule);
    const finding = skipped.firstOther(offers, output);
    if (!finding) break;
    const after = applyEdits(output, [finding.edit]);
    const result = judge(after, judges);
    if (result.status === "broken") {
      const { why, detail } = result;
      dropped.push({ finding, why, ...(detail !== undefined && { detail }) });
      skipped.add(finding, output);
      continue;
    }
    const decision = await decide(finding, { before: output, after });
    quit = decision === "quit";
    if (decision === "skip") skipped.add(finding, output);
    if (decision !== "accept") continue;
    applied.push(finding);
    output = after;
    findings = result.findings;
  }
  return {
    rewrite: {
      status: "parsed",
      output,
      found: first.findings,
      applied,
      remaining: findings,
      dropped,
    },
    quit,
  };
}

/**
 * The findings that were skipped. Edits move the places of all that follow, so
 * a finding is known by its words, and by how many of the same come before it:
 * questions go from the top to the bottom, so the skipped ones come first.
 */
class Skipped {
  readonly #counts = new Map<string, number>();

  add(finding: Finding, text: string): void {
    const key = keyOf(finding, text);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  firstOther(
    findings: readonly Editable[],
    text: string,
  ): Editable | undefined {
    const passed = new Map<string, number>();
    return findings.find((finding) => {
      const key = keyOf(finding, text);
      const before = passed.get(key) ?? 0;
      passed.set(key, before + 1);
      return before >= (this.#counts.get(key) ?? 0);
    });
  }
}

function keyOf({ rule, message, line }: Finding, text: string): string {
  return `${rule}\n${message}\n${text.split("\n")[line - 1]}`;
}
