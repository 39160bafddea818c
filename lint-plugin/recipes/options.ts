/** Options objects of calls. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, isNullish, type Maybe, unwrap } from "../syntax/nodes.ts";

/** The properties by name, or why they aren't known. */
export type Options = { readonly [name: string]: ES.Property | undefined };

/** The properties of an object literal, if it has no others than these. */
export function getOptions(
  given: Maybe<ES.Node>,
  names: readonly string[],
): Options | string {
  const value = unwrap(given);
  if (!value || isNullish(value)) return {};
  if (value.type !== "ObjectExpression") {
    return "its options aren't written there";
  }
  const options: Record<string, ES.Property> = {};
  for (const property of value.properties) {
    const name = property.type === "Property"
      ? getKeyName(property.key, property.computed)
      : undefined;
    if (property.type !== "Property" || name === undefined) {
      return "its options aren't all written there";
    }
    if (!names.includes(name)) return `\`${name}\` has no counterpart`;
    options[name] = property;
  }
  return options;
}
