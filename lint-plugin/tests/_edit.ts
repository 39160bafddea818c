/** A text edited by one rule. */
import { assertEquals } from "@std/assert";
import { type Finding, rewrite } from "../codemod.ts";

/** The text after all edits of that risk, and what is left. */
export async function edit(
  text: string,
  rule: string,
  risk: "safe" | "review" = "safe",
): Promise<{ output: string; remaining: readonly Finding[] }> {
  const result = await rewrite(text, { rules: [rule], risk });
  if (result.status !== "parsed") throw new Error(result.problem.message);
  const { output, remaining, found } = result;
  assertEquals(found.length > 0, true, `nothing was found in ${text}`);
  return { output, remaining };
}
