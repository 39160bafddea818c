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
 * the code is meant as it is. What stands in functions that the node contains is
 * said of their statements, but for what they begin with; what stands above a
 * loop is said of its first statement, too.
 */
export function isMeant(sourceCode: SourceCode, node: SyntaxNode): boolean {
  const text = sourceCode.getText();
  const [start, end] = node.range;
  // In a bundle of one line nobody speaks of one call.
  const near = Math.max(0, start - REACH);
  const from = near + text.slice(near, start).lastIndexOf("\n") + 1;
  const to = text.slice(start, start + REACH).indexOf("\n");
  const lineEnd = to < 0 ? Math.min(text.length, start + REACH) : start + to;
  const line = text.slice(from, lineEnd);
  const loop = getLoopAround(node);
  return [
    ...loop ? linesAbove(text, loop.range[0]) : [],
    ...linesAbove(text, start),
    line,
    ...linesInside(sourceCode, node, lineEnd, end),
  ].some((each) => MEANT.test(commentOf(each)));
}

const REACH = 2000;

type Linked = SyntaxNode & {
  readonly parent?: Linked | null;
  readonly body?: Linked | readonly Linked[];
};

const LOOP = /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/;

const FUNCTION =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** The loop whose first statement the node is, or is in. */
function getLoopAround(node: SyntaxNode): SyntaxNode | undefined {
  let inner: Linked = node;
  for (let outer = inner.parent; outer; inner = outer, outer = inner.parent) {
    if (LOOP.test(outer.type)) return outer;
    const isFirst = outer.type !== "BlockStatement" ||
      Array.isArray(outer.body) && outer.body[0] === inner;
    if (!isFirst || FUNCTION.test(outer.type)) return undefined;
  }
  return undefined;
}

/** The lines between the offsets that no function in the node contains. */
function linesInside(
  sourceCode: SourceCode,
  node: SyntaxNode,
  start: number,
  end: number,
): string[] {
  if (end <= start) return [];
  const functions = findFunctions(sourceCode, node);
  const lines: string[] = [];
  let offset = start;
  for (const each of sourceCode.getText().slice(start, end).split("\n")) {
    const at = offset;
    if (!functions.some(([from, to]) => at >= from && at < to)) {
      lines.push(each);
    }
    offset += each.length + 1;
  }
  return lines;
}

/** From the first statement to the end of each function in the node. */
function findFunctions(
  sourceCode: SourceCode,
  node: SyntaxNode,
): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const visit = (each: SyntaxNode): void => {
    const { body } = each as Linked;
    if (each !== node && FUNCTION.test(each.type)) {
      const block = body as Linked | undefined;
      const first = Array.isArray(block?.body) ? block.body[0] : undefined;
      if (first) found.push([first.range[0], each.range[1]]);
      return;
    }
    for (const key of sourceCode.visitorKeys[each.type] ?? []) {
      const child = (each as unknown as Record<string, unknown>)[key];
      for (const one of Array.isArray(child) ? child : [child]) {
        if (one) visit(one as SyntaxNode);
      }
    }
  };
  visit(node);
  return found;
}

/** The lines of the comment right above the offset's line, at most 20. */
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
