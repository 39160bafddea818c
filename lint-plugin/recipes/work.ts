/** Work that gets a limit: written as the body of a scope. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { unwrap } from "../syntax/nodes.ts";
import { find, some, someInFlow } from "../syntax/walk.ts";
import type { Edit, RuleContext } from "../host/rule.ts";
import { addArgument, addSignalOption } from "../edits/arguments.ts";
import { getBehaviour } from "../semantics/tasks/api.ts";
import { getMdcCall } from "../semantics/tasks/calls.ts";
import { getKnownSlot, getTypedSlot } from "../semantics/signals/slots.ts";
import { directFixer } from "./direct_fixer.ts";
import type { Draft } from "./draft.ts";
import type { Written } from "./mapper.ts";

/**
 * The promise as the body of a limit that ends when its time is over, whatever
 * the work does: what takes a signal is given the scope's and is waited for;
 * anything else is left behind, as before.
 */
export function writeBody(
  context: RuleContext,
  draft: Draft,
  work: ES.Node,
): Written {
  if (
    someInFlow(
      context,
      work,
      ({ type }) => type === "AwaitExpression" || type === "YieldExpression",
    )
  ) return { because: "something is awaited before its work starts" };
  const call = unwrap(work);
  if (call.type === "CallExpression") {
    // Waits of the package know the limit that they lie in.
    if (getBehaviour(getMdcCall(context, call))?.waits) {
      return { text: `() => ${draft.keep(work)}` };
    }
    const text = writeWithSignal(context, draft, call);
    if (text !== undefined) return { text: `({ signal }) => ${text}` };
  }
  return { text: `() => ${draft.use("abortable")}(${draft.keep(work)})` };
}

/** The call with `signal`; undefined if it takes none or has one. */
function writeWithSignal(
  context: RuleContext,
  draft: Draft,
  call: ES.CallExpression,
): string | undefined {
  const slot = getKnownSlot(context, call) ??
    getTypedSlot(context, call);
  if (!slot) return undefined;
  const mentions = some(
    context,
    call,
    (each) => each.type === "Identifier" && /signal$/i.test(each.name),
  );
  const given = call.arguments[slot.argument];
  if (mentions || call.arguments.some(({ type }) => type === "SpreadElement")) {
    return undefined;
  }
  if (given && find(context, given, ({ type }) => type === "SpreadElement")) {
    return undefined;
  }
  const fix = slot.form === "options"
    ? addSignalOption(context, call, slot, "signal")
    : given
    ? undefined
    : addArgument(context, call, slot.argument, "signal");
  if (!fix) return undefined;
  const made = fix(directFixer);
  const edits = (Array.isArray(made) ? made : [made]) as readonly Edit[];
  const [start] = call.range;
  let text = draft.keepRaw(call);
  for (const { range, text: added } of edits.toReversed()) {
    text = text.slice(0, range[0] - start) + added +
      text.slice(range[1] - start);
  }
  return draft.move(call, text);
}
