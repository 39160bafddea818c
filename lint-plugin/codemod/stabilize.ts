import type { Risk } from "../host/rule.ts";
import {
  applyEdits,
  type Editable,
  editable,
  withoutOverlaps,
} from "./edits.ts";
import type { DroppedEdit, Finding, Lint, Rewrite } from "./types.ts";

/**
 * Makes the edits of all findings up to a risk, again and again until none is left.
 *
 * It ends for every rule: rules whose edits bring back a text that was there
 * before, or that need more edits than findings explain, are found out and
 * the text is done once more without their edits.
 */
export function stabilize(lint: Lint, text: string, risk: Risk): Rewrite {
  const unstable = new Set<string>();
  for (;;) {
    const outcome = rewriteWithout(lint, text, { unstable, risk });
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
  lint: Lint,
  text: string,
  { unstable, risk }: {
    readonly unstable: ReadonlySet<string>;
    readonly risk: Risk;
  },
): Rewrite | Endless {
  const first = lint(text);
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
      lint,
      output,
      candidates.filter(({ rule }) => !unstable.has(rule)),
    );
    if (step.status === "nothing-made") {
      const dropped = [
        ...step.breaking.map((finding) => drop(finding, "breaks-syntax")),
        ...candidates.filter(({ rule }) => unstable.has(rule))
          .map((finding) => drop(finding, "unstable")),
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

function drop(finding: Finding, why: DroppedEdit["why"]): DroppedEdit {
  return { finding, why };
}

type Step =
  | {
    readonly status: "made";
    readonly made: readonly Editable[];
    readonly output: string;
    readonly findings: readonly Finding[];
  }
  | { readonly status: "nothing-made"; readonly breaking: readonly Editable[] };

/** One pass: the edits that fit together and leave the text parsable. */
function makeEdits(
  lint: Lint,
  text: string,
  candidates: readonly Editable[],
): Step {
  const breaking: Editable[] = [];
  for (let rest = candidates; rest.length > 0;) {
    const batch = withoutOverlaps(rest);
    const output = applyEdits(text, batch.map(({ edit }) => edit));
    const result = lint(output);
    if (result.status === "parsed") {
      return { ...result, status: "made", made: batch, output };
    }
    const step = makeOneByOne(lint, text, batch);
    if (step.status === "made") return step;
    // What overlapped with these has its chance now.
    breaking.push(...batch);
    rest = rest.filter((finding) => !batch.includes(finding));
  }
  return { status: "nothing-made", breaking };
}

/** From the end, so that what is made doesn't move what comes. */
function makeOneByOne(
  lint: Lint,
  text: string,
  batch: readonly Editable[],
): Step {
  const made: Editable[] = [];
  let output = text;
  let findings: readonly Finding[] = [];
  for (const finding of batch.toReversed()) {
    const next = applyEdits(output, [finding.edit]);
    const result = lint(next);
    if (result.status === "unparsable") continue;
    made.unshift(finding);
    output = next;
    findings = result.findings;
  }
  return made.length > 0
    ? { status: "made", made, output, findings }
    : { status: "nothing-made", breaking: batch };
}
