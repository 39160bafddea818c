/** The text around a place, in files whose lines may be as long as they are. */
import type { RuleContext } from "../host/rule.ts";

/** No person indents further, or writes longer lines before a node. */
const REACH = 2000;

/**
 * Where the line of the offset begins, or as far before it as anybody looks: in
 * a bundle of one line a search would cost the whole file each time.
 */
export function getLineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - REACH);
  const at = text.slice(from, offset).lastIndexOf("\n");
  return at < 0 ? from : from + at + 1;
}

/** Whether nothing but white space stands before the offset in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(getLineStart(text, offset), offset).trim() === "";
}

/** Computes something of a whole file once for each file. */
export function oncePerFile<T>(
  compute: (context: RuleContext) => T,
): (context: RuleContext) => T {
  const known = new WeakMap<object, { readonly value: T }>();
  return (context) => {
    const { sourceCode } = context;
    let entry = known.get(sourceCode);
    if (!entry) known.set(sourceCode, entry = { value: compute(context) });
    return entry.value;
  };
}
