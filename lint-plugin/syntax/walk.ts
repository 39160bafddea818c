/** Walking through what a node contains. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { RuleContext } from "../host/rule.ts";
import { isFunction, isWrapper, type Maybe } from "./nodes.ts";

/** The children of the node, in the order of the visitor keys. */
export function getChildren(context: RuleContext, node: ES.Node): ES.Node[] {
  const children: ES.Node[] = [];
  for (const key of context.sourceCode.visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(child)) {
      for (const each of child) if (each) children.push(each);
    } else if (child) {
      children.push(child as ES.Node);
    }
  }
  return children;
}

/** What a visit says: found, leave the inside out, or (anything else) go on. */
export type Visit = boolean | "skip" | undefined;

/**
 * Searches the node and what it contains, types left out, for a node that
 * `visit` accepts with `true`; `"skip"` leaves out what the node contains.
 */
export function find(
  context: RuleContext,
  node: Maybe<ES.Node>,
  visit: (node: ES.Node) => Visit,
): ES.Node | undefined {
  if (!node || isTypeOnly(node)) return undefined;
  const answer = visit(node);
  if (answer === true) return node;
  if (answer === "skip") return undefined;
  for (const child of getChildren(context, node)) {
    const found = find(context, child, visit);
    if (found) return found;
  }
  return undefined;
}

/** Like {@linkcode find}, without the inside of nested functions. */
export function findInFlow(
  context: RuleContext,
  node: Maybe<ES.Node>,
  visit: (node: ES.Node) => Visit,
): ES.Node | undefined {
  return find(
    context,
    node,
    (each) => {
      const answer = visit(each);
      if (answer === true || answer === "skip") return answer;
      return each !== node && isFunction(each) ? "skip" : undefined;
    },
  );
}

/** Whether the node contains one that `visit` accepts, or is it. */
export function some(
  context: RuleContext,
  node: Maybe<ES.Node>,
  visit: (node: ES.Node) => Visit,
): boolean {
  return find(context, node, visit) !== undefined;
}

/** Like {@linkcode some}, without the inside of nested functions. */
export function someInFlow(
  context: RuleContext,
  node: Maybe<ES.Node>,
  visit: (node: ES.Node) => Visit,
): boolean {
  return findInFlow(context, node, visit) !== undefined;
}

function isTypeOnly(node: ES.Node): boolean {
  return node.type.startsWith("TS") && !isWrapper(node) &&
    node.type !== "TSParameterProperty" &&
    node.type !== "TSModuleDeclaration" &&
    node.type !== "TSModuleBlock" && node.type !== "TSExportAssignment" &&
    node.type !== "TSEnumDeclaration" && node.type !== "TSEnumMember" &&
    node.type !== "TSEnumBody";
}
