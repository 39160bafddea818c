/**
 * The strict rules (tiers 1 and 2) for `deno lint`.
 *
 * @example
 * In `deno.json`
 * ```json
 * { "lint": { "plugins": ["jsr:@mdc/eslint-plugin/deno-strict"] } }
 * ```
 *
 * @module
 */
import { rules } from "../rules/mod.ts";
import { type DenoPlugin, denoPlugin } from "./plugin.ts";

export type * from "./plugin.ts";

/** The plugin for `lint.plugins`. */
const plugin: DenoPlugin = denoPlugin(rules, ({ meta }) => meta.docs.tier < 3);

export default plugin;
