import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isFunction, unwrap } from "../syntax/nodes.ts";
import { find } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { unwrapTry } from "./clears.ts";
import {
  isWithin,
  optionOf,
  type Outcome,
  removeService,
  type Site,
} from "./controller_site.ts";
import type { Draft } from "./draft.ts";
import { writeJoined } from "./joined.ts";
import { getPromiseArgument } from "./promise_all.ts";

/** `Promise.all` in a try that aborts the others → `all()`, `map()`. */
export function writeAll(
  context: RuleContext,
  draft: Draft,
  { controller, rest }: Site,
): Outcome | undefined {
  const { service, aborts, signals } = controller;
  const [attempt] = rest;
  if (attempt?.type !== "TryStatement") return undefined;
  const call = find(context, attempt.block, (each) => {
    if (isFunction(each)) return "skip";
    return each.type === "CallExpression" &&
      getPromiseArgument(context, each, "all") !== undefined;
  }) as ES.CallExpression | undefined;
  if (!call) return undefined;
  if (!signals.every((each) => isWithin(each, call))) {
    return { because: "its signal is used outside of the `Promise.all`" };
  }
  const { handler, finalizer } = attempt;
  const isOwn = (each: ES.Statement) =>
    service.has(each) ||
    aborts.some((abort) =>
      each.type === "ExpressionStatement" && unwrap(each.expression) === abort
    );
  const rethrows = !handler ||
    handler.body.body.every((each) =>
      isOwn(each) || each.type === "ThrowStatement" &&
        each.argument.type === "Identifier" &&
        handler.param?.type === "Identifier" &&
        each.argument.name === handler.param.name
    );
  if (!rethrows || !(finalizer?.body.every(isOwn) ?? true)) {
    return { because: "its handler or its `finally` does more" };
  }
  if (
    !aborts.every((each) =>
      isWithin(each, handler) || isWithin(each, finalizer)
    )
  ) {
    return { because: "it is aborted for other reasons as well" };
  }
  if (aborts.length === 0 && controller.parent === undefined) return undefined;
  const text = writeJoined(context, draft, {
    call,
    signals,
    option: optionOf(draft, controller),
  });
  if (text === undefined) {
    return { because: "what it joins isn't all started there" };
  }
  if (!unwrapTry(context, draft, { attempt, call })) {
    return { because: "its `try` declares names that are taken" };
  }
  draft.replace(call, text);
  const outside = {
    ...controller,
    service: new Set(
      [...service].filter((each) => !isWithin(each, attempt)),
    ),
  };
  removeService(draft, outside);
  return "written";
}
