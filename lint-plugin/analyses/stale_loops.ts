/** Loops that go on after the signal of their own rounds is aborted. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getPropertyName,
  isLoop,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getSwallowingFlow } from "../semantics/cancellation/handlers.ts";
import { getProvenance } from "../semantics/signals/provenance.ts";
import { findSignal, isSignal } from "../semantics/signals/signal.ts";
import {
  getOnlyDefinition,
  getVariable,
} from "../semantics/names/variables.ts";
import type { Loop } from "./loop_checks.ts";

/**
 * The own signal that the rounds of the loop wait with, if a handler in the loop
 * takes the cancellation and the next round begins. For a caller's signal
 * `no-swallowed-cancellation` reports the handler.
 */
export function findStaleSignal(
  context: RuleContext,
  loop: Loop,
): ES.Node | undefined {
  let signal: ES.Node | undefined;
  findInFlow(context, loop.body, (node) => {
    if (isLoop(node)) return "skip";
    if (node.type !== "TryStatement" || !node.handler) return undefined;
    const found = findOwnSignal(context, node.block, loop);
    if (!found || !goesOn(context, node.handler)) return undefined;
    signal = found;
    return true;
  });
  return signal && !looksAtAborted(context, loop) ? signal : undefined;
}

/** The awaited own signal that was made before the loop. */
function findOwnSignal(
  context: RuleContext,
  block: ES.BlockStatement,
  loop: Loop,
): ES.Node | undefined {
  let signal: ES.Node | undefined;
  findInFlow(context, block, (node) => {
    if (node.type !== "AwaitExpression") return undefined;
    signal = findSignal(
      context,
      node.argument,
      (known, each) =>
        isSignal(known, each) && getProvenance(known, each) === "own" &&
        isOlder(known, each, loop),
    );
    return signal !== undefined || undefined;
  });
  return signal;
}

/** A field, or a variable from outside of the loop. */
function isOlder(context: RuleContext, signal: ES.Node, loop: Loop): boolean {
  let root: Maybe<ES.Node> = unwrap(signal);
  while (root?.type === "MemberExpression") root = unwrap(root.object);
  if (root?.type !== "Identifier") return false;
  const variable = getVariable(context, root);
  const definition = getOnlyDefinition(variable);
  if (!variable || !definition) return false;
  if (contains(loop, definition.name as ES.Node)) return false;
  return !variable.references.some((each) =>
    each.isWrite() && contains(loop, each.identifier as ES.Node)
  );
}

/** The handler ends by itself, or begins the next round. */
function goesOn(context: RuleContext, handler: ES.CatchClause): boolean {
  const { falls, exits } = getSwallowingFlow(context, handler);
  return falls || exits.some((exit) => exit.type === "ContinueStatement");
}

/** `signal.aborted`, `signal.throwIfAborted()` anywhere in the loop. */
function looksAtAborted(context: RuleContext, loop: Loop): boolean {
  return someInFlow(
    context,
    loop,
    (node) =>
      node.type === "MemberExpression" &&
        /^(?:aborted|throwIfAborted)$/.test(getPropertyName(node) ?? "") ||
      undefined,
  );
}
