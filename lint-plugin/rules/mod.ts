/** The rules by name. */
import type { Rule } from "../_rule.ts";
import { noSwallowedCancellation } from "./no-swallowed-cancellation.ts";
import noAsyncVoidCallback from "./no-async-void-callback.ts";
import noUntrackedPromise from "./no-untracked-promise.ts";

export const rules: { readonly [name: string]: Rule } = {
  "no-async-void-callback": noAsyncVoidCallback,
  "no-swallowed-cancellation": noSwallowedCancellation,

  "no-untracked-promise": noUntrackedPromise,
};
