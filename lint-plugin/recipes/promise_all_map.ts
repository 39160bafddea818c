import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getOnlyExpression,
  isFunctionExpression,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { getFunction } from "../semantics/names/variables.ts";
import { writeMapper } from "./mapper.ts";
import { getPromiseAllMap, isWaitedFor } from "./promise_all.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `Promise.all(items.map(async (item) => …))`. */
export const promiseAllMap: Recipe = defineRecipe("promise-all-map", {
  summary: "`Promise.all(items.map(…))` → `map()`, ready for `concurrency`",
  needs: /\bPromise\s*\.\s*all\b/,
  create: (bench) => ({
    CallExpression: (call: ES.CallExpression) => visit(bench, call),
  }),
});

function visit(bench: Bench, call: ES.CallExpression): void {
  const { context } = bench;
  const all = getPromiseAllMap(context, call);
  if (!all) return;
  const leave = (because: string) =>
    bench.leave(call, "`Promise.all` of an array's `map()`", because);
  if (!isWaitedFor(call)) {
    return leave("nobody waits for it right there");
  }
  const callback = unwrap(all.callback);
  const because = whyNoWork(context, callback);
  if (because !== undefined) return leave(because);
  const draft = bench.draft(call);
  const body = writeMapper(context, draft, { callback, passes: 3 });
  if (body.because !== undefined) return leave(body.because);
  const items = draft.keep(all.items);
  draft.replace(call, `${draft.use("map")}(${items}, ${body.text})`);
  bench.offer(draft, {
    what: "`Promise.all` of an array's `map()` can be `map()`",
    why: "after a failure the others are cancelled and waited for",
  });
}

/** Why the callback doesn't start work of its own, if it doesn't. */
function whyNoWork(
  context: RuleContext,
  callback: ES.Node,
): string | undefined {
  const target = getFunction(context, callback);
  if (!target) return undefined;
  if (target.async) return undefined;
  const only = isFunctionExpression(target) || target.body
    ? getOnlyExpression(target)
    : undefined;
  return only?.type === "CallExpression" || only?.type === "ImportExpression"
    ? undefined
    : "its callback isn't async";
}
