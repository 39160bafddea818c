import { assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { PLUGIN } from "../scripts/build.ts";
import { rules } from "../rules/mod.ts";
import { lintCase, offsetOf, readCases, type RuleCase } from "./_lint_case.ts";

const ALL = Object.keys(rules);

async function readFixtures(): Promise<RuleCase[]> {
  const folder = join(PLUGIN, "tests", "fixtures");
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) =>
    name
  );
  return await Promise.all(names.map(async (name) => ({
    rule: "",
    case: {
      name: basename(name),
      code: await Deno.readTextFile(join(folder, name)),
      filename: name,
    },
  })));
}

interface Finding {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

function getFindings(each: RuleCase): Finding[] {
  const { code } = each.case;
  return lintCase(each, ALL).map((message) => ({
    rule: (message.ruleId ?? "").replace("mdc/", ""),
    start: offsetOf(code, message.line, message.column),
    end: offsetOf(code, message.endLine ?? 1, message.endColumn ?? 1),
  }));
}

interface Pair {
  readonly rules: string;
  readonly isSame: boolean;
  readonly text: string;
}

/** The reports of which one lies in the other, two at a time. */
function getPairs(each: RuleCase): Pair[] {
  const findings = getFindings(each);
  return findings.flatMap((one, index) =>
    findings.slice(index + 1)
      .filter(({ start, end }) =>
        start >= one.start && end <= one.end ||
        one.start >= start && one.end <= end
      )
      .map(({ rule, start, end }) => ({
        rules: [one.rule, rule].sort().join(" + "),
        isSame: start === one.start && end === one.end,
        text: `${each.case.name}: ${each.case.code}`,
      }))
  );
}

const cases = [...await readCases(), ...await readFixtures()];
const pairs = cases.flatMap(getPairs);

Deno.test("all rules together report no node twice, but a listener that is leaked and registered too late", () => {
  const twice = pairs.filter(({ isSame }) => isSame);
  const allowed = "no-leaked-abort-listener + require-aborted-check";
  assertEquals(twice.filter(({ rules }) => rules !== allowed), []);
  assertEquals(twice.length > 0, true, "the cases were not linted");
});

/** Rules that own the two sides of one defect. */
const EXCLUSIVE = [
  ["no-masked-cancellation", "no-swallowed-cancellation"],
  ["no-masked-cancellation", "prefer-throw-if-aborted"],
  ["no-unawaited-promise-in-try", "no-untracked-promise"],
  ["no-async-void-callback", "no-untracked-promise"],
  ["no-async-void-callback", "no-unawaited-promise-in-try"],
  ["no-aborted-signal-in-cleanup", "require-signal-forwarding"],
  ["no-aborted-signal-in-cleanup", "require-parent-signal-link"],
  ["require-parent-signal-link", "require-signal-forwarding"],
  ["no-unlinked-abort-controller", "require-parent-signal-link"],
];

for (const [one, other] of EXCLUSIVE) {
  Deno.test(`${one} and ${other} never report the same code`, () => {
    const found = pairs.filter(({ rules }) => rules === `${one} + ${other}`);
    assertEquals(found.map(({ text }) => text), []);
  });
}
