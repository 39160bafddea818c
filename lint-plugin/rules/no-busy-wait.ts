import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { getIdleRound, type WaitingLoop } from "../analyses/busy_wait/round.ts";
import { look } from "../analyses/busy_wait/state.ts";

const rule: Rule = defineRule("no-busy-wait", {
  tier: 3,
  description: "disallow loops that sleep until state of this process changes",
  defaults: {},
  messages: {
    polled: "This loop asks for `{{state}}` again and again, and " +
      "`{{sleep}}` is too long or too short. Wait for an event that is set " +
      "where the state changes (`AsyncEvent` of `@mdc/tasks`).",
  },
  needs: /\bawait\b/,
  create(context) {
    function check(loop: WaitingLoop): void {
      const round = getIdleRound(context, loop);
      if (!round) return;
      const state = getAwaitedState(context, loop, round.tests, round.exits);
      if (!state) return;
      context.report({
        node: state,
        messageId: "polled",
        data: {
          state: context.sourceCode.getText(state),
          sleep: context.sourceCode.getText(round.sleep),
        },
      });
    }

    return {
      WhileStatement: check,
      DoWhileStatement: check,
      ForStatement: check,
    };
  },
});

export default rule;

/**
 * The state that ends the loop: in its own test or, where that is endless or only
 * counts, in a test that breaks or returns. None if a test does some work.
 */
function getAwaitedState(
  context: RuleContext,
  loop: WaitingLoop,
  tests: readonly ES.Expression[],
  exits: readonly ES.Expression[],
): ES.Node | undefined {
  const own = loop.test ? look(context, loop, loop.test) : {};
  const others = tests.map((test) => look(context, loop, test));
  if (own.works || others.some((each) => each.works)) return undefined;
  if (own.state) return own.state;
  return exits.map((test) => look(context, loop, test).state)
    .find((state) => state !== undefined);
}
