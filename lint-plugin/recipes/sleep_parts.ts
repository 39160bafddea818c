/** Parts of a hand-written sleep that are known by themselves. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getLastName,
  isFunction,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";

/** `options.signal`, `this.signal`. */
export function isPlainMember(node: ES.Node): boolean {
  return node.type === "MemberExpression" && !node.computed &&
    (unwrap(node.object).type === "Identifier" ||
      unwrap(node.object).type === "ThisExpression");
}

/** The statements of a branch. */
export function bodyOf(statement: ES.Statement): readonly ES.Statement[] {
  return statement.type === "BlockStatement" ? statement.body : [statement];
}

/** What the last statement returns or awaits. */
export function getResult(statement: ES.Statement | undefined): Maybe<ES.Node> {
  if (statement?.type === "ReturnStatement") return unwrap(statement.argument);
  return statement?.type === "ExpressionStatement" &&
      statement.expression.type === "AwaitExpression"
    ? statement.expression
    : undefined;
}

/** What `Promise.reject()` is given. */
export function getRejected(value: Maybe<ES.Node>): Maybe<ES.Node> {
  const call = unwrap(value);
  return call?.type === "CallExpression" &&
      isMemberOf(call.callee, "Promise", "reject")
    ? call.arguments[0]
    : undefined;
}

/** Whether an error only says that something was aborted. */
export function isAbortError(error: ES.Node): boolean {
  const inner = unwrap(error);
  if (inner.type === "LogicalExpression") return isAbortError(inner.left);
  if (inner.type === "MemberExpression") {
    return getKeyName(inner.property, inner.computed) === "reason";
  }
  return (inner.type === "NewExpression" || inner.type === "CallExpression") &&
    /^(?:Error|DOMException)$|Abort|Cancel/.test(
      getLastName(inner.callee) ?? "",
    );
}

/** The functions that the statements declare, by name. */
export function getHelpers(
  statements: readonly ES.Statement[],
): Map<string, FunctionNode> {
  const helpers = new Map<string, FunctionNode>();
  for (const each of statements) {
    if (each.type === "FunctionDeclaration" && each.id) {
      helpers.set(each.id.name, each);
    }
    if (each.type !== "VariableDeclaration") continue;
    for (const { id, init } of each.declarations) {
      const value = unwrap(init);
      if (id.type === "Identifier" && isFunction(value)) {
        helpers.set(id.name, value);
      }
    }
  }
  return helpers;
}
