/** What comments say about the code beside them. */
import type { SourceCode, SyntaxNode } from "./rule.ts";

/** Words by which people say that code is meant as it is. */
const MEANT = new RegExp(
  [
    "on purpose|purposely|purposefully|deliberate|intentional|by design",
    "deadlock|\\bhangs?\\b|\\bblocks?\\b|\\bawait|unawaited|background",
    "fire.and.forget|best.effort|no need to|not needed",
    "\\bdo not\\b|\\bdon['’]?t\\b|\\bmust not\\b|\\bnever\\b|\\bshould not\\b",
    "\\bignor(?:e|ed|ing)\\b|\\bswallow|\\bexpected\\b",
    "(?:es|deno-|ox)lint-(?:disable|ignore)|biome-ignore|@ts-(?:ignore|expect)",
  ].join("|"),
  "i",
);

/**
 * Whether a comment above the node's line, on it, or inside the node says that
 * the code is meant as it is.
 */
export function isMeant(sourceCode: SourceCode, node: SyntaxNode): boolean {
  const text = sourceCode.getText();
  const [start, end] = node.range;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", start);
  const lineEnd = to < 0 ? text.length : to;
  const line = text.slice(from, lineEnd);
  const inside = text.slice(lineEnd, Math.max(end, lineEnd)).split("\n");
  return [...linesAbove(text, from), line, ...inside]
    .some((each) => MEANT.test(commentOf(each)));
}

/** The lines of the comment that ends right above the offset, at most 20. */
function linesAbove(text: string, offset: number): string[] {
  const lines = text.slice(Math.max(0, offset - 4000), offset).split("\n");
  lines.pop();
  const found: string[] = [];
  while (found.length < 20) {
    const line = lines.pop();
    if (line === undefined || !/^\s*(?:\/\/|\/\*|\*)/.test(line)) break;
    found.push(line);
  }
  return found;
}

/** The part of a line that can be a comment. */
function commentOf(line: string): string {
  if (/^\s*\*/.test(line)) return line;
  // A colon before it makes it an address in a string.
  return /(?:^|[^:"'`])(\/\/.*|\/\*.*)$/.exec(line)?.[1] ?? "";
}
