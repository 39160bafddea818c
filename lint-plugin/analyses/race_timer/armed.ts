/** Promises that a timer settles, and which timer that is. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getMethodCall,
  getProperty,
  isFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow, some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getMdcCall, importsMdc } from "../../semantics/tasks/calls.ts";
import {
  getFunction,
  getImported,
  getInitialiser,
  getVariable,
  isGlobal,
  lookThrough,
} from "../../semantics/names/variables.ts";
import { getKnownCallee } from "../../vocabulary/callees.ts";
import { LINK } from "../../vocabulary/names.ts";
import { findSignalAnywhere } from "../../semantics/signals/signal.ts";

/** A timer that a promise waits for. */
export interface ArmedTimer {
  /** The call that arms it. */
  readonly call: ES.CallExpression;
  /** What is called: `"setTimeout"`, `"delay"`. */
  readonly name: string;
  /** How long it is armed at most, as written. */
  readonly time?: ES.Node | undefined;
  /** Where the timer's id is kept: a variable or a field. */
  readonly handle?: ES.Node | undefined;
}

/** The timer that settles the promise, unless the promise ends it by itself. */
export function getArmedTimer(
  context: RuleContext,
  expression: Maybe<ES.Node>,
): ArmedTimer | undefined {
  return getTimer(context, expression, new Set());
}

function getTimer(
  context: RuleContext,
  expression: Maybe<ES.Node>,
  seen: Set<ES.Node>,
): ArmedTimer | undefined {
  const node = unwrap(expression);
  // The second time: a helper that calls itself.
  if (!node || seen.has(node)) return undefined;
  seen.add(node);
  switch (node.type) {
    case "Identifier":
      return getTimer(
        context,
        getInitialiser(getVariable(context, node)),
        seen,
      );
    case "ConditionalExpression":
      return getTimer(context, node.consequent, seen) ??
        getTimer(context, node.alternate, seen);
    case "NewExpression":
      return getExecutorTimer(context, node);
    case "CallExpression": {
      const method = getMethodCall(node);
      if (method && LINK.test(method.name)) {
        return getTimer(context, method.object, seen);
      }
      return getSleep(context, node) ?? getHelperTimer(context, node, seen);
    }
    default:
      return undefined;
  }
}

/** `new Promise((resolve) => { setTimeout(resolve, ms); })`. */
function getExecutorTimer(
  context: RuleContext,
  node: ES.NewExpression,
): ArmedTimer | undefined {
  if (!isGlobal(context, node.callee, "Promise")) return undefined;
  const executor = unwrap(node.arguments[0]);
  if (!isFunction(executor) || endsTimer(context, executor)) return undefined;
  const call = findInFlow(
    context,
    executor.body,
    (each) => isArming(context, each) || undefined,
  );
  if (call?.type !== "CallExpression") return undefined;
  const name = getLastName(call.callee) ?? "";
  return { call, name, handle: getHandle(call), time: call.arguments[1] };
}

function isArming(context: RuleContext, node: ES.Node): boolean {
  if (node.type !== "CallExpression") return false;
  const callee = unwrap(node.callee);
  if (isGlobal(context, callee)) {
    return /^set(?:Timeout|Interval)$/.test(getLastName(callee) ?? "");
  }
  const imported = getImported(context, callee);
  return imported !== undefined && /^(?:node:)?timers$/.test(imported.source) &&
    /^set(?:Timeout|Interval)$/.test(imported.imported);
}

function getHandle(call: ES.CallExpression): ES.Node | undefined {
  const { parent } = call;
  if (parent?.type === "VariableDeclarator") return parent.id;
  return parent?.type === "AssignmentExpression" ? parent.left : undefined;
}

/** Whether the code clears a timer, or lets the program end without it. */
function endsTimer(context: RuleContext, node: ES.Node): boolean {
  return some(context, node, (each) => {
    if (each.type !== "CallExpression") return undefined;
    const name = getLastName(each.callee) ?? "";
    return /^clear(?:Timeout|Interval)$|^unref(?:Timer)?$/.test(name);
  });
}

/** A sleep of a library, called without a signal. */
function getSleep(
  context: RuleContext,
  call: ES.CallExpression,
): ArmedTimer | undefined {
  const sleep = getSleepName(context, call);
  if (!sleep) return undefined;
  const options = unwrap(call.arguments[sleep.options]);
  if (options && !isEndless(options)) return undefined;
  return { call, name: sleep.name, time: call.arguments[0] };
}

/** Options that leave the timer armed: neither a signal nor a weak timer. */
function isEndless(options: ES.Node): boolean {
  return options.type === "ObjectExpression" &&
    options.properties.every((each) => each.type === "Property") &&
    !["signal", "ref", "persistent"].some((key) => getProperty(options, key));
}

function getSleepName(
  context: RuleContext,
  call: ES.CallExpression,
): { name: string; options: number } | undefined {
  const imported = getImported(context, call.callee);
  if (imported) {
    const { source, imported: name } = imported;
    const known = getKnownCallee(source, name);
    // `setImmediate` ends at once.
    if (known?.sleeps && known.slot && name !== "setImmediate") {
      return {
        name: name === "default" ? getLastName(call.callee) ?? name : name,
        options: known.slot.argument,
      };
    }
  }
  if (!importsMdc(context, call)) return undefined;
  const name = getMdcCall(context, call);
  return name === "sleep" || name === "context.sleep"
    ? { name: "sleep", options: 1 }
    : undefined;
}

/** A call of a function in this file that arms the timer. */
function getHelperTimer(
  context: RuleContext,
  call: ES.CallExpression,
  seen: Set<ES.Node>,
): ArmedTimer | undefined {
  const helper = getFunction(context, call.callee);
  if (!helper) return undefined;
  // A helper that gets a signal can end its timer by it.
  if (call.arguments.some((each) => findSignalAnywhere(context, each))) {
    return undefined;
  }
  if (endsTimer(context, helper)) return undefined;
  let timer: ArmedTimer | undefined;
  findInFlow(context, helper.body, (each) => {
    if (each.type !== "CallExpression" && each.type !== "NewExpression") {
      return undefined;
    }
    timer = getTimer(context, each, seen);
    return timer !== undefined || undefined;
  });
  return timer && { ...timer, time: getGivenTime(helper, call, timer) };
}

/** The time that the helper's caller says: `sleep(100)`. */
function getGivenTime(
  { params }: FunctionNode,
  call: ES.CallExpression,
  { time }: ArmedTimer,
): ES.Node | undefined {
  const name = time && unwrap(time);
  if (name?.type !== "Identifier") return time;
  const index = params.findIndex((each) =>
    each.type === "Identifier" && each.name === name.name
  );
  return index < 0 ? time : call.arguments[index];
}

/** Longer than that, a timer keeps a program alive that had ended. */
const BRIEF = 1000;

/** Whether the timer fires so soon that it hardly matters. */
export function isBrief(
  context: RuleContext,
  { name, time }: ArmedTimer,
): boolean {
  const value = time && lookThrough(context, time);
  return name !== "setInterval" && value?.type === "Literal" &&
    typeof value.value === "number" && value.value <= BRIEF;
}
