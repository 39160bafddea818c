/** Signals that a call is given. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, type Maybe, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { lookThrough } from "../names/variables.ts";
import { isSignal, isSignalName } from "./signal.ts";

/** A signal among the arguments, or in an options object. */
export interface GivenSignal {
  readonly value: ES.Node;
  /** The property of an object literal that holds it. */
  readonly property?: ES.Property;
}

/**
 * The signals that the call is given as arguments or as `…signal` in an object
 * literal (at most two objects deep), directly or through a constant.
 */
export function getGivenSignals(
  context: RuleContext,
  call: ES.CallExpression | ES.NewExpression,
): GivenSignal[] {
  return call.arguments.flatMap((argument) => {
    const given = unwrap(argument);
    if (isSignal(context, given)) return [{ value: given }];
    return fromObject(context, given, 2);
  });
}

function fromObject(
  context: RuleContext,
  node: ES.Node,
  depth: number,
): GivenSignal[] {
  const object = lookThrough(context, node);
  if (object.type !== "ObjectExpression" || depth === 0) return [];
  return object.properties.flatMap((property) => {
    if (property.type !== "Property") return [];
    const name = getKeyName(property.key, property.computed) ?? "";
    const value = unwrap(property.value);
    return isSignalName(name)
      ? [{ value, property }]
      : value.type === "ObjectExpression"
      ? fromObject(context, value, depth - 1)
      : [];
  });
}

/** What replaces the given signal by another expression. */
export function getReplacement(
  context: RuleContext,
  { value, property }: GivenSignal,
  text: string,
): { readonly node: ES.Node; readonly text: string } {
  if (!property?.shorthand) return { node: value, text };
  const key: Maybe<ES.Node> = property.key;
  return {
    node: property,
    text: `${context.sourceCode.getText(key)}: ${text}`,
  };
}
