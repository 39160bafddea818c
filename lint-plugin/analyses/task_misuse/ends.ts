/** Tasks whose end nobody waits for, or that wait for themselves. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getMethodCall,
  getPropertyName,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import {
  getFunction,
  getInitialiser,
  getReads,
  getVariable,
} from "../../semantics/names/variables.ts";
import { getBehaviour } from "../../semantics/tasks/api.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";

const FACTS =
  /^(?:cancel|id|name|status|done|cancelled|cancelRequested|signal|parent|reason)$/;

/**
 * The task that the statement cancels, if its function made it and nothing ever
 * waits for it: all that happens to it is `cancel()`, or a look at it.
 */
export function getUnwaitedTask(
  context: RuleContext,
  statement: ES.ExpressionStatement,
): ES.Identifier | undefined {
  const method = getMethodCall(statement.expression);
  const task = method && unwrap(method.object);
  if (method?.name !== "cancel" || task?.type !== "Identifier") {
    return undefined;
  }
  const variable = getVariable(context, task);
  const made = unwrap(getInitialiser(variable));
  if (
    !variable || !/^(?:createTask|Task\.from)$/.test(
      getMdcCall(context, made) ?? "",
    )
  ) return undefined;
  const isNear = getEnclosingFunction(variable.defs[0]?.name as ES.Node) ===
    getEnclosingFunction(statement);
  return isNear && getReads(variable).every(isLook) ? task : undefined;
}

function isLook(use: ES.Identifier): boolean {
  const value = outermost(use);
  const { parent } = value;
  return parent?.type === "MemberExpression" && parent.object === value &&
    FACTS.test(getPropertyName(parent) ?? "");
}

/** The name of the task that the body of that task awaits. */
export function getAwaitedSelf(
  context: RuleContext,
  { argument }: ES.AwaitExpression,
): string | undefined {
  const awaited = unwrap(argument);
  if (getMdcCall(context, awaited) === "currentTask") {
    return context.sourceCode.getText(awaited);
  }
  if (awaited.type !== "Identifier") return undefined;
  const made = unwrap(getInitialiser(getVariable(context, awaited)));
  if (made?.type !== "CallExpression") return undefined;
  const behaviour = getBehaviour(getMdcCall(context, made));
  if (behaviour?.makes !== "task" || behaviour.body === undefined) {
    return undefined;
  }
  const body = getFunction(context, made.arguments[behaviour.body]);
  return body && getEnclosingFunction(awaited) === body
    ? awaited.name
    : undefined;
}
