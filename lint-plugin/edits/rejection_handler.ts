/** The edit that gives a promise a rejection handler. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getIndent,
  getMethodCall,
  isNullish,
  outermost,
} from "../syntax/nodes.ts";
import type { RuleContext, Verdict } from "../host/rule.ts";
import type { KnownPromise } from "../semantics/promises/known.ts";
import { getIndentUnit } from "./blocks.ts";
import { review, safe } from "./risk.ts";

/** What is written in place of the promise, and how risky that is. */
export interface HandlerEdit {
  readonly output: string;
  readonly verdict: Verdict;
  /** Whether the value has a `catch`, as far as is known. */
  readonly exists: boolean;
}

/**
 * Appends a handler that prints the error; `.catch()` without one is filled. In
 * the code of a module, where a failure would end the program, it keeps the
 * exit code.
 */
export function getHandlerEdit(
  context: RuleContext,
  promise: KnownPromise,
  whole: string,
): HandlerEdit {
  const { node, isArray } = promise;
  const file = context.sourceCode.getText();
  const isOutside = getEnclosingFunction(node) === undefined;
  const exit = isOutside ? getExitCode(file) : undefined;
  const indent = getIndent(context, node);
  const inner = indent + getIndentUnit(context);
  const handler = exit
    ? `(error) => {\n${inner}console.error(error);\n${inner}${exit} = 1;\n${indent}}`
    : "console.error";
  const exists = isArray === true ||
    context.types?.hasCatch(node) !== false;
  return {
    output: `${
      isArray ? whole : withoutEmpty(context, node)
    }.catch(${handler})`,
    verdict: judge(promise, { isOutside, keepsExitCode: !!exit, exists }),
    exists,
  };
}

/** The chain without the `.catch()` that it ends with. */
function withoutEmpty(context: RuleContext, node: ES.Node): string {
  const method = getMethodCall(node);
  const [first] = method?.call.arguments ?? [];
  return method?.name === "catch" && (!first || isNullish(first)) &&
      !context.sourceCode.getText(node).includes("?.catch")
    ? context.sourceCode.getText(method.object)
    : context.sourceCode.getText(node);
}

/** Where the program keeps its exit code; undefined if that can't be told. */
function getExitCode(file: string): string | undefined {
  if (/\bDeno\./.test(file)) return "Deno.exitCode";
  return /\bprocess\.|\bBuffer\b|["']node:|\brequire\(|^#!.*\bnode/.test(file)
    ? "process.exitCode"
    : undefined;
}

function judge(
  { node }: KnownPromise,
  { isOutside, keepsExitCode, exists }: {
    readonly isOutside: boolean;
    readonly keepsExitCode: boolean;
    readonly exists: boolean;
  },
): Verdict {
  const { parent } = outermost(node);
  if (parent?.type === "VariableDeclarator" && parent.id.typeAnnotation) {
    return review("the variable's type may not allow it");
  }
  if (isOutside && !keepsExitCode) {
    return review("a failure would no longer end the program");
  }
  if (!exists) {
    return review("what is thenable needn't have `catch`");
  }
  return safe(
    keepsExitCode
      ? "a failure is printed and the exit code stays 1"
      : "nothing waits for it, and a failure is printed",
  );
}
