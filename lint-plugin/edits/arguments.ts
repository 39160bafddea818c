/** Edits of a call's arguments. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getIndent,
  getString,
  isNullish,
  unwrap,
} from "../syntax/nodes.ts";
import { isFirstInLine } from "../syntax/text.ts";
import type { Edit, Fix, RuleContext, SignalSlot } from "../host/rule.ts";

/** Adds an argument at the end; arguments left out before become `undefined`. */
export function addArgument(
  context: RuleContext,
  call: ES.CallExpression,
  index: number,
  text: string,
): Fix | undefined {
  const missing = index - call.arguments.length;
  if (missing < 0) return undefined;
  const added = [...Array<string>(missing).fill("undefined"), text].join(", ");
  const last = call.arguments.at(-1);
  const end = call.range[1] - 1;
  if (!last) return (fixer) => fixer.insertTextBeforeRange([end, end], added);
  // Parentheses or comments behind the last argument: write after them.
  const tail = context.sourceCode.getText().slice(last.range[1], end);
  if (/^\s*,?\s*$/.test(tail)) {
    return (fixer) => fixer.insertTextAfter(last, `, ${added}`);
  }
  const separator = tail.includes(",") ? " " : ", ";
  return (fixer) => fixer.insertTextBeforeRange([end, end], separator + added);
}

/** Adds the signal to the options object of the slot, or the object itself. */
export function addSignalOption(
  context: RuleContext,
  call: ES.CallExpression,
  { argument: index, key = "signal" }: SignalSlot,
  signal: string,
): Fix | undefined {
  const property = signal === key ? signal : `${key}: ${signal}`;
  const given = call.arguments[index];
  if (!given) return addArgument(context, call, index, `{ ${property} }`);
  const value = unwrap(given);
  if (value.type === "ObjectExpression") {
    const last = value.properties.at(-1);
    const separator = last && getSeparator(context, value, last);
    return last
      ? (fixer) => fixer.insertTextAfter(last, `,${separator}${property}`)
      : (fixer) => fixer.replaceText(value, `{ ${property} }`);
  }
  if (isNullish(value)) {
    return (fixer) => fixer.replaceText(given, `{ ${property} }`);
  }
  // The short form of Node's file functions: readFile(path, "utf8").
  if (getString(value) === undefined) return undefined;
  const encoding = context.sourceCode.getText(value);
  return (fixer) =>
    fixer.replaceText(given, `{ encoding: ${encoding}, ${property} }`);
}

/** What stands before a property: a line of its own where all have one. */
function getSeparator(
  context: RuleContext,
  object: ES.ObjectExpression,
  last: ES.Node,
): string {
  const text = context.sourceCode.getText();
  const isFirst = isFirstInLine(text, last.range[0]);
  const isLast = text.slice(last.range[1], object.range[1]).includes("\n");
  return isFirst && isLast ? `\n${getIndent(context, last)}` : " ";
}

/** The edit that takes the argument away; one in the middle becomes undefined. */
export function removeArgument(
  context: RuleContext,
  call: ES.CallExpression,
  value: ES.Node,
): Edit {
  const index = call.arguments.findIndex((each) => contains(each, value));
  const argument = call.arguments[index] ?? value;
  const [start, end] = argument.range;
  if (index < call.arguments.length - 1) {
    return { range: [start, end], text: "undefined" };
  }
  const before = call.arguments[index - 1];
  if (before) return { range: [before.range[1], end], text: "" };
  const tail = context.sourceCode.getText().slice(end, end + 2000);
  const comma = /^\s*,/.exec(tail)?.[0].length ?? 0;
  return { range: [start, end + comma], text: "" };
}

/** The edit that takes the property away, with an argument that held only it. */
export function removeProperty(
  context: RuleContext,
  call: ES.CallExpression,
  property: ES.Property,
): Edit {
  const object = property.parent as ES.ObjectExpression;
  const { properties } = object;
  const index = (properties as ES.Node[]).indexOf(property);
  if (properties.length === 1) {
    return call.arguments.some((each) => unwrap(each) === object)
      ? removeArgument(context, call, object)
      : { range: object.range, text: "{}" };
  }
  const next = properties[index + 1];
  const previous = properties[index - 1];
  return next
    ? { range: [property.range[0], next.range[0]], text: "" }
    : { range: [previous?.range[1] ?? 0, property.range[1]], text: "" };
}
