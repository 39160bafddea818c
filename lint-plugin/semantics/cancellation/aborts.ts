/** Calls that cancel something, and where their reason goes. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  getProperty,
  getPropertyName,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { Edit, Fixer, RuleContext } from "../../host/rule.ts";
import { isController } from "../signals/controllers.ts";
import { getBehaviour } from "../tasks/api.ts";
import { getMdcCall } from "../tasks/calls.ts";
import { isGlobal } from "../names/variables.ts";

/** A call that cancels, whether it is given a reason or not. */
export interface Abort {
  readonly call: ES.CallExpression;
  /** The controller, task, …; none for `AbortSignal.abort()`. */
  readonly target?: Maybe<ES.Node>;
  readonly kind: "controller" | "signal" | "task";
  /** Whether the reason is the first argument, or in an options object. */
  readonly form: "argument" | "options";
  /** The index of that argument. */
  readonly index: 0 | 1;
}

/** The cancelling call that the node is, if it is one. */
export function getAbort(
  context: RuleContext,
  call: ES.CallExpression,
): Abort | undefined {
  const callee = unwrap(call.callee);
  if (
    isMemberOf(callee, "AbortSignal", "abort") &&
    isGlobal(context, callee.object)
  ) return { call, kind: "signal", form: "argument", index: 0 };
  const method = getMethodCall(call);
  if (method?.name === "abort" && isController(context, method.object)) {
    const target = method.object;
    return { call, target, kind: "controller", form: "argument", index: 0 };
  }
  const cancels = getBehaviour(getMdcCall(context, call))?.cancels;
  if (!cancels) return undefined;
  // `cancelAndWait(task, …)` has its target first.
  const target = cancels.index === 1 ? call.arguments[0] : method?.object;
  return { call, target, kind: "task", ...cancels };
}

/** The `X` of `X.abort.bind(X)`, which will be called with what the caller has. */
export function getBoundAbort(
  context: RuleContext,
  node: Maybe<ES.Node>,
): ES.Node | undefined {
  const bind = getMethodCall(node);
  if (bind?.name !== "bind" || bind.call.arguments.length > 1) return undefined;
  const method = unwrap(bind.object);
  return method.type === "MemberExpression" &&
      getPropertyName(method) === "abort" &&
      isController(context, method.object)
    ? method.object
    : undefined;
}

/** The expression that is given as the reason; undefined for none. */
export function getReason({ call, form, index }: Abort): ES.Node | undefined {
  const spread = call.arguments.slice(0, index + 1)
    .find((each) => each.type === "SpreadElement");
  if (spread) return spread;
  const given = unwrap(call.arguments[index]);
  if (!given || isUndefined(given)) return undefined;
  if (form === "argument" || given.type !== "ObjectExpression") return given;
  const value = getProperty(given, "reason")?.value;
  if (value && !isUndefined(value)) return value;
  return given.properties.find((each) => each.type === "SpreadElement");
}

function isUndefined(node: ES.Node): boolean {
  return node.type === "Identifier" && node.name === "undefined";
}

/** Writes the reason into a call that has none. */
export function addReason(
  fixer: Fixer,
  { call, form, index }: Abort,
  reason: string,
): Edit {
  const given = call.arguments[index];
  const text = form === "argument" ? reason : `{ reason: ${reason} }`;
  if (!given) {
    const end = call.range[1] - 1;
    const before = call.arguments[index - 1];
    // `cancelAndWait(task)`, perhaps with a comma behind the task.
    return before
      ? fixer.insertTextAfter(before, `, ${text}`)
      : fixer.insertTextBeforeRange([end, end], text);
  }
  if (given.type !== "ObjectExpression") return fixer.replaceText(given, text);
  const own = getProperty(given, "reason");
  if (own) return fixer.replaceText(own, `reason: ${reason}`);
  const last = given.properties.at(-1);
  return last
    ? fixer.insertTextAfter(last, `, reason: ${reason}`)
    : fixer.replaceText(given, text);
}
