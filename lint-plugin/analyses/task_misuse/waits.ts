/** Waits that lose to something else, or that nobody awaits for a while. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getMethodCall,
  isFunction,
  isLoop,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import {
  getInitialiser,
  getReads,
  getVariable,
} from "../../semantics/names/variables.ts";
import { getFinalHandler } from "../../semantics/promises/handled.ts";
import { isPromiseCombinator } from "../../semantics/promises/known.ts";
import { getBehaviour } from "../../semantics/tasks/api.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";

/** Whether `Promise.race` leaves waits on events behind in each round of a loop. */
export function isRaceOfWaits(
  context: RuleContext,
  race: ES.CallExpression,
): boolean {
  if (!isPromiseCombinator(context, race, /^(?:race|any)$/)) return false;
  const list = unwrap(race.arguments[0]);
  return list?.type === "ArrayExpression" && isInLoop(race) &&
    list.elements.some((each) => {
      const call = unwrap(each);
      return getMdcCall(context, call) === "event.wait" &&
        (call as ES.CallExpression).arguments.length === 0;
    });
}

function isInLoop(node: ES.Node): boolean {
  let around = node.parent;
  for (; around && !isFunction(around); around = around.parent) {
    if (isLoop(around)) return true;
  }
  return false;
}

/**
 * The name of a constant that holds a native derivative of a wait, `sleep(5)
 * .then(f)`, if something else is awaited before the constant is.
 */
export function getLateDerivative(
  context: RuleContext,
  declarator: ES.VariableDeclarator,
): string | undefined {
  const { id, init } = declarator;
  const link = unwrap(init);
  if (id.type !== "Identifier" || link?.type !== "CallExpression") {
    return undefined;
  }
  const method = getMethodCall(link);
  if (!method || !/^(?:then|finally)$/.test(method.name)) return undefined;
  if (getFinalHandler(link) || !isWait(context, method.object)) {
    return undefined;
  }
  const variable = getVariable(context, id);
  const home = getEnclosingFunction(declarator);
  if (!variable || !home || !getInitialiser(variable)) return undefined;
  const [first] = [...getReads(variable)]
    .sort((a, b) => a.range[0] - b.range[0]);
  if (!first || outermost(first).parent?.type !== "AwaitExpression") {
    return undefined;
  }
  const isLate = findInFlow(
    context,
    home.body,
    (node) =>
      node.type === "AwaitExpression" &&
      node.range[0] > declarator.range[1] && node.range[1] <= first.range[0],
  );
  return isLate && id.name;
}

/** A wait that ends with the current task, itself or at the start of a chain. */
function isWait(context: RuleContext, node: ES.Node): boolean {
  const inner = unwrap(node);
  if (getBehaviour(getMdcCall(context, inner))?.waits) return true;
  const method = getMethodCall(inner);
  return method?.name === "then" && !getFinalHandler(inner) &&
    isWait(context, method.object);
}
