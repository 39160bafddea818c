/** The edit that moves a call into the `finally` of what comes before it. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  type FunctionNode,
  getIndent,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { some } from "../syntax/walk.ts";
import type { Fix, RuleContext } from "../host/rule.ts";
import { getIndentUnit, indentLines } from "./blocks.ts";
import { getAcquisitionEnd } from "../analyses/completion/owed.ts";
import { getSubjectKey } from "../analyses/completion/calls.ts";

/**
 * Wraps the statements between the acquisition and the call in `try`. Undefined
 * where that would hide a variable from its later uses.
 */
export function wrapInFinally(
  context: RuleContext,
  home: FunctionNode,
  call: ES.CallExpression,
  risk: ES.Node,
): Fix | undefined {
  const last = getOwnStatement(call);
  const block = last?.parent;
  if (!last || block?.type !== "BlockStatement") return undefined;
  const callee = unwrap(call.callee);
  const subject = callee.type === "MemberExpression" ? callee.object : callee;
  const key = getSubjectKey(context, subject);
  const start = getAcquisitionEnd(context, home, call, key) ?? 0;
  const region = block.body.filter((each) =>
    each.range[0] >= start && each.range[1] <= last.range[0]
  );
  const [first] = region;
  const end = region.at(-1);
  if (!first || !end || !region.some((each) => contains(each, risk))) {
    return undefined;
  }
  if (hidesVariables(context, region, end)) return undefined;
  const indent = getIndent(context, first);
  const inner = indent + getIndentUnit(context);
  return (fixer) => [
    fixer.insertTextBefore(first, `try {\n${inner}`),
    ...indentLines(context, fixer, [first.range[0], last.range[1]], block),
    fixer.insertTextAfter(end, `\n${indent}} finally {`),
    fixer.insertTextAfter(last, `\n${indent}}`),
  ];
}

/** The statement that is nothing but the call, awaited or not. */
function getOwnStatement(call: ES.CallExpression): ES.Node | undefined {
  let node = outermost(call);
  if (node.parent?.type === "AwaitExpression") node = outermost(node.parent);
  const { parent } = node;
  return parent?.type === "ExpressionStatement" ? parent : undefined;
}

/** Whether something declared in the region is used after it. */
function hidesVariables(
  context: RuleContext,
  region: readonly ES.Node[],
  end: ES.Node,
): boolean {
  return region.some((statement) =>
    some(context, statement, (each) => {
      const declares = each.type === "VariableDeclaration" ||
        each.type === "FunctionDeclaration" || each.type === "ClassDeclaration";
      if (!declares) return undefined;
      return context.sourceCode.getDeclaredVariables(each).some((variable) =>
        variable.references.some((use) =>
          use.identifier.range[0] > end.range[1]
        )
      );
    })
  );
}
