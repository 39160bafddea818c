/** What a recipe makes of a text. */
import { assertEquals } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { rewrite } from "../codemod.ts";
import { recipes } from "../recipes/mod.ts";

/** A text, what becomes of it, and what is told of it. */
export interface RecipeCase {
  readonly name: string;
  readonly before: string;
  /** Absent where nothing changes. */
  readonly after?: string;
  /** The reasons of what is left alone, each after "because". */
  readonly left?: readonly string[];
  readonly filename?: string;
}

/** Rewrites a text by one recipe. */
export async function rewriteBy(
  recipe: string,
  before: string,
  filename = "main.ts",
): Promise<{ readonly after: string; readonly left: readonly string[] }> {
  const rule = recipes.find(({ name }) => name === recipe)?.rule;
  if (!rule) throw new Error(`no recipe ${recipe}`);
  const result = await rewrite(before, {
    definitions: { [recipe]: rule },
    risk: "review",
    filename,
  });
  if (result.status !== "parsed") throw new Error(result.problem.message);
  assertEquals(result.dropped, []);
  const left = result.remaining.map(({ message }) =>
    message.slice(message.indexOf(", because ") + ", because ".length)
  );
  return { after: result.output, left };
}

/** A test for each case: it is rewritten once, and then stays as it is. */
export function testRecipe(
  recipe: string,
  cases: readonly RecipeCase[],
): void {
  for (const { name, before, after = before, left = [], filename } of cases) {
    test(`${recipe} ${name}`, async () => {
      const result = await rewriteBy(recipe, before, filename);
      assertEquals(result.after, after);
      assertEquals(result.left, left);
      const again = await rewriteBy(recipe, after, filename);
      assertEquals(again.after, after);
    });
  }
}
