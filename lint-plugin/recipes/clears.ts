/** `clearTimeout` of a timer that goes away. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getIndent,
  getMethodCall,
  getOnlyExpression,
  isFunctionExpression,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { find } from "../syntax/walk.ts";
import type { RuleContext, Variable } from "../host/rule.ts";
import { isGlobal } from "../semantics/names/variables.ts";
import type { Draft } from "./draft.ts";

/** What is replaced in the end, or why the timer can't go. */
export type Cleared =
  | { readonly target: ES.Node; readonly because?: undefined }
  | { readonly because: string };

const USED = "the handle of its timer is used elsewhere";

/** Takes the variable of the handle away, and everything that clears it. */
export function removeClears(
  context: RuleContext,
  draft: Draft,
  { handle, call }: {
    readonly handle: Variable;
    readonly call: ES.CallExpression;
  },
): Cleared {
  const declarator = handle.defs[0]?.node as ES.Node | undefined;
  const declaration = declarator?.parent;
  if (
    handle.defs.length !== 1 || declarator?.type !== "VariableDeclarator" ||
    declaration?.type !== "VariableDeclaration" || declarator.init ||
    declaration.declarations.length > 1
  ) return { because: USED };
  let target: ES.Node = call;
  let writes = 0;
  for (const reference of handle.references) {
    const node = reference.identifier as ES.Node;
    if (reference.isWrite()) {
      writes++;
      continue;
    }
    const clear = getClear(context, node);
    if (!clear) {
      // The test of `if (timer) clearTimeout(timer)` goes with the statement.
      if (node.parent?.type === "IfStatement") continue;
      return { because: USED };
    }
    const chain = getFinally(clear, call);
    if (chain) {
      target = chain;
      continue;
    }
    if (!removeStatement(context, draft, { clear, call })) {
      return { because: USED };
    }
  }
  if (writes > 1) return { because: USED };
  draft.removeStatement(declaration);
  return { target };
}

/** `clearTimeout(timer)`. */
function getClear(
  context: RuleContext,
  node: ES.Node,
): ES.CallExpression | undefined {
  const call = outermost(node).parent;
  return call?.type === "CallExpression" && call.arguments.length === 1 &&
      unwrap(call.arguments[0]) === node &&
      isGlobal(context, call.callee, "clearTimeout")
    ? call
    : undefined;
}

/** `race.finally(() => clearTimeout(timer))`. */
function getFinally(clear: ES.Node, race: ES.Node): ES.Node | undefined {
  const callback = getOwner(clear);
  const chain = callback && outermost(callback).parent;
  const method = getMethodCall(chain);
  return chain && method?.name === "finally" &&
      unwrap(method.object) === race
    ? chain
    : undefined;
}

function getOwner(clear: ES.Node): ES.Node | undefined {
  let owner = clear.parent;
  if (owner?.type === "ExpressionStatement") owner = owner.parent?.parent;
  return isFunctionExpression(owner) && getOnlyExpression(owner) === clear
    ? owner
    : undefined;
}

/** Removes the statement, and the `finally` that has no other. */
function removeStatement(
  context: RuleContext,
  draft: Draft,
  { clear, call }: { readonly clear: ES.Node; readonly call: ES.Node },
): boolean {
  let statement = clear.parent;
  if (statement?.type !== "ExpressionStatement") return false;
  const { parent } = statement;
  const branch =
    parent?.type === "BlockStatement" && parent.body.length === 1 &&
      parent.parent?.type === "IfStatement"
      ? parent.parent
      : parent;
  if (branch?.type === "IfStatement") {
    if (branch.alternate || branch.test.type !== "Identifier") return false;
    statement = branch;
  }
  const block = statement.parent;
  if (block?.type !== "BlockStatement") return false;
  const attempt = block.parent;
  if (attempt?.type !== "TryStatement" || block.body.length > 1) {
    draft.removeStatement(statement);
    return true;
  }
  if (attempt.finalizer !== block) return false;
  if (attempt.handler) {
    draft.replaceRange([attempt.handler.range[1], attempt.range[1]], "");
    return true;
  }
  return unwrapTry(context, draft, { attempt, call });
}

/**
 * Writes the statements of the try in its place, without its handler and its
 * `finally`. `call` is replaced by the caller. False if that isn't possible.
 */
export function unwrapTry(
  context: RuleContext,
  draft: Draft,
  { attempt, call }: {
    readonly attempt: ES.TryStatement;
    readonly call?: ES.Node;
  },
): boolean {
  const { body } = attempt.block;
  const [first] = body;
  const last = body.at(-1);
  if (!first || !last) return false;
  const outside = context.sourceCode.getScope(attempt);
  for (const variable of context.sourceCode.getScope(attempt.block).variables) {
    if (outside.set.has(variable.name)) return false;
  }
  const text = context.sourceCode.getText();
  const [start] = attempt.range;
  const comments = text.slice(attempt.block.range[0] + 1, first.range[0])
    .trim();
  const after = text.slice(last.range[1], attempt.block.range[1] - 1).trim();
  if (comments || after) return false;
  draft.replaceRange([start, first.range[0]], "");
  draft.replaceRange([last.range[1], attempt.range[1]], "");
  const width = getIndent(context, first).length -
    getIndent(context, attempt).length;
  if (width <= 0) return true;
  const templates: (readonly [number, number])[] = [];
  find(context, attempt.block, (each) => {
    if (each.type === "TemplateLiteral") templates.push(each.range);
    return undefined;
  });
  const isFixed = (at: number) =>
    [...templates, ...call ? [call.range] : []].some(([from, to]) =>
      at > from && at < to
    );
  for (
    let at = text.indexOf("\n", first.range[0]);
    at >= 0 && at < last.range[1];
    at = text.indexOf("\n", at + 1)
  ) {
    const white = /^[ \t]*/.exec(text.slice(at + 1))?.[0].length ?? 0;
    if (isFixed(at) || white < width) continue;
    draft.replaceRange([at + 1, at + 1 + width], "");
  }
  return true;
}
