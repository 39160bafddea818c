/** Files that are looked at, but not edited unless that is asked for. */

/** Why a file is left as it is. */
export type LeftOut = "test" | "generated" | "minified" | "vendored";

const TEST_FOLDER =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|fixtures|testdata)\//;
const TEST_FILE =
  /(?:^|\/)(?:tests?|spec)\.\w+$|[._-](?:test|tests|spec|e2e|bench|stories|cy)\.\w+$/;
const VENDORED =
  /(?:^|\/)(?:vendor|vendored|third[_-]party|bower_components|\.yarn|\.pnp)(?:\/|\.)/;
const GENERATED_FILE = /[._-](?:generated|gen|pb)\.\w+$|\.d\.[cm]?ts$/;
const GENERATED =
  /@generated\b|\bdo not (?:edit|modify)\b|\bauto-?generated\b|\bgenerated (?:by|from|with)\b/i;
const DISABLED = /^\s*(?:\/\/.*\n\s*)*\/\* eslint-disable \*\//;

/** More than that is written by no person. */
const MOST = 500 * 1024;
const LONGEST_LINE = 5000;

/**
 * Why the file is left as it is, by its path with `/` and its text; undefined
 * for one that people write.
 */
export function whyLeftOut(path: string, text: string): LeftOut | undefined {
  if (VENDORED.test(path)) return "vendored";
  if (/[.-]min\.\w+$/.test(path) || text.length > MOST || isDense(text)) {
    return "minified";
  }
  const head = text.slice(0, 1000).split("\n").slice(0, 12)
    .filter((line) => /^\s*(?:\/\/|\/\*|\*|#!)/.test(line)).join("\n");
  if (
    GENERATED_FILE.test(path) || GENERATED.test(head) ||
    DISABLED.test(text.slice(0, 1000))
  ) return "generated";
  return TEST_FOLDER.test(path) || TEST_FILE.test(path) ? "test" : undefined;
}

/** Whether most of the text stands in lines that nobody could read. */
function isDense(text: string): boolean {
  let dense = 0;
  for (const line of text.split("\n")) {
    if (line.length > LONGEST_LINE) dense += line.length;
  }
  return dense > text.length / 2;
}
