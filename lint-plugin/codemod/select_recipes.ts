import type { Rule } from "../host/rule.ts";
import { recipes } from "../recipes/mod.ts";

/** The package that recipes move code to. */
export const PACKAGE = "@mdc/tasks";

/**
 * The rules of the recipes by name.
 *
 * @throws {RangeError} if there is no such recipe
 */
export function selectRecipes(
  names: readonly string[],
): { readonly [name: string]: Rule } {
  return Object.fromEntries(names.map((name) => {
    const recipe = recipes.find((each) => each.name === name);
    if (recipe) return [name, recipe.rule];
    throw new RangeError(
      `Cannot select recipes: expected one of ${
        recipes.map((each) => each.name).join(", ")
      }; received "${name}"`,
    );
  }));
}

/** A line for each recipe: its name, from what and to what. */
export function listRecipes(): string {
  const width = Math.max(...recipes.map(({ name }) => name.length));
  return recipes.map(({ name, summary }) =>
    `  ${name.padEnd(width)}  ${summary.replaceAll("`", "")}\n`
  ).join("");
}
