/** Calls that can be given a signal. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getLastName,
  getMethodCall,
  getPropertyName,
  isMemberOf,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext, SignalSlot } from "../../host/rule.ts";
import { getBehaviour } from "../tasks/api.ts";
import { getMdcCall, importsMdc } from "../tasks/calls.ts";
import { getTaskBody } from "../tasks/bodies.ts";
import { getThisMethod } from "../names/methods.ts";
import {
  getFunction,
  getImport,
  getImported,
  getVariable,
  type Import,
  isGlobal,
} from "../names/variables.ts";
import { getBinding } from "./callers.ts";
import { getDeclaredKey } from "./annotations.ts";
import {
  getDenoCallee,
  getKnownCallee,
  type KnownCallee,
} from "../../vocabulary/callees.ts";
import { SIGNAL_KEY } from "../../vocabulary/names.ts";
import { isSignal } from "./signal.ts";

const options = (argument: number): SignalSlot => ({
  argument,
  form: "options",
});

/** The callee's slot for a signal, by name or by its type. */
export function getSignalSlot(
  context: RuleContext,
  call: ES.CallExpression,
): SignalSlot | undefined {
  return getKnownSlot(context, call) ?? getTypedSlot(context, call);
}

/** Of `node:crypto`: their options are those of streams, but nothing waits. */
const SYNCHRONOUS = /^create(?:Hash|Hmac|Sign|Verify|Cipheriv|Decipheriv)$/;

/** Not by their types: the package's own, and listeners, which a signal removes. */
function getTypedSlot(
  context: RuleContext,
  call: ES.CallExpression,
): SignalSlot | undefined {
  if (!context.types || getMdcCall(context, call) !== undefined) {
    return undefined;
  }
  const name = getLastName(call.callee) ?? "";
  return name === "addEventListener" || SYNCHRONOUS.test(name)
    ? undefined
    : context.types.getSignalSlot(call);
}

function getKnownSlot(
  context: RuleContext,
  call: ES.CallExpression,
): SignalSlot | undefined {
  const callee = unwrap(call.callee);
  if (isFetch(context, callee)) return options(1);
  if (getMethodCall(call)?.name === "pipeTo") return options(1);
  if (isMemberOf(callee, "Deno", /./) && isGlobal(context, callee.object)) {
    return getDenoCallee(getPropertyName(callee) ?? "")?.slot;
  }
  if (importsMdc(context, call)) {
    const slot = getBehaviour(getMdcCall(context, call))?.slot;
    // In a task these functions know the task's signal by themselves.
    if (slot) return getTaskBody(context, call) ? undefined : slot;
  }
  const imported = getFsPromises(context, callee) ??
    getImported(context, callee);
  if (imported) {
    const known = getKnownCallee(imported.source, imported.imported);
    return known && placeSlot(known, call);
  }
  const target = getThisMethod(callee) ?? getCalledFunction(context, callee);
  return target && getParameterSlot(context, target);
}

/** `execa(file, options)` or `execa(file, args, options)`. */
function placeSlot(
  { slot, skipsArray }: KnownCallee,
  call: ES.CallExpression,
): SignalSlot | undefined {
  if (!slot || !skipsArray) return slot;
  const given = unwrap(call.arguments[slot.argument]);
  if (!given || given.type === "ObjectExpression") return slot;
  return given.type === "ArrayExpression"
    ? { ...slot, argument: slot.argument + 1 }
    : undefined;
}

function isFetch(context: RuleContext, callee: ES.Node): boolean {
  return isGlobal(context, callee, "fetch") ||
    ["globalThis", "window", "self"].some((name) =>
      isMemberOf(callee, name, "fetch")
    );
}

/** `promises.readFile` with `import { promises } from "node:fs"`. */
function getFsPromises(
  context: RuleContext,
  callee: ES.Node,
): Import | undefined {
  if (callee.type !== "MemberExpression") return undefined;
  const object = unwrap(callee.object);
  const imported = getPropertyName(callee);
  if (object.type !== "Identifier" || imported === undefined) return undefined;
  const origin = getImport(getVariable(context, object));
  return origin?.imported === "promises" && /^(?:node:)?fs$/.test(origin.source)
    ? { source: "fs/promises", imported }
    : undefined;
}

function getCalledFunction(
  context: RuleContext,
  callee: ES.Node,
): FunctionNode | undefined {
  return callee.type === "Identifier"
    ? getFunction(context, callee)
    : undefined;
}

/** The slot of a function of this file: by name, annotation or destructuring. */
function getParameterSlot(
  context: RuleContext,
  target: FunctionNode,
): SignalSlot | undefined {
  for (const [argument, parameter] of target.params.entries()) {
    const binding = getBinding(parameter);
    if (binding.type === "Identifier" && isSignal(context, binding)) {
      return { argument, form: "positional" };
    }
    const key = (binding.type === "ObjectPattern"
      ? getTakenKey(context, binding)
      : undefined) ?? getDeclaredKey(context, binding);
    if (key !== undefined) {
      return { ...options(argument), ...named(key) };
    }
  }
  return undefined;
}

function named(key: string): { key?: string } {
  return key === "signal" ? {} : { key };
}

/** The key under which the pattern takes a signal out. */
function getTakenKey(
  context: RuleContext,
  pattern: ES.ObjectPattern,
): string | undefined {
  for (const property of pattern.properties) {
    if (property.type !== "Property") continue;
    const key = getKeyName(property.key, property.computed);
    if (key === undefined || !SIGNAL_KEY.test(key)) continue;
    const binding = getBinding(property.value);
    if (binding.type === "Identifier" && isSignal(context, binding)) return key;
  }
  return undefined;
}
