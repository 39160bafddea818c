/** What a runner's JUnit report says. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

// Attribute values may hold a bare ">", as in a test named "a => b".
const TAG =
  /<(\/?)(testcase|failure|error|skipped)\b(?:[^"'>]|"[^"]*"|'[^']*')*?(\/?)>/g;

/**
 * Counts the test cases of a JUnit report.
 *
 * Only the elements are counted, because the totals in the root's attributes
 * differ between runners (Node writes none).
 */
export function countTestCases(xml: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let verdict: keyof Counts | undefined;
  const text = xml.replaceAll(/<!\[CDATA\[.*?\]\]>|<!--.*?-->/gs, "");
  for (const [, end, name, empty] of text.matchAll(TAG)) {
    if (name !== "testcase") {
      // An error outside any test case is the runner's exit code to tell.
      if (verdict) verdict = name === "skipped" ? "skipped" : "failed";
      continue;
    }
    if (!end) verdict = "passed";
    if (end || empty) {
      counts[verdict!]++;
      verdict = undefined;
    }
  }
  return counts;
}
