import type { Risk } from "../host/rule.ts";
import type { Finding, TextEdit } from "./types.ts";

/** A finding that has an edit. */
export type Editable = Finding & { readonly edit: TextEdit };

/** The findings whose edits change the text and are not too risky. */
export function editable(
  findings: readonly Finding[],
  text: string,
  risk: Risk,
): Editable[] {
  return findings.filter((finding): finding is Editable =>
    finding.edit !== undefined &&
    (finding.edit.risk === "safe" || risk === "review") &&
    text.slice(...finding.edit.range) !== finding.edit.text
  );
}

/**
 * As many findings, from the first, as have edits that don't touch each other:
 * edits that meet at a point could depend on their order.
 */
export function withoutOverlaps(findings: readonly Editable[]): Editable[] {
  const sorted = findings.toSorted((a, b) =>
    a.edit.range[0] - b.edit.range[0] || a.edit.range[1] - b.edit.range[1]
  );
  let end = -1;
  return sorted.filter(({ edit: { range } }) => {
    if (range[0] <= end) return false;
    end = range[1];
    return true;
  });
}

/** The text with the edits, which don't overlap and are in order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const newline = newlineOf(text);
  let output = "";
  let position = 0;
  for (const { range: [start, end], text: inserted } of edits) {
    output += text.slice(position, start) +
      (newline ? inserted.replace(/\r?\n/g, newline) : inserted);
    position = end;
  }
  return output + text.slice(position);
}

/** How the lines of a text end; undefined if they differ or there is one. */
function newlineOf(text: string): "\n" | "\r\n" | undefined {
  const all = text.match(/\n/g)?.length ?? 0;
  const windows = text.match(/\r\n/g)?.length ?? 0;
  if (all === 0 || (windows > 0 && windows < all)) return undefined;
  return windows > 0 ? "\r\n" : "\n";
}
