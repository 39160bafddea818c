/** The try statements of a function around a node. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isFunction, isMemberOf, type Maybe, unwrap } from "./nodes.ts";

/** A try statement, and which of its parts contains the node. */
interface Around {
  readonly attempt: ES.TryStatement;
  readonly part: "block" | "handler" | "finalizer";
}

/** The tries around the node, from inside to outside, up to its function. */
function getTriesAround(node: ES.Node): Around[] {
  const tries: Around[] = [];
  let inner = node;
  while (inner.parent && !isFunction(inner.parent)) {
    const { parent } = inner;
    if (parent.type === "TryStatement") {
      const part = parent.block === inner
        ? "block"
        : parent.handler === inner
        ? "handler"
        : "finalizer";
      tries.push({ attempt: parent, part });
    }
    inner = parent;
  }
  return tries;
}

/** The handlers that catch what is thrown at the node. */
export function getCatchClauses(node: ES.Node): ES.CatchClause[] {
  return getTriesAround(node).flatMap(({ attempt, part }) =>
    part === "block" && attempt.handler ? [attempt.handler] : []
  );
}

/** Whether a `finally` runs when the node leaves its try or catch. */
export function runsFinally(node: ES.Node): boolean {
  return getTriesAround(node).some(({ attempt, part }) =>
    part !== "finalizer" && attempt.finalizer
  );
}

/** Whether the handler does nothing but throw its own error on. */
export function onlyRethrows({ param, body }: ES.CatchClause): boolean {
  const error = getErrorName(param);
  const [only, ...more] = body.body;
  if (error === undefined || more.length > 0) return false;
  const thrown = only?.type === "ThrowStatement"
    ? unwrap(only.argument)
    : only?.type === "ReturnStatement"
    ? getRejected(unwrap(only.argument))
    : undefined;
  return thrown?.type === "Identifier" && thrown.name === error;
}

function getRejected(value: ES.Node | null | undefined): ES.Node | undefined {
  return value?.type === "CallExpression" &&
      isMemberOf(value.callee, "Promise", "reject")
    ? value.arguments[0]
    : undefined;
}

/** The name of the caught error. */
export function getErrorName(parameter: Maybe<ES.Node>): string | undefined {
  return parameter?.type === "Identifier" ? parameter.name : undefined;
}
