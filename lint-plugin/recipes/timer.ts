/** Promises that settle when a time is over. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  getOnlyExpression,
  isFunction,
  isFunctionExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext, Variable } from "../host/rule.ts";
import { getMdcCall } from "../semantics/tasks/calls.ts";
import {
  getFunction,
  getImported,
  getVariable,
  isGlobal,
} from "../semantics/names/variables.ts";

/** How a timer ends. */
export interface Timer {
  readonly ms: ES.Node;
  readonly settles: "resolves" | "rejects";
  /** With what; undefined: with nothing. */
  readonly value?: ES.Node | undefined;
  /** The variable that holds the handle of `setTimeout`. */
  readonly handle?: Variable | undefined;
}

/** The timer that the expression makes, if it does nothing else. */
export function getTimer(
  context: RuleContext,
  node: Maybe<ES.Node>,
): Timer | undefined {
  const inner = unwrap(node);
  if (inner?.type === "NewExpression") return getHandMade(context, inner);
  if (inner?.type !== "CallExpression") return undefined;
  return getSleep(context, inner) ?? getThen(context, inner) ??
    getHelper(context, inner);
}

/** `new Promise((resolve, reject) => setTimeout(…, ms))`. */
function getHandMade(
  context: RuleContext,
  node: ES.NewExpression,
): Timer | undefined {
  if (!isGlobal(context, node.callee, "Promise")) return undefined;
  const executor = unwrap(node.arguments[0]);
  if (!isFunctionExpression(executor)) return undefined;
  const only = getOnlyExpression(executor) ?? getOnlyDeclared(executor);
  const assigned = only?.type === "AssignmentExpression" &&
      only.operator === "=" && only.left.type === "Identifier"
    ? only.left
    : undefined;
  const call = assigned
    ? unwrap((only as ES.AssignmentExpression).right)
    : only;
  if (call?.type !== "CallExpression" || !isSetTimeout(context, call)) {
    return undefined;
  }
  const [callback, ms, value, more] = call.arguments;
  if (!ms || more || ms.type === "SpreadElement") return undefined;
  const [resolve, reject] = executor.params.map((each) =>
    each.type === "Identifier" ? each.name : undefined
  );
  const end = getEnd(unwrap(callback), { resolve, reject });
  if (!end) return undefined;
  return {
    ms,
    settles: end.settles,
    value: end.value ?? value,
    handle: assigned && getVariable(context, assigned),
  };
}

/** `{ const t = setTimeout(…); }` that nothing else follows. */
function getOnlyDeclared(
  { body }: ES.ArrowFunctionExpression | ES.FunctionExpression,
): Maybe<ES.Node> {
  if (body?.type !== "BlockStatement" || body.body.length !== 1) {
    return undefined;
  }
  const [only] = body.body;
  return only?.type === "VariableDeclaration" && only.declarations.length === 1
    ? unwrap(only.declarations[0]?.init)
    : undefined;
}

/** Whether the call is one of the platform's `setTimeout`. */
export function isSetTimeout(
  context: RuleContext,
  call: ES.CallExpression,
): boolean {
  return isGlobal(context, call.callee, "setTimeout") ||
    ["globalThis", "window", "self"].some((name) =>
      isMemberOf(call.callee, name, "setTimeout")
    );
}

interface End {
  readonly settles: Timer["settles"];
  readonly value?: ES.Node | undefined;
}

/** `resolve`, or a function that calls it and does nothing else. */
function getEnd(
  callback: Maybe<ES.Node>,
  names: { readonly resolve: Maybe<string>; readonly reject: Maybe<string> },
): End | undefined {
  const settlesBy = (node: Maybe<ES.Node>): Timer["settles"] | undefined => {
    const inner = unwrap(node);
    if (inner?.type !== "Identifier") return undefined;
    return inner.name === names.resolve
      ? "resolves"
      : inner.name === names.reject
      ? "rejects"
      : undefined;
  };
  const direct = settlesBy(callback);
  if (direct) return { settles: direct };
  if (!isFunction(callback) || callback.async) return undefined;
  const call = getOnlyExpression(callback);
  if (call?.type !== "CallExpression") return undefined;
  const settles = settlesBy(call.callee);
  return settles && { settles, value: call.arguments[0] };
}

/** `sleep(ms)` of a package, and `setTimeout(ms, value)` of Node. */
function getSleep(
  context: RuleContext,
  call: ES.CallExpression,
): Timer | undefined {
  const [ms, second, more] = call.arguments;
  if (!ms || ms.type === "SpreadElement" || more) return undefined;
  const imported = getImported(context, call.callee);
  const source = imported?.source.replace(/^(?:node|npm):/, "");
  if (source === "timers/promises" && imported?.imported === "setTimeout") {
    return { ms, settles: "resolves", value: second };
  }
  if (second) return undefined;
  const isSleep = getMdcCall(context, call) === "sleep" ||
    source === "delay" && imported?.imported === "default" ||
    imported?.imported === "delay" &&
      /^(?:jsr:)?@std\/async(?:[@/]|$)/.test(source ?? "");
  return isSleep ? { ms, settles: "resolves" } : undefined;
}

/** `timer.then(() => { throw error; })`, and with a value. */
function getThen(
  context: RuleContext,
  call: ES.CallExpression,
): Timer | undefined {
  const chain = getMethodCall(call);
  if (chain?.name !== "then" || call.arguments.length !== 1) return undefined;
  const timer = getTimer(context, chain.object);
  const callback = unwrap(call.arguments[0]);
  if (timer?.settles !== "resolves" || !isFunctionExpression(callback)) {
    return undefined;
  }
  if (callback.async || callback.params.length > 0) return undefined;
  const { body } = callback;
  if (body.type === "BlockStatement") {
    const [only, more] = body.body;
    if (more) return undefined;
    if (!only) return { ...timer, value: undefined };
    if (only.type === "ThrowStatement") {
      return { ...timer, settles: "rejects", value: only.argument };
    }
  }
  const value = getOnlyExpression(callback);
  if (!value) return undefined;
  if (value.type !== "CallExpression") return { ...timer, value };
  return isMemberOf(value.callee, "Promise", "reject")
    ? { ...timer, settles: "rejects", value: value.arguments[0] }
    : undefined;
}

/** `timeout(ms)`, a function of the file that returns such a promise. */
function getHelper(
  context: RuleContext,
  call: ES.CallExpression,
): Timer | undefined {
  const target = call.callee.type === "Identifier"
    ? getFunction(context, call.callee)
    : undefined;
  if (!target || target.params.some(({ type }) => type !== "Identifier")) {
    return undefined;
  }
  const only = getOnlyExpression(target);
  if (only?.type !== "NewExpression") return undefined;
  const timer = getHandMade(context, only);
  const ms = unwrap(timer?.ms);
  if (!timer || timer.handle || ms?.type !== "Identifier") return undefined;
  const names = target.params.map((each) => (each as ES.Identifier).name);
  const given = call.arguments[names.indexOf(ms.name)];
  if (!given || given.type === "SpreadElement") return undefined;
  const value = unwrap(timer.value);
  if (value?.type !== "Identifier") return { ...timer, ms: given };
  const index = names.indexOf(value.name);
  return index < 0 ? undefined : {
    ...timer,
    ms: given,
    value: call.arguments[index],
  };
}
