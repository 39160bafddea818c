/**
 * The recommended rules (tier 1) for `deno lint`.
 *
 * `deno lint` turns every rule of a plugin on and knows no severities, so each
 * tier is an entry of its own; `lint.rules.exclude` takes single rules out.
 *
 * @example
 * In `deno.json`
 * ```json
 * { "lint": { "plugins": ["jsr:@mdc/eslint-plugin/deno"] } }
 * ```
 *
 * @module
 */
import { rules } from "../rules/mod.ts";
import { type DenoPlugin, denoPlugin } from "./plugin.ts";

export type * from "./plugin.ts";

/** The plugin for `lint.plugins`. */
const plugin: DenoPlugin = denoPlugin(rules, ({ meta }) => meta.docs.tier < 2);

export default plugin;
