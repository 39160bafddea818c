/** The rules by name. */
import type { Rule } from "../_rule.ts";
import noUntrackedPromise from "./no-untracked-promise.ts";

export const rules: { readonly [name: string]: Rule } = {
  "no-untracked-promise": noUntrackedPromise,
};
