/** The rules by name. */
import type { Rule } from "../_rule.ts";

export const rules: { readonly [name: string]: Rule } = {};
