/** Calls that can be given a signal. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getMethodCall,
  getProperty,
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
import { declaresSignal } from "./annotations.ts";
import { isSignal } from "./signal.ts";

const options = (argument: number): SignalSlot => ({
  argument,
  form: "options",
});

const IMPORTS: readonly {
  readonly source: RegExp;
  readonly slots: { readonly [name: string]: SignalSlot };
}[] = [
  {
    source: /^(?:node:)?timers\/promises$/,
    slots: {
      setTimeout: options(2),
      setInterval: options(2),
      setImmediate: options(1),
    },
  },
  {
    source: /^(?:node:)?events$/,
    slots: { once: options(2), on: options(2) },
  },
  {
    source: /^(?:node:)?fs\/promises$/,
    slots: {
      readFile: options(1),
      writeFile: options(2),
      appendFile: options(2),
    },
  },
  {
    source:
      /^(?:jsr:|npm:)?@(?:std\/|jsr\/std__)async(?:[@/]|$)|\/std@[^/]+\/async\//,
    slots: { delay: options(1), deadline: options(2), retry: options(1) },
  },
];

const DENO: { readonly [name: string]: SignalSlot } = {
  readFile: options(1),
  readTextFile: options(1),
  writeFile: options(2),
  writeTextFile: options(2),
};

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
    return own(DENO, getPropertyName(callee));
  }
  if (importsMdc(context, call)) {
    const slot = getBehaviour(getMdcCall(context, call))?.slot;
    // In a task these functions know the task's signal by themselves.
    if (slot) return getTaskBody(context, call) ? undefined : slot;
  }
  const imported = getFsPromises(context, callee) ??
    getImported(context, callee);
  if (imported) {
    const known = IMPORTS.find(({ source }) => source.test(imported.source));
    return known && own(known.slots, imported.imported);
  }
  const target = getThisMethod(callee) ?? getCalledFunction(context, callee);
  return target && getParameterSlot(context, target);
}

function own(
  slots: { readonly [name: string]: SignalSlot },
  name: string | undefined,
): SignalSlot | undefined {
  return name !== undefined && Object.hasOwn(slots, name)
    ? slots[name]
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
    const isDestructured = binding.type === "ObjectPattern" &&
      takesSignal(context, binding);
    if (isDestructured || declaresSignal(context, binding)) {
      return options(argument);
    }
  }
  return undefined;
}

function takesSignal(
  context: RuleContext,
  pattern: ES.ObjectPattern,
): boolean {
  const value = getProperty(pattern, "signal")?.value;
  const binding = value && getBinding(value);
  return binding?.type === "Identifier" && isSignal(context, binding);
}
