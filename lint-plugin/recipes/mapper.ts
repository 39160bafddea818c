/** Callbacks of `array.map` and of its likes, written for `map()`. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  isFunction,
  isFunctionExpression,
  unwrap,
} from "../syntax/nodes.ts";
import { some } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getFunction } from "../semantics/names/variables.ts";
import type { Draft } from "./draft.ts";

/** A text, or why there is none. */
export type Written =
  | { readonly text: string; readonly because?: undefined }
  | { readonly text?: undefined; readonly because: string };

/**
 * The callback with the context as its second parameter.
 *
 * `passes` says how many arguments it got: a named function may take them all.
 */
export function writeMapper(
  context: RuleContext,
  draft: Draft,
  { callback, passes }: {
    readonly callback: ES.Node;
    readonly passes: 2 | 3;
  },
): Written {
  const inner = unwrap(callback);
  if (isFunctionExpression(inner)) {
    if (!takesOnly(context, inner, 2)) {
      return { because: "its callback takes more than an item and an index" };
    }
    const index = inner.params[1];
    if (!index) return { text: draft.keep(callback) };
    const text = draft.keepRaw(callback);
    const at = index.range[0] - callback.range[0];
    const written = `${text.slice(0, at)}_context, ${text.slice(at)}`;
    return { text: draft.move(callback, written) };
  }
  const target = getFunction(context, inner);
  if (target && takesOnly(context, target, 1)) {
    return { text: draft.keep(callback) };
  }
  if (inner.type !== "Identifier" || passes > 2) {
    return { because: "nobody knows which arguments its callback takes" };
  }
  const name = draft.keep(callback);
  return { text: `(item, _context, index) => ${name}(item, index)` };
}

/** Whether the function can't see more than so many arguments. */
export function takesOnly(
  context: RuleContext,
  target: FunctionNode,
  most: number,
): boolean {
  const { params, body } = target;
  if (params.length > most) return false;
  if (params.some(({ type }) => type === "RestElement")) return false;
  return target.type === "ArrowFunctionExpression" ||
    !some(context, body, (each) => {
      if (isFunction(each) && each.type !== "ArrowFunctionExpression") {
        return "skip";
      }
      return each.type === "Identifier" && each.name === "arguments";
    });
}
