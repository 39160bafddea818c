/** Calls that don't know their task where there is no task context. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getKeyName,
  getMethodCall,
  isLoop,
  unwrap,
} from "../../syntax/nodes.ts";
import { hasAwait } from "../../syntax/await.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getBehaviour } from "../../semantics/tasks/api.ts";
import { getMdcCall, getMdcThing } from "../../semantics/tasks/calls.ts";
import { isSignalName } from "../../semantics/signals/signal.ts";

/**
 * The name of a function of the package that is called after an `await` with
 * neither `signal` nor `parent`: without a task context it belongs to nobody.
 */
export function getOrphanCall(
  context: RuleContext,
  call: ES.CallExpression,
): string | undefined {
  const name = getMdcCall(context, call);
  const behaviour = getBehaviour(name);
  if (name === undefined || !behaviour) return undefined;
  if (!behaviour.waits && behaviour.makes !== "task") return undefined;
  // What is called on a thing belongs to the thing's owner.
  const method = getMethodCall(call);
  if (method && getMdcThing(context, method.object)) return undefined;
  if (name.startsWith("context.") || saysWhose(call)) return undefined;
  return followsAwait(context, call) ? name : undefined;
}

/** `{ signal }`, `{ parent }`, or options that this call doesn't show. */
function saysWhose(call: ES.CallExpression): boolean {
  return call.arguments.some((argument, index) => {
    const given = unwrap(argument);
    if (given.type === "ObjectExpression") {
      return given.properties.some((each) =>
        each.type === "SpreadElement" ||
        isWord(getKeyName(each.key, each.computed))
      );
    }
    return argument.type === "SpreadElement" ||
      index > 0 && given.type === "Identifier" &&
        /^(?:options|opts|context|ctx)$/.test(given.name);
  });
}

function isWord(key: string | undefined): boolean {
  return key !== undefined && (key === "parent" || isSignalName(key));
}

function followsAwait(context: RuleContext, call: ES.CallExpression): boolean {
  const home = getEnclosingFunction(call);
  if (!home?.async) return false;
  let around: ES.Node | undefined = call.parent;
  for (; around && around !== home; around = around.parent) {
    if (isLoop(around) && hasAwait(context, around.body)) return true;
  }
  return someInFlow(
    context,
    home.body,
    (node) => node.type === "AwaitExpression" && node.range[1] <= call.range[0],
  );
}
