import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Fixer, Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { judgeAwait } from "../edits/await_risk.ts";
import { getHandlerEdit } from "../edits/rejection_handler.ts";
import { review } from "../edits/risk.ts";
import { canAwait } from "../syntax/await.ts";
import { visitDropped } from "../semantics/promises/dropped.ts";
import { isHandled, isSelfHandled } from "../semantics/promises/handled.ts";
import { getMdcCall } from "../semantics/tasks/calls.ts";
import { findOwner } from "../semantics/tasks/owners.ts";
import {
  describeCall,
  getKnownPromise,
  type KnownPromise,
} from "../semantics/promises/known.ts";
import {
  endsHandled,
  isCareful,
  isPlain,
} from "../semantics/promises/quiet.ts";
import { getCatchClauses } from "../syntax/try.ts";
import {
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  getProgram,
  unwrap,
} from "../syntax/nodes.ts";
import { LINK } from "../vocabulary/names.ts";

interface Options {
  allowVoid: boolean;
  neverRejects: readonly string[];
  reportSelfHandled: boolean;
}

const rule: Rule = defineRule<Options>(
  "no-untracked-promise",
  {
    tier: 1,
    description: "disallow promises that are created and dropped",
    options: {
      allowVoid: {
        type: "boolean",
        description: "Accept `void promise` as a way to say it is on purpose.",
      },
      neverRejects: {
        type: "array",
        description:
          "Names of functions and members whose promises never reject " +
          "(`closed`): they may be dropped, and plain callbacks chained to them.",
        items: { type: "string" },
      },
      reportSelfHandled: {
        type: "boolean",
        description:
          "Report calls of functions whose whole body is a `try` that does not throw, too.",
      },
    },
    defaults: { allowVoid: true, neverRejects: [], reportSelfHandled: false },
    messages: {
      dropped:
        "The promise of `{{call}}` is dropped: nobody waits for it or sees it fail.",
      unread:
        "The promise of `{{call}}` ends in `{{name}}`, which is never read: nobody waits for it or sees it fail.",
      voided:
        "`void` only hides the promise of `{{call}}`: nobody waits for it or sees it fail.",
    },
    suggestions: {
      await: "Wait for it with `await`.",
      own: "Give it to `{{owner}}`, which waits for it.",
      catch: "Append a rejection handler.",
    },
    create(context, { allowVoid, neverRejects, reportSelfHandled }) {
      return visitDropped(context, { allowVoid }, (expression, loss) => {
        const promise = getKnownPromise(context, expression);
        if (!promise || isHandled(promise.node)) return;
        if (isNamed(context, promise.node, neverRejects)) return;
        const isSelf = isSelfHandled(context, promise.producer);
        const isCalm = isSelf || isCareful(context, promise.producer) ||
          endsHandled(context, promise.node);
        if (isCalm && !(isSelf && reportSelfHandled)) return;
        // There `no-unawaited-promise-in-try` reports it.
        const isCaught = getCatchClauses(promise.node).length > 0;
        if (isCaught && !isCalm && loss.kind !== "voided") return;
        if (allowVoid && saysSo(context, promise.node)) return;
        if (isEntry(promise)) return;
        const { kind, ...data } = loss;
        context.report({
          node: promise.node,
          messageId: kind,
          data: { call: describeCall(context, promise.node), ...data },
          suggest: getSuggestions(context, promise),
        });
      });
    },
  },
);

export default rule;

/** Names under which a program starts itself. */
const ENTRY = /^(?:main|start|bootstrap|cli|program)$/i;

/**
 * `main();` at the end of a program: its failure ends the process with an exit
 * code, which is what it should do. A module that exports something is imported.
 */
function isEntry({ node, producer }: KnownPromise): boolean {
  if (!producer || node.callee.type !== "Identifier") return false;
  if (!ENTRY.test(node.callee.name) || getEnclosingFunction(node)) return false;
  return getProgram(node).body.every((each) => !/^Export/.test(each.type));
}

/** A comment that turns the same rule of typescript-eslint off for the line. */
function saysSo(context: RuleContext, node: ES.Node): boolean {
  const text = context.sourceCode.getText();
  const start = text.lastIndexOf("\n", node.range[0]) + 1;
  const before = text.slice(text.lastIndexOf("\n", start - 2) + 1, start);
  return /^\s*\/\/.*(?:disable-next-line|ignore).*no-floating-promises/.test(
    before,
  );
}

/** `closed`, or `x.closed.then(() => { … })`, of the names in the option. */
function isNamed(
  context: RuleContext,
  node: ES.Node,
  names: readonly string[],
): boolean {
  if (names.length === 0) return false;
  const inner = unwrap(node);
  const name = getLastName(
    inner.type === "CallExpression" ? inner.callee : inner,
  );
  if (name !== undefined && names.includes(name)) return true;
  const method = getMethodCall(inner);
  return method !== undefined && LINK.test(method.name) &&
    method.call.arguments.every((each) => isPlain(context, each)) &&
    isNamed(context, method.object, names);
}

/** An owner, a handler, waiting: the first that fits comes first. */
function getSuggestions(
  context: RuleContext,
  promise: KnownPromise,
): Suggestion[] {
  const { node, isArray } = promise;
  const text = context.sourceCode.getText(node);
  const whole = isArray ? `Promise.all(${text})` : text;
  const replace = (output: string) => (fixer: Fixer) =>
    fixer.replaceText(node, output);
  const suggestions: Suggestion[] = [];
  const owner = findOwner(context, node);
  const isTask = getMdcCall(context, node) === "createTask";
  if (owner && (isTask || owner.kind === "tracker")) {
    const output = isTask
      ? `${owner.name}.spawn(${getArguments(context, node)})`
      : `${owner.name}.add(${whole})`;
    suggestions.push({
      messageId: "own",
      data: { owner: owner.name },
      ...review(`\`${owner.name}\` then waits for it, or cancels it`),
      fix: replace(output),
    });
  }
  const handler = getHandlerEdit(context, promise, whole);
  suggestions.push({
    messageId: "catch",
    ...handler.verdict,
    fix: replace(handler.output),
  });
  if (canAwait(node)) {
    const verdict = judgeAwait(context, promise);
    const wait: Suggestion = {
      messageId: "await",
      ...verdict,
      fix: replace(`await ${whole}`),
    };
    if (verdict.risk === "safe") suggestions.unshift(wait);
    else if (!handler.exists) suggestions.splice(-1, 0, wait);
    else suggestions.push(wait);
  }
  return suggestions;
}

function getArguments(
  context: RuleContext,
  node: ES.CallExpression | ES.NewExpression,
): string {
  return node.arguments.map((each) => context.sourceCode.getText(each))
    .join(", ");
}
