import { resolve } from "node:path";
import type { Rule } from "../host/rule.ts";
import { loadEslint } from "./eslint_host.ts";
import { createLint } from "./lint.ts";
import { type RuleSelection, selectRules } from "./select_rules.ts";
import { stabilize } from "./stabilize.ts";
import type { EditSelection, Rewrite } from "./types.ts";

/** How a text is rewritten. */
export interface RewriteOptions extends RuleSelection, EditSelection {
  /** Its name decides between TypeScript and JSX; default `"file.tsx"`. */
  readonly filename?: string;
  /** Rules in place of the plugin's own, by name. */
  readonly definitions?: { readonly [name: string]: Rule };
}

/**
 * Rewrites a text: makes the safe edits until none is left, and those that have
 * to be read as well if `risk` says so.
 *
 * An edit that would break the syntax is dropped, and so are the edits of a
 * rule that would never come to an end. The ends of lines stay what they are.
 *
 * @example
 * ```ts
 * import { rewrite } from "@mdc/eslint-plugin/codemod";
 *
 * const result = await rewrite(
 *   `export async function load(url: string, signal: AbortSignal) {
 *     return await fetch(url);
 *   }`,
 *   { rules: ["require-signal-forwarding"] },
 * );
 * if (result.status === "parsed") {
 *   console.log(result.output.includes("fetch(url, { signal })")); // true
 * }
 * ```
 *
 * @throws {MissingPackageError} if ESLint or the parser isn't installed
 * @throws {RangeError} if there is no such rule or tier
 * @throws {TypeError} if both rules and a tier are given
 */
export async function rewrite(
  text: string,
  options: RewriteOptions = {},
): Promise<Rewrite> {
  const { filename = "file.tsx", definitions, risk = "safe" } = options;
  const rules = definitions ?? selectRules(options);
  const host = await loadEslint();
  const lint = createLint(host, resolve(filename), { rules, risk });
  return stabilize({ lint }, text, risk);
}
