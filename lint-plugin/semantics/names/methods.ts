/** Functions behind calls: `this.m`, `this.#m` of the enclosing class, and names. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getPropertyName,
  isFunction,
  isFunctionExpression,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getFunction } from "./variables.ts";

/** The function of this file that is called: by its name, or as `this.m`. */
export function getLocalCallee(
  context: RuleContext,
  callee: Maybe<ES.Node>,
): FunctionNode | undefined {
  return getFunction(context, callee) ?? getThisMethod(callee);
}

/**
 * The method that `this.m` means, or the function in the field of that name.
 * Undefined when the member is defined twice, or `this` is not lexically known.
 */
export function getThisMethod(
  callee: Maybe<ES.Node>,
): FunctionNode | undefined {
  const member = unwrap(callee);
  if (
    member?.type !== "MemberExpression" ||
    unwrap(member.object).type !== "ThisExpression"
  ) return undefined;
  const name = getPropertyName(member);
  if (name === undefined) return undefined;
  const home = getHome(member);
  if (!home) return undefined;
  const found = getNamed(home.members).get(name)
    ?.filter((each) => isStatic(each) === home.isStatic) ?? [];
  return found.length === 1 ? getMemberFunction(found[0]) : undefined;
}

const named = new WeakMap<
  readonly Member[],
  ReadonlyMap<string, readonly Member[]>
>();

/** The implemented members by name: asked for at each call of a class. */
function getNamed(
  members: readonly Member[],
): ReadonlyMap<string, readonly Member[]> {
  const known = named.get(members);
  if (known) return known;
  const byName = new Map<string, Member[]>();
  for (const each of members) {
    const name = getMemberName(each);
    if (name === undefined || !isImplemented(each)) continue;
    byName.set(name, [...byName.get(name) ?? [], each]);
  }
  named.set(members, byName);
  return byName;
}

type Member = ES.ClassElement | ES.ObjectExpression["properties"][number];

interface Home {
  readonly members: readonly Member[];
  readonly isStatic: boolean;
}

/** The members among which `this` at that place finds its methods. */
function getHome(node: ES.Node): Home | undefined {
  let inner = node;
  let outer = node.parent;
  while (outer) {
    if (outer.type === "ClassBody") {
      return { members: outer.body, isStatic: isStatic(inner as Member) };
    }
    if (isFunction(outer) && outer.type !== "ArrowFunctionExpression") {
      const property: Maybe<ES.Node> = outer.parent;
      if (
        property?.type === "Property" &&
        property.parent?.type === "ObjectExpression"
      ) return { members: property.parent.properties, isStatic: false };
      if (property?.type !== "MethodDefinition") return undefined;
    }
    inner = outer;
    outer = outer.parent;
  }
  return undefined;
}

function isStatic(member: Member): boolean {
  return member.type === "StaticBlock" ||
    "static" in member && member.static === true;
}

function getMemberName(member: Member): string | undefined {
  return "key" in member ? getKeyName(member.key, member.computed) : undefined;
}

/** Overload signatures and abstract members are no definitions. */
function isImplemented(member: Member): boolean {
  return !member.type.startsWith("TSAbstract") &&
    !("value" in member && member.value?.type ===
        "TSEmptyBodyFunctionExpression");
}

function getMemberFunction(member: Maybe<Member>): FunctionNode | undefined {
  if (!member || !("value" in member)) return undefined;
  if (member.type === "MethodDefinition" && member.kind !== "method") {
    return undefined;
  }
  const value = unwrap(member.value);
  return isFunctionExpression(value) ? value : undefined;
}
