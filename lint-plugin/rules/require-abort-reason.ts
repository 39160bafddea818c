import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type Maybe, unwrap } from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  type Abort,
  addReason,
  getAbort,
  getBoundAbort,
  getReason,
} from "../semantics/cancellation/aborts.ts";
import { safe } from "../edits/risk.ts";
import { isUnconditional } from "../semantics/cancellation/known_aborted.ts";
import {
  getRegistration,
  type Registration,
} from "../semantics/signals/listeners.ts";
import {
  findCalls,
  getBranchRelay,
  getHandlerFunction,
  getListenerRelay,
  isOwnAbort,
  joinRelays,
  type Relay,
} from "../analyses/relays.ts";
import { lookThrough } from "../semantics/names/variables.ts";
import { isVisibleAt } from "../semantics/names/visibility.ts";

interface Options {
  strict: boolean;
}

const rule: Rule = defineRule<Options>("require-abort-reason", {
  tier: 3,
  type: "suggestion",
  description: "require the reason of an abort to be passed on with it",
  options: {
    strict: {
      type: "boolean",
      description:
        "Report every abort without a reason, and reasons that are " +
        "a literal, too.",
    },
  },
  defaults: { strict: false },
  messages: {
    lost: "`{{call}}` loses the reason for which `{{signal}}` was aborted.",
    event: "`{{call}}` gets the event as its reason, not that of `{{signal}}`.",
    missing: "`{{call}}` doesn't say why.",
    literal: "A literal as a reason has no name and no stack: use an error.",
  },
  suggestions: {
    passReason: "Pass `{{reason}}` on.",
  },
  needs: /abort/i,
  create(context, { strict }) {
    const relays = new Map<ES.CallExpression, Relay>();
    const aborts: Abort[] = [];

    function register(node: ES.CallExpression | ES.AssignmentExpression): void {
      const registration = getRegistration(context, node);
      if (!registration) return;
      const relay = getListenerRelay(context, registration);
      reportBound(context, registration, relay);
      const handler = getHandlerFunction(context, registration);
      if (!handler) return;
      for (const call of findCalls(context, handler)) {
        if (!isUnconditional(context, handler, call)) continue;
        relays.set(call, joinRelays(context, relay, relays.get(call)));
      }
    }

    return {
      AssignmentExpression: register,
      CallExpression(node: ES.CallExpression) {
        register(node);
        const abort = getAbort(context, node);
        if (abort) aborts.push(abort);
      },
      "Program:exit"() {
        for (const abort of aborts) {
          const reason = getReason(abort);
          const relay = relays.get(abort.call) ??
            getBranchRelay(context, abort.call);
          if (!reason && relay && !isOwnAbort(context, abort.target, relay)) {
            reportLost(context, abort, relay);
          } else if (strict) {
            reportStrictly(context, abort, reason);
          }
        }
      },
    };
  },
});

export default rule;

function reportLost(context: RuleContext, abort: Abort, relay: Relay): void {
  const { call } = abort;
  context.report({
    node: call,
    messageId: "lost",
    data: {
      call: context.sourceCode.getText(call),
      signal: context.sourceCode.getText(relay.signal),
    },
    suggest: suggest(
      context,
      call,
      relay,
      (reason) => (fixer) => addReason(fixer, abort, reason),
    ),
  });
}

/** `signal.addEventListener("abort", own.abort.bind(own))`. */
function reportBound(
  context: RuleContext,
  { handler }: Registration,
  relay: Relay,
): void {
  const bound = handler && lookThrough(context, handler);
  const target = getBoundAbort(context, bound);
  if (!bound || !target || isOwnAbort(context, target, relay)) return;
  const text = context.sourceCode.getText(target);
  context.report({
    node: bound,
    messageId: "event",
    data: {
      call: context.sourceCode.getText(bound),
      signal: context.sourceCode.getText(relay.signal),
    },
    suggest: bound !== unwrap(handler) ? [] : suggest(
      context,
      bound,
      relay,
      (reason) => (fixer) =>
        fixer.replaceText(bound, `() => ${text}.abort(${reason})`),
    ),
  });
}

function suggest(
  context: RuleContext,
  at: ES.Node,
  { signal, isOptional, isAmbiguous }: Relay,
  makeFix: (reason: string) => Suggestion["fix"],
): Suggestion[] {
  if (isAmbiguous || !isVisibleAt(context, signal, at)) return [];
  const text = context.sourceCode.getText(signal);
  const reason = `${text}${isOptional ? "?." : "."}reason`;
  return [{
    messageId: "passReason",
    data: { reason },
    ...safe("it only says why"),
    fix: makeFix(reason),
  }];
}

function reportStrictly(
  context: RuleContext,
  { call, kind }: Abort,
  reason: Maybe<ES.Node>,
): void {
  if (kind === "task") return;
  if (!reason) {
    const data = { call: context.sourceCode.getText(call) };
    context.report({ node: call, messageId: "missing", data });
  } else if (reason.type === "Literal" || reason.type === "TemplateLiteral") {
    context.report({ node: reason, messageId: "literal" });
  }
}
