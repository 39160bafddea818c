import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  type Maybe,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { suggestCheck } from "../edits/aborted_check.ts";
import { getAbortedCheck } from "../analyses/aborted_checks.ts";
import { getReferenceKey } from "../semantics/names/reference.ts";
import { getProvenance } from "../semantics/signals/provenance.ts";
import {
  getRegistration,
  type Registration,
} from "../semantics/signals/listeners.ts";

const rule: Rule = defineRule("require-aborted-check", {
  tier: 1,
  description: "require a look at `aborted` where an abort listener is " +
    "registered",
  defaults: {},
  messages: {
    unchecked: "`{{signal}}` may be aborted already: then the listener never " +
      "runs. Look at `aborted` as well.",
  },
  suggestions: {
    throwIfAborted: "Throw if `{{signal}}` is aborted already.",
    rejectIfAborted: "Reject if `{{signal}}` is aborted already.",
    runHandler: "Call `{{handler}}()` if `{{signal}}` is aborted already.",
  },
  needs: /abort/i,
  create(context) {
    const registrations: Registration[] = [];
    /** The functions that look at a signal, by the signal. */
    const checks = new Map<string, Set<Maybe<FunctionNode>>>();

    function register(node: ES.CallExpression | ES.AssignmentExpression): void {
      const registration = getRegistration(context, node);
      if (
        registration && registration.kind !== "helper" &&
        getProvenance(context, registration.signal) === "foreign"
      ) registrations.push(registration);
    }

    function check(node: ES.Node): void {
      const signal = getAbortedCheck(context, node);
      if (signal === undefined) return;
      const known = checks.get(signal) ?? new Set();
      checks.set(signal, known.add(getEnclosingFunction(node)));
    }

    return {
      CallExpression(node: ES.CallExpression) {
        register(node);
        check(node);
      },
      AssignmentExpression: register,
      MemberExpression: check,
      BinaryExpression: check,
      VariableDeclarator: check,
      "Program:exit"() {
        for (const registration of registrations) {
          const { node, signal } = registration;
          const checked = checks.get(getReferenceKey(context, signal));
          if (checked && isAround(checked, node)) continue;
          report(context, registration);
        }
      },
    };
  },
});

export default rule;

/** Whether the function that registers, or one around it, is among them. */
function isAround(
  functions: ReadonlySet<Maybe<FunctionNode>>,
  node: ES.Node,
): boolean {
  let around = getEnclosingFunction(node);
  while (around && !functions.has(around)) {
    around = getEnclosingFunction(around);
  }
  return functions.has(around);
}

function report(context: RuleContext, registration: Registration): void {
  const { node, signal } = registration;
  context.report({
    node,
    messageId: "unchecked",
    data: { signal: context.sourceCode.getText(signal) },
    suggest: suggestCheck(context, registration),
  });
}
