/** The edits that let a cancellation out of a handler. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  find,
  type FunctionNode,
  isFunctionExpression,
  unwrap,
} from "../_ast.ts";
import type { Edit, Fixer, RuleContext, Suggestion } from "../_rule.ts";
import { review } from "./risk.ts";
import { insertFirst } from "./statements.ts";
import { getErrorName } from "../semantics/handlers.ts";
import { getMdcReference } from "../semantics/mdc_names.ts";
import { isOptional } from "../semantics/optionality.ts";
import { getVariable, lookUp } from "../semantics/scope.ts";

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
