import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, getEnclosingFunction } from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review } from "../edits/risk.ts";
import { startRound } from "../edits/statements.ts";
import {
  hasImplicitPoint,
  isEndless,
  isInFinally,
  looksAt,
  type Loop,
  waits,
} from "../analyses/loop_checks.ts";
import {
  getMdcThing,
  importsMdc,
  isTaskBody,
} from "../semantics/tasks/calls.ts";
import { isTaskSignal } from "../semantics/tasks/bodies.ts";
import { findStaleSignal } from "../analyses/stale_loops.ts";
import { getMdcReference } from "../edits/imports.ts";
import { isOptionalSignal } from "../semantics/signals/optionality.ts";
import {
  type CallersSignal,
  getParameterSignal,
} from "../semantics/signals/callers.ts";
import { findSignalAnywhere } from "../semantics/signals/signal.ts";

const rule: Rule = defineRule("require-loop-cancellation-check", {
  tier: 2,
  description: "require loops that wait to look at the caller's signal",
  defaults: {},
  messages: {
    unchecked: "This loop waits, but never looks at `{{signal}}`: it goes on " +
      "after the caller has cancelled.",
    endless: "This loop of a task never ends and has no cancellation point: " +
      "the task can't be cancelled.",
    goesOn: "When `{{signal}}` is aborted, each further round fails at once, " +
      "and this loop goes on. Leave it when the signal is aborted.",
  },
  suggestions: {
    throwIfAborted: "Throw at the start of a round if `{{signal}}` is aborted.",
    checkpoint: "Start each round with `{{call}}`.",
  },
  needs: /\bawait\b/,
  create(context) {
    function check(loop: Loop): void {
      const owner = getEnclosingFunction(loop);
      if (!owner || !waits(context, loop) || isInFinally(loop)) return;
      const stale = findStaleSignal(context, loop);
      if (stale) {
        context.report({
          node: loop,
          messageId: "goesOn",
          data: { signal: context.sourceCode.getText(stale) },
        });
        return;
      }
      if (hasImplicitPoint(context, loop)) return;
      const signal = getParameterSignal(context, owner, loop);
      if (signal) {
        if (looksAt(context, loop, owner, signal.root)) return;
        context.report({
          node: loop,
          messageId: "unchecked",
          data: { signal: signal.text },
          suggest: [
            suggestThrow(context, loop, signal),
            ...suggestCheckpoint(context, loop, signal),
          ],
        });
      } else if (isEndless(loop) && isUncancellable(context, loop, owner)) {
        context.report({
          node: loop,
          messageId: "endless",
          suggest: suggestCheckpoint(context, loop),
        });
      }
    }

    return {
      WhileStatement: check,
      DoWhileStatement: check,
      ForStatement: check,
      ForInStatement: check,
      ForOfStatement: check,
    };
  },
});

export default rule;

/** A task body that knows nothing of its context, or of another signal. */
function isUncancellable(
  context: RuleContext,
  loop: Loop,
  owner: FunctionNode,
): boolean {
  return owner.params.length === 0 && importsMdc(context, loop) &&
    isTaskBody(context, owner) && !findSignalAnywhere(context, loop);
}

function suggestThrow(
  context: RuleContext,
  loop: Loop,
  signal: CallersSignal,
): Suggestion {
  const { text } = signal;
  const dot = isOptionalSignal(context, signal, loop) ? "?." : ".";
  return {
    messageId: "throwIfAborted",
    data: { signal: text },
    ...review("what was opened before the loop has to be closed in `finally`"),
    fix: (fixer) =>
      startRound(context, fixer, loop.body, `${text}${dot}throwIfAborted();`),
  };
}

/** `checkpoint()` of `@mdc/tasks`, which gives others a turn as well. */
function suggestCheckpoint(
  context: RuleContext,
  loop: Loop,
  signal?: CallersSignal,
): Suggestion[] {
  const owned = signal && getContextCall(context, signal, loop);
  const reference = getMdcReference(context, "checkpoint", loop);
  if (owned === undefined && !reference) return [];
  const call = owned ??
    `${reference?.text}(${signal ? getOptions(context, signal) : ""})`;
  return [{
    messageId: "checkpoint",
    data: { call },
    ...review("what was opened before the loop has to be closed in `finally`"),
    fix: (fixer) => [
      ...(owned === undefined ? reference?.addImport(fixer) ?? [] : []),
      startRound(context, fixer, loop.body, `await ${call};`),
    ],
  }];
}

function getContextCall(
  context: RuleContext,
  { root }: CallersSignal,
  loop: Loop,
): string | undefined {
  if (!importsMdc(context, loop)) return undefined;
  const binding = root.defs[0]?.name as ES.Identifier | undefined;
  return getMdcThing(context, binding) === "context"
    ? `${root.name}.checkpoint()`
    : undefined;
}

/** The task's own signal needs no naming. */
function getOptions(
  context: RuleContext,
  { text, root }: CallersSignal,
): string {
  const binding = root.defs[0]?.name as ES.Identifier;
  if (isTaskSignal(context, binding)) return "";
  return text === "signal" ? "{ signal }" : `{ signal: ${text} }`;
}
