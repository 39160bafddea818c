/**
 * All rules (tiers 1 to 3) for `deno lint`.
 *
 * @example
 * In `deno.json`
 * ```json
 * { "lint": { "plugins": ["jsr:@mdc/eslint-plugin/deno-all"] } }
 * ```
 *
 * @module
 */
import { rules } from "../rules/mod.ts";
import { type DenoPlugin, denoPlugin } from "./plugin.ts";

export type * from "./plugin.ts";

/** The plugin for `lint.plugins`. */
const plugin: DenoPlugin = denoPlugin(rules, () => true);

export default plugin;
