/** Calls that take a callback and ignore what it returns. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getImported, isGlobal } from "../names/variables.ts";
import { EFFECTS, LISTENS, TIMERS } from "../../vocabulary/names.ts";

/** A callback whose result nobody looks at, or takes for a boolean. */
export interface IgnoredCallback {
  /** The argument. */
  readonly callback: ES.Node;
  /** What is called: `"setTimeout"`, `".forEach"`. */
  readonly label: string;
  readonly kind: "timer" | "event" | "effect" | "each" | "predicate";
}

const PREDICATES = /^(?:filter|some|every|find|find(?:Index|Last|LastIndex))$/;

/** The callback of the call, if its result is ignored. */
export function getIgnoredCallback(
  context: RuleContext,
  call: ES.CallExpression,
): IgnoredCallback | undefined {
  const [first, second] = call.arguments;
  const callee = unwrap(call.callee);
  const timer = getTimerName(context, callee);
  if (timer) return make(first, timer, "timer");
  const effect = getName(callee);
  if (effect && EFFECTS.test(effect)) return make(first, effect, "effect");
  const method = getMethodCall(call);
  if (!method) return undefined;
  const label = `.${method.name}`;
  if (LISTENS.test(method.name)) return make(second, label, "event");
  if (method.name === "forEach") return make(first, label, "each");
  return PREDICATES.test(method.name)
    ? make(first, label, "predicate")
    : undefined;
}

function make(
  callback: Maybe<ES.Node>,
  label: string,
  kind: IgnoredCallback["kind"],
): IgnoredCallback | undefined {
  return callback ? { callback, label, kind } : undefined;
}

/** The global timer function (or the one of `node:timers`) that is called. */
function getTimerName(
  context: RuleContext,
  callee: ES.Node,
): string | undefined {
  if (
    isMemberOf(callee, "process", "nextTick") &&
    isGlobal(context, callee.object)
  ) return "process.nextTick";
  if (callee.type === "Identifier" && isGlobal(context, callee)) {
    return TIMERS.test(callee.name) ? callee.name : undefined;
  }
  if (
    isMemberOf(callee, "globalThis", TIMERS) ||
    isMemberOf(callee, "window", TIMERS)
  ) return getName(callee);
  const imported = getImported(context, callee);
  return imported && /^(?:node:)?timers$/.test(imported.source) &&
      TIMERS.test(imported.imported)
    ? imported.imported
    : undefined;
}

function getName(callee: ES.Node): string | undefined {
  if (callee.type === "Identifier") return callee.name;
  return callee.type === "MemberExpression" && !callee.computed &&
      callee.property.type === "Identifier"
    ? callee.property.name
    : undefined;
}
