/** From where on a function owes the signal. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, getMethodCall } from "../../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getSubjectKey } from "./calls.ts";

const ACQUIRES = /^(?:try)?(?:acquire|lock|take|enter|reserve|obtain|request)/i;

/**
 * The end of the code that made or acquired the subject, or the beginning of the
 * function. Undefined if `using` releases it.
 */
export function getAcquisitionEnd(
  context: RuleContext,
  home: FunctionNode,
  call: ES.CallExpression,
  key: string,
): number | undefined {
  const [before] = call.range;
  const { byKey, byName } = getAcquisitions(context, home);
  const declared = byName.get(key.split(".")[0] ?? "")
    ?.filter((each) => each.end <= before) ?? [];
  if (declared.at(-1)?.isDisposed) return undefined;
  const acquired = byKey.get(key)?.filter((each) => each <= before) ?? [];
  return Math.max(
    getRegion(home, call).range[0],
    ...declared.slice(-1).map(({ end }) => end),
    ...acquired.slice(-1),
  );
}

/** Where the flow of a function makes or acquires things, in order. */
interface Acquisitions {
  /** The ends of assignments and of calls like `lock.acquire()`. */
  readonly byKey: Map<string, number[]>;
  /** The declarations, by the names in them. */
  readonly byName: Map<
    string,
    { readonly end: number; readonly isDisposed: boolean }[]
  >;
}

const acquisitions = new WeakMap<FunctionNode, Acquisitions>();

/** Found once for each function: each call in it asks. */
function getAcquisitions(
  context: RuleContext,
  home: FunctionNode,
): Acquisitions {
  let known = acquisitions.get(home);
  if (known) return known;
  known = { byKey: new Map(), byName: new Map() };
  const { byKey, byName } = known;
  findInFlow(context, home.body, (node) => {
    const [, end] = node.range;
    if (node.type === "VariableDeclarator") {
      const { kind } = node.parent as ES.VariableDeclaration;
      const isDisposed = kind.endsWith("using");
      for (const name of getNames(context, node)) {
        addTo(byName, name, { end, isDisposed });
      }
    }
    const key = getAcquired(context, node);
    if (key !== undefined) addTo(byKey, key, end);
    return undefined;
  });
  for (const ends of byKey.values()) ends.sort((a, b) => a - b);
  for (const ends of byName.values()) ends.sort((a, b) => a.end - b.end);
  acquisitions.set(home, known);
  return known;
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** A call in a catch is about what happens there. */
function getRegion(home: FunctionNode, call: ES.Node): ES.Node {
  let node: ES.Node = call;
  while (node !== home && node.parent) {
    if (node.type === "CatchClause") return node.body;
    node = node.parent;
  }
  return home.body;
}

function getNames(
  context: RuleContext,
  { id }: ES.VariableDeclarator,
): Set<string> {
  const names = new Set<string>();
  someInFlow(context, id, (each) => {
    if (each.type === "Identifier") names.add(each.name);
    return undefined;
  });
  return names;
}

/** The key of what the node assigns or acquires. */
function getAcquired(context: RuleContext, node: ES.Node): string | undefined {
  if (node.type === "AssignmentExpression") {
    return getSubjectKey(context, node.left);
  }
  const method = node.type === "CallExpression"
    ? getMethodCall(node)
    : undefined;
  return method && ACQUIRES.test(method.name)
    ? getSubjectKey(context, method.object)
    : undefined;
}
