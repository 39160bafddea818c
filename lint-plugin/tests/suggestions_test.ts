import { assertEquals } from "@std/assert";
import type { Linter } from "eslint";
import plugin from "../mod.ts";
import { lintCase, offsetOf, readCases, type RuleCase } from "./_lint_case.ts";

/** More rounds than findings in any case: who needs more goes round in circles. */
const ROUNDS = 20;

interface Edit {
  readonly range: readonly [number, number];
  readonly text: string;
}

interface Offer {
  readonly finding: Linter.LintMessage;
  readonly text: string;
  readonly edit: Edit;
}

function getOffers(finding: Linter.LintMessage): Offer[] {
  const suggested = (finding.suggestions ?? []).map(({ desc, fix }) => ({
    finding,
    text: desc,
    edit: fix,
  }));
  const { fix } = finding;
  return fix ? [{ finding, text: "fix", edit: fix }, ...suggested] : suggested;
}

function apply(code: string, { range, text }: Edit): string {
  return code.slice(0, range[0]) + text + code.slice(range[1]);
}

/** The first offer of each finding, from the end, without overlaps. */
function applyAll(code: string, findings: readonly Linter.LintMessage[]) {
  const edits = findings.flatMap((each) => getOffers(each).slice(0, 1))
    .map(({ edit }) => edit).sort((a, b) => b.range[0] - a.range[0]);
  let start = Infinity;
  return edits.reduce((text, edit) => {
    if (edit.range[1] > start) return text;
    start = edit.range[0];
    return apply(text, edit);
  }, code);
}

function isParsed(findings: readonly Linter.LintMessage[]): boolean {
  return !findings.some(({ fatal }) => fatal);
}

/** Whether the finding that was settled is there again, with the same offer. */
function isOfferedAgain(
  { code, output }: { readonly code: string; readonly output: string },
  { finding, text, edit: { range: [start, end] } }: Offer,
  after: readonly Linter.LintMessage[],
): boolean {
  const offset = offsetOf(code, finding.line, finding.column);
  const moved = offset >= end && offset > start
    ? offset + output.length - code.length
    : offset;
  return after.some((each) =>
    each.messageId === finding.messageId &&
    offsetOf(output, each.line, each.column) === moved &&
    getOffers(each).some((offer) => offer.text === text)
  );
}

/** What is wrong with each offer of the case, taken alone. */
function judgeOffers(each: RuleCase): string[] {
  const { code, name } = each.case;
  return lintCase(each).flatMap(getOffers).flatMap((offer) => {
    const output = apply(code, offer.edit);
    const after = lintCase(each, undefined, output);
    if (!isParsed(after)) return [`${name}: does not parse: ${output}`];
    return isOfferedAgain({ code, output }, offer, after)
      ? [`${name}: offered again: ${output}`]
      : [];
  });
}

/** What is wrong with applying first offers until nothing changes. */
function judgeRounds(each: RuleCase): string[] {
  let text = each.case.code;
  for (let round = 0; round < ROUNDS; round++) {
    const findings = lintCase(each, undefined, text);
    if (!isParsed(findings)) {
      return [`${each.case.name}: does not parse: ${text}`];
    }
    const output = applyAll(text, findings);
    if (output === text) return [];
    text = output;
  }
  return [`${each.case.name}: never stable: ${text}`];
}

const cases = await readCases();

for (const [rule, { meta }] of Object.entries(plugin.rules)) {
  if (!meta.hasSuggestions && !meta.fixable) continue;
  const own = cases.filter((each) =>
    each.rule === rule && lintCase(each).flatMap(getOffers).length > 0
  );

  Deno.test(`every edit that ${rule} offers parses and settles its finding`, () => {
    assertEquals(own.length > 0, true, "no case has an edit");
    assertEquals(own.flatMap(judgeOffers), []);
  });

  Deno.test(`applying what ${rule} offers comes to an end`, () => {
    assertEquals(own.flatMap(judgeRounds), []);
  });

  Deno.test(`what ${rule} offers for all its cases in one file comes to an end`, () => {
    // Each in a block: their names must not meet, and imports can't stand there.
    const codes = own.filter((
      { case: { code, options, settings, filename } },
    ) =>
      !options && !settings && !filename &&
      !/\b(?:import|export)\b/.test(code) &&
      isParsed(lintCase({ rule, case: { name: "", code: `{\n${code}\n}` } }))
    ).map(({ case: { code } }) => `{\n${code}\n}`);
    const whole = { rule, case: { name: "together", code: codes.join("\n") } };
    assertEquals(judgeRounds(whole), []);
  });
}
