/**
 * The pattern `signal.addEventListener("abort", () => controller.abort())`, which
 * `AbortSignal.any()` replaces.
 */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  getPropertyName,
  isFunctionExpression,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { getLineStart, isFirstInLine } from "../syntax/text.ts";
import type { Fix, RuleContext, Variable } from "../host/rule.ts";
import { isOptional } from "../semantics/signals/optionality.ts";
import type { Registration } from "../semantics/signals/listeners.ts";
import {
  getInitialiser,
  getVariable,
  lookUp,
} from "../semantics/names/variables.ts";

/**
 * Replaces the only use of `controller.signal` by a derived signal and removes
 * the listener. With more than one use the derived signal would need a name, and
 * that is a person's decision.
 */
export function suggestAny(
  context: RuleContext,
  { node, signal, handler }: Registration,
): Fix | undefined {
  const statement = outermost(node).parent;
  if (statement?.type !== "ExpressionStatement") return undefined;
  if (statement.parent?.type !== "BlockStatement") return undefined;
  const controller = getAbortedController(context, handler);
  const use = controller && getOnlySignalUse(controller);
  if (!use || signal.type !== "Identifier") return undefined;
  if (
    getVariable(context, signal) !== lookUp(context, signal.name, use)
  ) return undefined;
  const text = signal.name;
  const own = context.sourceCode.getText(use);
  const sources = isOptional(context, signal) ||
      context.sourceCode.getText(node).startsWith(`${text}?.`)
    ? `${text} ? [${text}, ${own}] : [${own}]`
    : `[${text}, ${own}]`;
  return (fixer) => [
    fixer.removeRange(getLine(context, statement)),
    fixer.replaceText(use, `AbortSignal.any(${sources})`),
  ];
}

/** The controller of a handler that does nothing but abort it. */
function getAbortedController(
  context: RuleContext,
  handler: Maybe<ES.Node>,
): Variable | undefined {
  const listener = unwrap(handler);
  if (!isFunctionExpression(listener)) return undefined;
  const { body } = listener;
  const [only, second] = body.type === "BlockStatement" ? body.body : [body];
  const expression = only?.type === "ExpressionStatement"
    ? only.expression
    : only;
  const call = getMethodCall(expression);
  if (second || call?.name !== "abort") return undefined;
  const object = unwrap(call.object);
  if (object.type !== "Identifier") return undefined;
  const variable = getVariable(context, object);
  const made = unwrap(getInitialiser(variable));
  return made?.type === "NewExpression" &&
      context.sourceCode.getText(made.callee) === "AbortController"
    ? variable
    : undefined;
}

function getOnlySignalUse(controller: Variable): ES.Node | undefined {
  const uses = controller.references.flatMap(({ identifier }) => {
    const parent = (identifier as ES.Node).parent;
    return parent?.type === "MemberExpression" &&
        getPropertyName(parent) === "signal"
      ? [parent]
      : [];
  });
  return uses.length === 1 ? uses[0] : undefined;
}

/** The statement, with its whole line where it stands alone on it. */
function getLine(
  context: RuleContext,
  statement: ES.Node,
): [number, number] {
  const text = context.sourceCode.getText();
  const [start, end] = statement.range;
  const line = getLineStart(text, start);
  return line > 0 && isFirstInLine(text, start) &&
      /^[ \t]*\r?\n/.test(text.slice(end, end + 2000))
    ? [line - 1, end]
    : [start, end];
}
