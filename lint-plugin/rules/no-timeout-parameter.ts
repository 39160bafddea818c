import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, getKeyName, unwrap } from "../syntax/nodes.ts";
import { isInRig } from "../syntax/test_callbacks.ts";
import { findInFlow } from "../syntax/walk.ts";
import { getBehaviour } from "../semantics/tasks/api.ts";
import { getMdcCall, importsMdc } from "../semantics/tasks/calls.ts";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  type ExportedFunction,
  getExportedFunctions,
} from "../semantics/names/exports.ts";
import { getOffer } from "../analyses/time_limits.ts";

const rule: Rule = defineRule("no-timeout-parameter", {
  tier: 3,
  type: "suggestion",
  description: "disallow timeouts as the only way to end an exported async " +
    "function",
  defaults: {},
  messages: {
    timeoutOnly: "`{{parameter}}` limits the time of `{{name}}`, but nothing " +
      "lets a caller cancel it. Take `{ signal }` instead: who wants a limit " +
      "passes `AbortSignal.timeout(ms)`, or uses `failAfter` of `@mdc/tasks`.",
  },
  needs: /\b(?:timeout|wait_?ms|max_?wait_?ms)/i,
  create(context) {
    return {
      Program(program: ES.Program) {
        // Several functions can share one options type.
        const limits = new Map<ES.Node, string>();
        for (const each of getExportedFunctions(context, program)) {
          if (!isAsync(each) || OWN_SUBJECT.test(each.name)) continue;
          if (each.siblings?.some((name) => ENDS.test(name))) continue;
          if (isInRig(each.node) || endsWithTask(context, each.node)) continue;
          const offers = [each.node, ...each.overloads]
            .map(({ params }) => getOffer(context, params));
          if (offers.some(({ canCancel }) => canCancel)) continue;
          for (const limit of offers[0]?.limits ?? []) {
            if (!limits.has(limit)) limits.set(limit, each.name);
          }
        }
        for (const [node, name] of limits) {
          context.report({
            node,
            messageId: "timeoutOnly",
            data: { parameter: getName(node), name },
          });
        }
      },
    };
  },
});

export default rule;

/** Functions about time itself. */
const OWN_SUBJECT = /timeout|deadline|delay|sleep|debounce|throttle|watchdog/i;
/** Methods by which whoever holds the object ends what it does. */
const ENDS =
  /^(?:close|abort|cancel|stop|shutdown|destroy|dispose|disconnect|terminate|kill|end)$/i;
const ASYNC_TYPE = /^(?:Promise|PromiseLike|AsyncGenerator|AsyncIterable)$/;

function isAsync({ node }: ExportedFunction): boolean {
  if (node.async) return true;
  const type = node.returnType?.typeAnnotation;
  return type?.type === "TSTypeReference" &&
    type.typeName.type === "Identifier" && ASYNC_TYPE.test(type.typeName.name);
}

/** Whether the function waits by `@mdc/tasks` under its caller's task. */
function endsWithTask(context: RuleContext, node: FunctionNode): boolean {
  if (!importsMdc(context, node)) return false;
  const awaits = collectAwaited(context, node);
  return awaits.length > 0 &&
    awaits.every((each) =>
      getBehaviour(getMdcCall(context, unwrap(each)))?.waits === true
    );
}

function collectAwaited(context: RuleContext, node: FunctionNode): ES.Node[] {
  const awaited: ES.Node[] = [];
  findInFlow(context, node.body, (each) => {
    if (each.type === "AwaitExpression") awaited.push(each.argument);
    if (each.type === "ReturnStatement" && each.argument) {
      const value = unwrap(each.argument);
      if (value.type === "CallExpression") awaited.push(value);
    }
    return undefined;
  });
  return awaited;
}

function getName(node: ES.Node): string {
  if (node.type === "Identifier") return node.name;
  return "key" in node ? getKeyName(node.key as ES.Node) ?? "" : "";
}
