import type { Risk } from "../host/rule.ts";
import { type Editable, editable, withoutOverlaps } from "./edits.ts";
import { type Attempt, type Judges, tryEdits } from "./try_edits.ts";
import type { DroppedEdit, Finding, Rewrite } from "./types.ts";

/**
 * Makes the edits of all findings up to a risk, again and again until none is left.
 *
 * It ends for every rule: rules whose edits bring back a text that was there
 * before, or that need more edits than findings explain, are found out and
 * the text is done once more without their edits. An edit that breaks the syntax
 * or adds a type error is left out.
 */
export function stabilize(judges: Judges, text: string, risk: Risk): Rewrite {
  const unstable = new Set<string>();
  for (;;) {
    const outcome = rewriteWithout(judges, text, { unstable, risk });
    if (outcome.status !== "endless") return outcome;
    for (const rule of outcome.rules) unstable.add(rule);
  }
}

/** The rules whose edits were made when it became clear that it won't end. */
interface Endless {
  readonly status: "endless";
  readonly rules: readonly string[];
}

function rewriteWithout(
  judges: Judges,
  text: string,
  { unstable, risk }: {
    readonly unstable: ReadonlySet<string>;
    readonly risk: Risk;
  },
): Rewrite | Endless {
  const first = judges.lint(text);
  if (first.status === "unparsable") return first;
  // An edit may uncover other findings, but not without end.
  const limit = 4 * first.findings.length + 20;
  const seen = new Set([text]);
  const applied: Finding[] = [];
  let output = text;
  let findings = first.findings;
  for (;;) {
    const candidates = editable(findings, output, risk);
    const step = makeEdits(
      judges,
      output,
      candidates.filter(({ rule }) => !unstable.has(rule)),
    );
    if (step.status === "nothing-made") {
      const dropped = [
        ...step.dropped,
        ...candidates.filter(({ rule }) => unstable.has(rule))
          .map((finding): DroppedEdit => ({ finding, why: "unstable" })),
      ];
      return {
        status: "parsed",
        output,
        found: first.findings,
        applied,
        remaining: findings,
        dropped,
      };
    }
    if (seen.has(step.output) || applied.length > limit) {
      const rules = [...new Set(step.made.map(({ rule }) => rule))];
      return { status: "endless", rules };
    }
    seen.add(step.output);
    applied.push(...step.made);
    ({ output, findings } = step);
  }
}

type Step =
  | ({ readonly status: "made" } & Attempt)
  | { readonly status: "nothing-made"; readonly dropped: DroppedEdit[] };

/** One pass: the edits that fit together and leave the text sound. */
function makeEdits(
  judges: Judges,
  text: string,
  candidates: readonly Editable[],
): Step {
  const dropped: DroppedEdit[] = [];
  for (let rest = candidates; rest.length > 0;) {
    const batch = withoutOverlaps(rest);
    const attempt = tryEdits(text, batch, judges);
    if (attempt.made.length > 0) return { ...attempt, status: "made" };
    // What overlapped with these has its chance now.
    dropped.push(...attempt.dropped);
    rest = rest.filter((finding) => !batch.includes(finding));
  }
  return { status: "nothing-made", dropped };
}
