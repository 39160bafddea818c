/**
 * Writes what the pages and the README know from the rules and recipes: headers,
 * tables of options, the tables of rules and of recipes.
 *
 * `deno run -A lint-plugin/scripts/docs.ts` writes, with `--check` it only
 * compares and fails if something is out of date.
 *
 * @module
 */
import { join } from "node:path";
import type { JsonSchema, Rule } from "../host/rule.ts";
import plugin from "../mod.ts";
import { recipes } from "../recipes/mod.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { PLUGIN } from "./build.ts";

/** A generated part of a file: its name and its text. */
export interface Part {
  readonly name: "header" | "options" | "rules" | "recipes";
  readonly text: string;
}

/** Puts the parts into the text, between their markers. */
export function insertParts(text: string, parts: readonly Part[]): string {
  return parts.reduce((whole, { name, text }) => {
    const begin = `<!-- begin generated ${name} -->`;
    const end = `<!-- end generated ${name} -->`;
    const from = whole.indexOf(begin);
    const to = whole.indexOf(end);
    if (from < 0 || to < from) {
      throw new Error(`Cannot write ${name}: its markers are missing`);
    }
    return whole.slice(0, from + begin.length) + `\n\n${text}\n\n` +
      whole.slice(to);
  }, text);
}

/** The generated parts of a rule's page. */
export function getPageParts(name: string, { meta }: Rule): Part[] {
  const { description, tier } = meta.docs;
  const severity = tier === 1 ? "an error" : "a warning";
  const lines = [
    `# ${capitalise(description)} (\`mdc/${name}\`)`,
    tier < 3
      ? `💼 Tier ${tier}: ${severity} in \`recommended\`, an error in \`strict\` and \`all\`.`
      : `💼 Tier ${tier}: an error in \`all\`.`,
    ...(meta.hasSuggestions ? ["💡 Editors offer suggestions."] : []),
    ...(meta.fixable ? ["🔧 `--fix` repairs it."] : []),
  ];
  return [
    { name: "header", text: lines.join("\n\n") },
    { name: "options", text: getOptionsTable(meta) },
  ];
}

function getOptionsTable(meta: Rule["meta"]): string {
  const [types] = (meta.schema[0]?.anyOf ?? []) as {
    properties: Record<string, JsonSchema>;
  }[];
  if (!types) return "This rule has no options.";
  const defaults = meta.defaultOptions[0] as Record<string, unknown>;
  return table(
    ["Option", "Type", "Default", "Meaning"],
    Object.entries(types.properties).map(([option, schema]) => [
      `\`${option}\``,
      String(schema.type),
      `\`${JSON.stringify(defaults[option])}\``,
      String(schema.description),
    ]),
  );
}

/** The table of all rules for the README. */
export function getRulesTable(): string {
  return table(
    ["Rule", "Finds", "Tier", "💡"],
    Object.entries(plugin.rules).map(([name, { meta }]) => [
      `[${name}](docs/rules/${name}.md)`,
      capitalise(meta.docs.description),
      String(meta.docs.tier),
      meta.fixable ? "🔧" : meta.hasSuggestions ? "💡" : "",
    ]),
  );
}

/** The generated part of a recipe's page. */
export function getRecipeParts({ name, summary }: Recipe): Part[] {
  const text = `# ${capitalise(summary)} (\`--recipe ${name}\`)`;
  return [{ name: "header", text }];
}

/** The table of all recipes for the README. */
export function getRecipesTable(): string {
  return table(
    ["Recipe", "Rewrites"],
    recipes.map(({ name, summary }) => [
      `[${name}](docs/recipes/${name}.md)`,
      capitalise(summary),
    ]),
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Columns of equal width, as `deno fmt` wants them.
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length))
  );
  const line = (cells: string[]) =>
    `| ${
      cells.map((cell, column) =>
        cell + " ".repeat((widths[column] ?? 0) - cell.length)
      ).join(" | ")
    } |`;
  const rule = widths.map((each) => "-".repeat(each));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** The path of a rule's page. */
export function getPagePath(name: string): string {
  return join(PLUGIN, "docs", "rules", `${name}.md`);
}

/** The path of a recipe's page. */
export function getRecipePath(name: string): string {
  return join(PLUGIN, "docs", "recipes", `${name}.md`);
}

/** Every file with generated parts, as it is and as it should be. */
export async function getDocuments(): Promise<
  { path: string; text: string; expected: string }[]
> {
  const wanted: [string, Part[]][] = [
    [join(PLUGIN, "README.md"), [
      { name: "rules", text: getRulesTable() },
      { name: "recipes", text: getRecipesTable() },
    ]],
    ...recipes.map((recipe): [string, Part[]] => [
      getRecipePath(recipe.name),
      getRecipeParts(recipe),
    ]),
    ...Object.entries(plugin.rules).map(([name, rule]): [string, Part[]] => [
      getPagePath(name),
      getPageParts(name, rule),
    ]),
  ];
  return await Promise.all(wanted.map(async ([path, parts]) => {
    const text = await Deno.readTextFile(path);
    return { path, text, expected: insertParts(text, parts) };
  }));
}

if (import.meta.main) {
  const stale = (await getDocuments()).filter(({ text, expected }) =>
    text !== expected
  );
  if (Deno.args.includes("--check")) {
    for (const { path } of stale) console.error(`Out of date: ${path}`);
    Deno.exit(stale.length > 0 ? 1 : 0);
  }
  for (const { path, expected } of stale) {
    await Deno.writeTextFile(path, expected);
  }
}
