/** The edits that let a cancellation out of a handler. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  isFunctionExpression,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { find, someInFlow } from "../syntax/walk.ts";
import type { Edit, Fixer, RuleContext, Suggestion } from "../host/rule.ts";
import { review } from "./risk.ts";
import { insertFirst } from "./statements.ts";
import { evaluateTest } from "../semantics/cancellation/error_checks.ts";
import { getHandlerError } from "../semantics/cancellation/handlers.ts";
import { getMdcReference } from "./imports.ts";
import { isOptional } from "../semantics/signals/optionality.ts";
import { getVariable, lookUp } from "../semantics/names/variables.ts";
import { getErrorName } from "../syntax/try.ts";

const RETHROWS = review(
  "what the handler does is skipped, and the caller gets the error",
);

/** Suggests to rethrow first thing in the handler. */
export function suggestRethrow(
  context: RuleContext,
  handler: ES.Node,
  signal: ES.Node | undefined,
): Suggestion[] {
  const owner = unwrap(handler);
  if (owner.type !== "CatchClause" && !isFunctionExpression(owner)) return [];
  const parameter = owner.type === "CatchClause"
    ? owner.param
    : owner.params[0];
  if (parameter && parameter.type !== "Identifier") return [];
  if (settles(context, owner.body) || asksForAbort(context, owner)) return [];
  const suggestions: Suggestion[] = [];
  const error = getErrorName(parameter) ?? chooseName(context, owner);
  const reference = getMdcReference(context, "rethrowCancellation", owner);
  if (reference) {
    suggestions.push({
      messageId: "rethrowCancellation",
      data: { name: reference.text },
      ...RETHROWS,
      fix: (fixer) => [
        ...reference.addImport(fixer),
        ...bind(context, fixer, owner, error),
        ...insertIntoBody(
          context,
          fixer,
          owner,
          `${reference.text}(${error});`,
        ),
      ],
    });
  }
  // A call would make another signal.
  const isReadable = signal && signal.type !== "CallExpression";
  if (isReadable && isVisible(context, signal, owner)) {
    const text = context.sourceCode.getText(signal);
    const isAborted = `${text}${
      isOptional(context, signal) ? "?." : "."
    }aborted`;
    suggestions.push({
      messageId: "rethrowIfAborted",
      data: { signal: text },
      ...RETHROWS,
      fix: (fixer) => [
        ...bind(context, fixer, owner, error),
        ...insertIntoBody(
          context,
          fixer,
          owner,
          `if (${isAborted}) throw ${error};`,
        ),
      ],
    });
  }
  return suggestions;
}

/** Calls by which somebody who waits learns that it is over. */
const SETTLES =
  /^(?:resolve|reject|settle|finish|complete|fulfill?|enqueue|push|emit|dispatch|send|write|postMessage|close|end|set|notify|release|unlock)(?:[A-Z]\w*)?$/;

/** Whether the handler tells others of the end: skipped, they would wait. */
function settles(context: RuleContext, body: ES.Node): boolean {
  return someInFlow(context, body, (each) => {
    if (each.type === "YieldExpression") return true;
    if (each.type !== "CallExpression") return undefined;
    const name = getLastName(each.callee);
    return name !== undefined && SETTLES.test(name) &&
      !/^console\b/.test(context.sourceCode.getText(each.callee));
  });
}

/**
 * Whether the handler has a branch of its own for a cancellation, which a throw
 * before it would make dead.
 */
function asksForAbort(context: RuleContext, handler: Handler): boolean {
  const error = getHandlerError(handler);
  return someInFlow(context, handler.body, (each) => {
    const test = each.type === "IfStatement" ||
        each.type === "ConditionalExpression"
      ? each.test
      : undefined;
    return test !== undefined &&
      evaluateTest(context, test, error) !== "unknown" &&
      mentionsCancellation(context, test);
  });
}

function mentionsCancellation(context: RuleContext, test: ES.Node): boolean {
  return /abort|cancel/i.test(context.sourceCode.getText(test));
}

/** Whether the branch that the exit ends does more than telling. */
export function worksBefore(
  context: RuleContext,
  exit: ES.Node,
  handler: ES.Node,
): boolean {
  const { parent } = exit;
  if (parent?.type !== "BlockStatement" || parent === handlerBody(handler)) {
    return false;
  }
  return parent.body.some((each) =>
    each !== exit && each.range[0] < exit.range[0] &&
    someInFlow(context, each, (node) =>
      node.type === "AwaitExpression" ||
      node.type === "AssignmentExpression" ||
      node.type === "CallExpression" &&
        !/\b(?:console|log(?:ger)?|debug)\b/i.test(
          context.sourceCode.getText(node.callee),
        ))
  );
}

function handlerBody(handler: ES.Node): Maybe<ES.Node> {
  return handler.type === "CatchClause" || isFunctionExpression(handler)
    ? handler.body
    : undefined;
}

type Handler = ES.CatchClause | FunctionNode;

function chooseName(context: RuleContext, handler: Handler): string {
  const taken = (name: string) =>
    lookUp(context, name, handler.body) !== undefined;
  return ["error", "err", "cause"].find((name) => !taken(name)) ??
    "cancellation";
}

/** Whether the names of the signal expression mean the same in the handler. */
function isVisible(
  context: RuleContext,
  signal: ES.Node,
  handler: Handler,
): boolean {
  const hidden = find(context, signal, (node) =>
    node.type === "Identifier" &&
      getVariable(context, node) !==
        lookUp(context, node.name, handler.body) || undefined);
  return hidden === undefined;
}

/** Gives the handler a parameter if it has none. */
function bind(
  context: RuleContext,
  fixer: Fixer,
  handler: Handler,
  error: string,
): Edit[] {
  const start = handler.range[0];
  if (handler.type === "CatchClause") {
    return handler.param ? [] : [
      fixer.insertTextAfterRange(
        [start, start + "catch".length],
        ` (${error})`,
      ),
    ];
  }
  if (handler.params.length > 0) return [];
  const header = context.sourceCode.getText(handler);
  const open = start + header.indexOf("(") + 1;
  return [fixer.insertTextAfterRange([start, open], error)];
}

function insertIntoBody(
  context: RuleContext,
  fixer: Fixer,
  handler: Handler,
  statement: string,
): Edit[] {
  const { body } = handler;
  if (body.type !== "BlockStatement") {
    const text = context.sourceCode.getText();
    // The parentheses around an object literal belong to the arrow's body.
    let [from, to] = body.range;
    if (
      body.type === "ObjectExpression" || body.type === "SequenceExpression"
    ) {
      from = text.lastIndexOf("(", from);
      to = text.indexOf(")", to) + 1;
    }
    return [
      fixer.insertTextBeforeRange([from, to], `{ ${statement} return `),
      fixer.insertTextAfterRange([from, to], "; }"),
    ];
  }
  return [insertFirst(context, fixer, body, statement)];
}
