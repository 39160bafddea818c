import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  isFunctionExpression,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion, Verdict } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  findRisk,
  isCovered,
  type Risk,
} from "../analyses/completion/risks.ts";
import { review, safe } from "../edits/risk.ts";
import { cannotReject } from "../semantics/promises/handled.ts";
import {
  getSignalling,
  type Signalling,
} from "../analyses/completion/calls.ts";
import { isInRig, isInTest } from "../syntax/test_callbacks.ts";
import { isEndedByClose } from "../analyses/completion/closed.ts";
import { wrapInFinally } from "../edits/wrap_in_finally.ts";

const RISKS: { readonly [type in Risk["type"]]: string } = {
  AwaitExpression: "await",
  ForOfStatement: "for await",
  YieldExpression: "yield",
  ThrowStatement: "throw",
  ReturnStatement: "return",
};

const rule: Rule = defineRule("require-completion-in-finally", {
  tier: 1,
  description:
    "require that completion is signalled in `finally`, not only on success",
  defaults: {},
  messages: {
    skipped:
      "`{{call}}` is skipped when the `{{risk}}` before it leaves the function: whoever waits for it waits for ever. Call it in `finally`.",
    argument:
      "`{{call}}` is skipped when the `{{risk}}` in its argument throws: whoever waits for it waits for ever.",
    success:
      "`{{call}}` runs only if the promise is fulfilled: whoever waits for it waits for ever after a rejection.",
  },
  suggestions: {
    wrap: "Wrap what comes before it in `try` and call it in `finally`.",
    chain: "Use `.finally(…)`.",
  },
  needs: /\basync\b|\bthen\b/,
  create(context) {
    // One defect, one report: by function and by what is signalled.
    const reported = new Map<ES.Node, Set<string>>();

    function isNew(home: ES.Node, key: string): boolean {
      const keys = reported.get(home) ?? new Set();
      reported.set(home, keys);
      return !keys.has(key) && keys.add(key) !== undefined;
    }

    function checkCall(signalling: Signalling): void {
      const { call, key } = signalling;
      const home = getEnclosingFunction(call);
      if (!home?.async || reported.get(home)?.has(key)) return;
      if (isInTest(call) || isInRig(call)) return;
      if (isEndedByClose(context, call, key)) return;
      const risk = findRisk(context, home, signalling);
      if (!risk || !isNew(home, key)) return;
      const isInside = risk.range[0] >= call.range[0];
      context.report({
        node: call,
        messageId: isInside ? "argument" : "skipped",
        data: { call: describe(context, call), risk: RISKS[risk.type] },
        suggest: isInside ? [] : suggestWrap(context, home, call, risk),
      });
    }

    /** `.then(() => done.set())` as the last link of a chain. */
    function checkLink(link: ES.CallExpression): void {
      const method = getMethodCall(link);
      if (method?.name !== "then" || link.arguments.length !== 1) return;
      const [argument] = link.arguments;
      const callback = unwrap(argument);
      if (!isFunctionExpression(callback) || !isLastLink(link)) return;
      const signalling = getSignallingOf(context, callback);
      if (!signalling || cannotReject(context, method.object)) return;
      const home = getEnclosingFunction(link);
      const { call, key } = signalling;
      if (home && isCovered({ context, home, call, key, start: 0 }, link)) {
        return;
      }
      if (!isNew(callback, key)) return;
      context.report({
        node: call,
        messageId: "success",
        data: { call: describe(context, call) },
        suggest: suggestFinally(link, callback),
      });
    }

    return {
      CallExpression(node: ES.CallExpression) {
        checkLink(node);
        const signalling = getSignalling(context, node);
        if (signalling) checkCall(signalling);
      },
    };
  },
});

export default rule;

function describe(context: RuleContext, call: ES.CallExpression): string {
  return `${context.sourceCode.getText(call.callee)}()`;
}

function isLastLink(link: ES.CallExpression): boolean {
  const { parent } = outermost(link);
  return parent?.type !== "MemberExpression" ||
    parent.object !== outermost(link);
}

/** The signalling call among the direct statements of the callback. */
function getSignallingOf(
  context: RuleContext,
  { body }: FunctionNode,
): Signalling | undefined {
  if (body.type !== "BlockStatement") return getSignalling(context, body);
  for (const statement of body.body) {
    if (statement.type !== "ExpressionStatement") continue;
    const signalling = getSignalling(context, statement.expression);
    if (signalling) return signalling;
  }
  return undefined;
}

function suggestWrap(
  context: RuleContext,
  home: FunctionNode,
  call: ES.CallExpression,
  risk: Risk,
): Suggestion[] {
  const fix = wrapInFinally(context, home, call, risk);
  return fix ? [{ messageId: "wrap", ...judgeWrap(call), fix }] : [];
}

/** To wake or to give back is right after a failure, too; a value isn't. */
function judgeWrap(call: ES.CallExpression): Verdict {
  const name = getLastName(call.callee) ?? "";
  return /^(?:resolve|complete)$/.test(name)
    ? review("after a failure, whoever waits goes on as after success")
    : safe("after a failure nobody waits for ever, else it is the same");
}

function judgeChain({ body }: FunctionNode): Verdict {
  const [only, more] = body.type === "BlockStatement" ? body.body : [body];
  const call = only?.type === "ExpressionStatement" ? only.expression : only;
  const inner = call && unwrap(call);
  return inner?.type === "CallExpression" && !more
    ? judgeWrap(inner)
    : review("all of the callback runs after a failure, too");
}

function isValueUsed(link: ES.CallExpression): boolean {
  let outer = outermost(link);
  if (outer.parent?.type === "AwaitExpression") outer = outermost(outer.parent);
  return outer.parent?.type !== "ExpressionStatement";
}

function suggestFinally(
  link: ES.CallExpression,
  callback: FunctionNode,
): Suggestion[] {
  const callee = unwrap(link.callee);
  if (callback.params.length > 0 || callee.type !== "MemberExpression") {
    return [];
  }
  return [{
    messageId: "chain",
    ...isValueUsed(link)
      ? review("the chain then has the value of the promise before it")
      : judgeChain(callback),
    fix: (fixer) => fixer.replaceText(callee.property, "finally"),
  }];
}
