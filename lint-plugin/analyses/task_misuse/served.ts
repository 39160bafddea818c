/** Handlers of `@mdc/remote` that nothing can stop. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getProperty,
  isFunction,
  isLoop,
  unwrap,
} from "../../syntax/nodes.ts";
import { hasAwait } from "../../syntax/await.ts";
import { findInFlow, some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import {
  getFunction,
  getImported,
  lookThrough,
} from "../../semantics/names/variables.ts";

const SOURCE = /^(?:jsr:|npm:)?@(?:mdc\/|jsr\/mdc__)remote(?:[@/]|$)/;

/** Loops of served handlers that run without a wait and without a look. */
export function getUncheckedLoops(
  context: RuleContext,
  call: ES.CallExpression,
): ES.Node[] {
  const imported = getImported(context, call.callee);
  const given = call.arguments[0];
  if (imported?.imported !== "serve" || !given) return [];
  if (!SOURCE.test(imported.source)) return [];
  const handlers = lookThrough(context, given);
  if (handlers.type !== "ObjectExpression") return [];
  return handlers.properties.flatMap((property) => {
    if (property.type !== "Property") return [];
    const handler = getFunction(context, property.value);
    return handler && !looksAtContext(context, handler)
      ? findBusyLoop(context, handler)
      : [];
  });
}

function findBusyLoop(
  context: RuleContext,
  handler: FunctionNode,
): ES.Node[] {
  const loop = findInFlow(
    context,
    handler.body,
    (node) => isLoop(node) && !hasAwait(context, node),
  );
  return loop ? [loop] : [];
}

/** Whether the handler uses its context at all: it may look, or let others. */
function looksAtContext(context: RuleContext, handler: FunctionNode): boolean {
  const [first] = handler.params;
  const binding = first?.type === "AssignmentPattern" ? first.left : first;
  if (!binding) return false;
  if (binding.type === "ObjectPattern") {
    return ["cancelRequested", "throwIfCancelled", "signal", "checkpoint"]
      .some((name) => getProperty(binding, name));
  }
  if (binding.type !== "Identifier") return true;
  return some(context, handler.body, (node) => {
    if (isFunction(node)) return undefined;
    const inner = unwrap(node);
    return inner.type === "Identifier" && inner.name === binding.name;
  });
}
