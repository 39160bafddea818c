import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  isFunction,
  isLoop,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review, safe } from "../edits/risk.ts";
import { suggestAny } from "../edits/any_signal.ts";
import { getReferenceKey } from "../semantics/names/reference.ts";
import { getTaskBody, isTaskSignal } from "../semantics/tasks/bodies.ts";
import { getProvenance } from "../semantics/signals/provenance.ts";
import {
  getRegistration,
  getRemoval,
  mayRemoveItself,
  type Registration,
} from "../semantics/signals/listeners.ts";

const rule: Rule = defineRule("no-leaked-abort-listener", {
  tier: 1,
  description: "disallow abort listeners on a caller's signal that nobody " +
    "removes",
  defaults: {},
  messages: {
    leaked:
      "This listener stays on `{{signal}}` as long as the signal lives, " +
      "with all that it refers to. Remove it when the work is done.",
    unremovable: "This listener stays on `{{signal}}` as long as the signal " +
      "lives, and can't be removed without a reference to it.",
    dropped: "The disposable that removes the listener from `{{signal}}` is " +
      "dropped. Dispose of it when the work is done.",
  },
  suggestions: {
    deriveSignal:
      "Derive the signal with `AbortSignal.any()`, which needs no " +
      "listener.",
  },
  needs: /abort/i,
  create(context) {
    const registrations: Registration[] = [];
    const removed = new Set<string>();

    function visit(node: ES.CallExpression | ES.AssignmentExpression): void {
      const removal = getRemoval(context, node);
      if (removal) {
        removed.add(
          removal.kind === "property"
            ? ON_ABORT
            : getReferenceKey(context, removal.handler),
        );
        return;
      }
      const registration = getRegistration(context, node);
      if (registration && leaks(context, registration)) {
        registrations.push(registration);
      }
    }

    return {
      CallExpression: visit,
      AssignmentExpression: visit,
      "Program:exit"() {
        for (const registration of registrations) {
          const { node, signal } = registration;
          const key = getRemovalKey(context, registration);
          if (key !== undefined && removed.has(key)) continue;
          const fix = suggestAny(context, registration);
          context.report({
            node,
            messageId: getMessage(registration),
            data: { signal: context.sourceCode.getText(signal) },
            suggest: fix
              ? [{
                messageId: "deriveSignal",
                ...givesReason(context, registration)
                  ? review("the controller's own reason is lost")
                  : safe("the signal is aborted at the same moment"),
                fix,
              }]
              : [],
          });
        }
      },
    };
  },
});

export default rule;

/** Whether the listener aborts with a reason that isn't the signal's. */
function givesReason(
  context: RuleContext,
  { signal, handler }: Registration,
): boolean {
  const text = context.sourceCode.getText(signal);
  const given = handler &&
    /\.abort\(([^)]*)\)/.exec(context.sourceCode.getText(handler))?.[1];
  return given !== undefined && given !== null &&
    !["", `${text}.reason`, `${text}?.reason`].includes(given.trim());
}

const ON_ABORT = "onabort";

/** What a removal must name; inline and bound functions can't be named again. */
function getRemovalKey(
  context: RuleContext,
  { kind, handler }: Registration,
): string | undefined {
  if (kind === "property") return ON_ABORT;
  const reference = unwrap(handler);
  const canBeNamed = reference?.type === "Identifier" ||
    reference?.type === "MemberExpression" ||
    reference?.type === "ThisExpression";
  return kind === "listener" && canBeNamed
    ? getReferenceKey(context, reference)
    : undefined;
}

/** Whether the registration needs a removal at all. */
function leaks(context: RuleContext, registration: Registration): boolean {
  const { node, signal, kind } = registration;
  if (getProvenance(context, signal) !== "foreign") return false;
  if (kind === "helper") {
    return outermost(node).parent?.type === "ExpressionStatement";
  }
  if (mayRemoveItself(context, registration)) return false;
  // The signal of a task's own context dies with the task.
  return !isTaskSignal(context, signal) || isInLoop(context, node);
}

function isInLoop(context: RuleContext, node: ES.Node): boolean {
  const body = getTaskBody(context, node);
  let around: Maybe<ES.Node> = node.parent;
  while (around && around !== body) {
    if (isLoop(around)) return true;
    around = around.parent;
  }
  return false;
}

function getMessage({ kind, handler }: Registration): string {
  if (kind === "helper") return "dropped";
  const isUnnamed = isFunction(handler) || handler?.type === "CallExpression";
  return kind === "listener" && isUnnamed ? "unremovable" : "leaked";
}
