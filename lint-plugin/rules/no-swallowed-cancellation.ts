import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Maybe } from "../syntax/nodes.ts";
import type { Report, Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  findCancellationPoint,
  hasOwnController,
} from "../semantics/cancellation/points.ts";
import {
  getRejectionHandler,
  isLogger,
  isUsedChain,
} from "../semantics/promises/chains.ts";
import { isExplicit, testsError } from "../semantics/cancellation/branches.ts";
import type { Exit, Flow } from "../semantics/cancellation/flow.ts";
import {
  getHandlerError,
  getSwallowingFlow,
  getSwallowingFunctionFlow,
} from "../semantics/cancellation/handlers.ts";
import { isCallersSignal } from "../semantics/signals/provenance.ts";
import { withoutEnds } from "../semantics/cancellation/last.ts";
import { getFunction } from "../semantics/names/variables.ts";
import { findSignal } from "../semantics/signals/signal.ts";
import { review } from "../edits/risk.ts";
import { suggestRethrow, worksBefore } from "../edits/rethrow.ts";
import { swallowsEarlier } from "../semantics/cancellation/handlers.ts";

interface Options {
  everyAwait: boolean;
  explicitBranches: boolean;
}

const rule: Rule = defineRule<Options>("no-swallowed-cancellation", {
  tier: 1,
  description: "disallow error handlers that turn a caller's cancellation " +
    "into success",
  options: {
    everyAwait: {
      type: "boolean",
      description: "Treat every `await` in the try block as a place where a " +
        "cancellation can arrive, not only those that mention a signal.",
    },
    explicitBranches: {
      type: "boolean",
      description: "Report branches that are written for cancellations, too.",
    },
  },
  defaults: { everyAwait: false, explicitBranches: true },
  messages: {
    swallowed: "When `{{signal}}` is aborted, its cancellation ends here " +
      "as success. Rethrow it before handling other errors.",
    swallowedError: "A cancellation ends here as success, and the caller " +
      "that asked for it goes on. Rethrow it before handling other errors.",
    consumed: "This branch decides that a cancellation of `{{signal}}` ends " +
      "here as success. Rethrow it, or let the result say that it was cancelled.",
    consumedError: "This branch decides that a cancellation ends here as " +
      "success. Rethrow it, or let the result say that it was cancelled.",
  },
  suggestions: {
    rethrowIfAborted: "Rethrow the error if `{{signal}}` is aborted.",
    rethrowCancellation: "Rethrow cancellations with `{{name}}()`.",
    throwError: "Throw the error instead.",
  },
  needs: /\bcatch\b|\bthen\b/,
  create(context, { everyAwait, explicitBranches }) {
    function report(handler: ES.Node, flow: Flow, signal: Maybe<ES.Node>) {
      const isAllowed = !explicitBranches && isDecided(context, flow, handler);
      if (!isAllowed) context.report(describe(context, handler, flow, signal));
    }

    return {
      CatchClause(handler: ES.CatchClause) {
        const attempt = handler.parent as ES.TryStatement;
        const untold = getSwallowingFlow(context, handler, { told: true });
        if (!isSwallowing(untold)) return;
        const flow = withoutEnds(context, untold, attempt);
        if (!isSwallowing(flow)) return;
        const point = findCancellationPoint(context, attempt, everyAwait);
        if (!point && !isJudgedByItsTest(context, handler)) return;
        report(handler, flow, point?.signal);
      },
      CallExpression(call: ES.CallExpression) {
        const chain = getRejectionHandler(call);
        if (!chain || !isUsedChain(call)) return;
        const signal = findSignal(context, chain.receiver, isCallersSignal);
        if (!signal || swallowsEarlier(context, chain.receiver)) return;
        if (isLogger(chain.handler)) {
          return report(chain.handler, SILENT, signal);
        }
        const handler = getFunction(context, chain.handler);
        if (!handler) return;
        const flow = getSwallowingFunctionFlow(context, handler, {
          told: true,
        });
        if (!isSwallowing(flow)) return;
        report(chain.handler, flow, signal);
      },
    };
  },
});

export default rule;

const SILENT: Flow = { falls: true, exits: [] };

function isSwallowing(flow: Flow): boolean {
  return flow.falls || flow.exits.length > 0;
}

/** The handler tells cancellations apart, and nobody here asked for them. */
function isJudgedByItsTest(
  context: RuleContext,
  handler: ES.CatchClause,
): boolean {
  return testsError(context, handler) && !hasOwnController(context, handler);
}

/** Whether all ways out are branches that are written for cancellations. */
function isDecided(context: RuleContext, flow: Flow, handler: ES.Node) {
  return !flow.falls &&
    flow.exits.every((exit) => isExplicit(context, exit, handler));
}

function describe(
  context: RuleContext,
  handler: ES.Node,
  flow: Flow,
  signal: Maybe<ES.Node>,
): Report {
  const explicit = flow.falls
    ? undefined
    : flow.exits.find((exit) => isExplicit(context, exit, handler));
  const id = explicit ? "consumed" : "swallowed";
  return {
    node: explicit ?? handler,
    ...(signal
      ? { messageId: id, data: { signal: context.sourceCode.getText(signal) } }
      : { messageId: `${id}Error` }),
    suggest: explicit
      ? suggestThrow(context, handler, explicit)
      : suggestRethrow(context, handler, signal ?? undefined),
  };
}

/**
 * Replaces the statement that leaves an explicit branch, unless the branch does
 * something: then it is how the code deals with its cancellation.
 */
function suggestThrow(
  context: RuleContext,
  handler: ES.Node,
  exit: Exit,
): Suggestion[] {
  const error = getHandlerError(handler);
  return error === undefined || worksBefore(context, exit, handler) ? [] : [{
    messageId: "throwError",
    ...review(
      "the code has decided to end here, and the caller gets the error",
    ),
    fix: (fixer) => fixer.replaceText(exit, `throw ${error};`),
  }];
}
