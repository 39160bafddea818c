/** Where a cancellation leaves code as another error. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getProperty,
  getString,
  isFunction,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { CANCELLATION } from "../vocabulary/names.ts";
import { getHandledAbort } from "../semantics/signals/abort_handlers.ts";
import {
  findCancellationPoint,
  hasOwnController,
} from "../semantics/cancellation/points.ts";
import {
  type CancelledBranch,
  getCancelledBranch,
  getExplicitTest,
} from "../semantics/cancellation/cancelled_side.ts";
import { interpretAll } from "../semantics/cancellation/flow.ts";
import {
  createPolicy,
  getHandlerError,
} from "../semantics/cancellation/handlers.ts";
import { getMdcName } from "../semantics/tasks/calls.ts";
import { getProvenance } from "../semantics/signals/provenance.ts";

/** Whether the expression makes an error (or value) that is no cancellation. */
function isOtherError(context: RuleContext, node: ES.Node): boolean {
  const made = unwrap(node);
  if (made.type === "Literal" || made.type === "TemplateLiteral") return true;
  if (made.type !== "NewExpression") return false;
  const name = getMdcName(context, made.callee) ?? getLastName(made.callee);
  if (name === undefined || CANCELLATION.test(name)) return false;
  return !(name === "DOMException" &&
    getString(made.arguments[1]) === "AbortError");
}

/** What is cancelled where code throws or rejects. */
export interface CancelledPlace {
  /** The caller's signal, where one is named. */
  readonly signal?: ES.Node;
  /** The caught or tested error. */
  readonly error?: string;
}

/** An error that is handed on in place of a cancellation. */
export interface Masking {
  readonly node: ES.Node;
  readonly place: CancelledPlace;
}

/**
 * The masking errors that the expression can be: itself, or the arm of a
 * `c ? a : b` whose own test says that a cancellation is there.
 */
export function getMaskings(
  context: RuleContext,
  expression: ES.Node,
): Masking[] {
  const node = unwrap(expression);
  if (node.type === "ConditionalExpression") {
    if (!getExplicitTest(context, node.test)) return [];
    return [node.consequent, node.alternate]
      .flatMap((arm) => getMaskings(context, arm));
  }
  const place = isOtherError(context, node)
    ? getCancelledPlace(context, node)
    : undefined;
  return place && !keepsCause(context, node, place) ? [{ node, place }] : [];
}

const PLAIN = /^(?:Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error$/;

/** Whether the error is of a class of its own, which handlers may ask for. */
export function hasMeaning(node: ES.Node): node is ES.NewExpression {
  if (node.type !== "NewExpression") return false;
  const name = getLastName(node.callee);
  return name !== undefined && name !== "DOMException" && !PLAIN.test(name);
}

/** Whether an error with a meaning says by `cause` that it was a cancellation. */
function keepsCause(
  context: RuleContext,
  node: ES.Node,
  { signal, error }: CancelledPlace,
): boolean {
  if (!hasMeaning(node)) return false;
  const options = unwrap(node.arguments.at(-1));
  if (options?.type !== "ObjectExpression") return false;
  const value = getProperty(options, "cause")?.value;
  const text = value && context.sourceCode.getText(value);
  return text !== undefined &&
    (text === error ||
      signal !== undefined &&
        text.replaceAll("?", "") ===
          `${context.sourceCode.getText(signal).replaceAll("?", "")}.reason`);
}

/** What the code at the node knows to be cancelled by a caller. */
function getCancelledPlace(
  context: RuleContext,
  node: ES.Node,
): CancelledPlace | undefined {
  const handler = getHandler(node);
  const branch = getCancelledBranch(context, node);
  if (branch === "other") return undefined;
  if (!branch) return getAbortedPlace(context, handler);
  if (branch.kind === "error" && isOwners(context, node, handler)) {
    return undefined;
  }
  if (!isReached(context, node, branch, handler)) return undefined;
  const error = handler?.type === "CatchClause"
    ? getHandlerError(handler)
    : getTestedName(branch);
  return {
    ...(branch.kind === "signal" && { signal: branch.subject }),
    ...(error !== undefined && { error }),
  };
}

type Handler = ES.CatchClause | FunctionNode;

/** The nearest catch clause or function around the node. */
function getHandler(node: ES.Node): Handler | undefined {
  let around: Maybe<ES.Node> = node.parent;
  while (around && around.type !== "CatchClause" && !isFunction(around)) {
    around = around.parent;
  }
  return around ?? undefined;
}

function getAbortedPlace(
  context: RuleContext,
  handler: Handler | undefined,
): CancelledPlace | undefined {
  if (!handler || handler.type === "CatchClause") return undefined;
  const signal = getHandledAbort(context, handler)?.signal;
  return signal && getProvenance(context, signal) === "foreign"
    ? { signal }
    : undefined;
}

/** Whether the error may be the cancellation that this code asked for. */
function isOwners(
  context: RuleContext,
  node: ES.Node,
  handler: Handler | undefined,
): boolean {
  if (!hasOwnController(context, node)) return false;
  return handler?.type !== "CatchClause" ||
    !findCancellationPoint(context, handler.parent as ES.TryStatement, false)
      ?.signal;
}

/**
 * Whether a cancellation comes to the node: no earlier statement of the branch
 * throws it. What a handler does before its test counts as well, where the test
 * is about the handler's error.
 */
function isReached(
  context: RuleContext,
  node: ES.Node,
  { branch, kind }: CancelledBranch,
  handler: Handler | undefined,
): boolean {
  const policy = createPolicy(context, handler && getHandlerError(handler));
  const end = kind === "error" && handler ? handler : branch;
  let statement = node;
  while (statement !== end && statement.parent) {
    const { parent } = statement;
    const siblings: readonly ES.Node[] = parent.type === "BlockStatement"
      ? parent.body
      : parent.type === "SwitchCase"
      ? parent.consequent
      : [];
    const earlier = siblings.slice(0, Math.max(siblings.indexOf(statement), 0));
    if (!interpretAll(earlier, policy).falls) return false;
    statement = parent;
  }
  return true;
}

function getTestedName({ kind, subject }: CancelledBranch): string | undefined {
  return kind === "error" && subject.type === "Identifier"
    ? subject.name
    : undefined;
}
