/** The edit that gives a promise a rejection handler. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getMethodCall,
  getProgram,
  isNullish,
  outermost,
} from "../syntax/nodes.ts";
import type { RuleContext, Verdict } from "../host/rule.ts";
import { isInTest } from "../syntax/test_callbacks.ts";
import { getLineStart, oncePerFile } from "../syntax/text.ts";
import { some } from "../syntax/walk.ts";
import type { KnownPromise } from "../semantics/promises/known.ts";
import { endStatement, getIndentUnit } from "./blocks.ts";
import { findStall } from "./left_waiting.ts";
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
 * the code of a module, where a failure would end the program with 1, it still
 * does.
 */
export function getHandlerEdit(
  context: RuleContext,
  promise: KnownPromise,
  whole: string,
): HandlerEdit {
  const { node, isArray } = promise;
  const isOutside = getEnclosingFunction(node) === undefined;
  const exit = isOutside ? getExit(context) : undefined;
  const exists = isArray === true ||
    context.types?.hasCatch(node) !== false;
  const handler = exit ? writeExit(context, node, exit) : "console.error";
  return {
    output: (isArray ? undefined : fill(context, node, handler)) ??
      `${whole}.catch(${handler})`,
    verdict: judge(context, promise, { isOutside, exits: !!exit, exists }),
    exists,
  };
}

function writeExit(context: RuleContext, node: ES.Node, exit: string): string {
  const indent = getEndIndent(context, node);
  const inner = indent + getIndentUnit(context);
  const print = endStatement(context, "console.error(error);");
  const end = endStatement(context, `${exit}(1);`);
  // Where the promise is `any`, the parameter would be so without a word.
  const error = isTyped(context, getProgram(node)) ? "error: unknown" : "error";
  return `(${error}) => {\n${inner}${print}\n${inner}${end}\n${indent}}`;
}

const typed = new WeakMap<ES.Program, boolean>();

/** Whether the file has types. */
function isTyped(context: RuleContext, program: ES.Program): boolean {
  let answer = typed.get(program);
  if (answer === undefined) {
    answer = program.body.some((statement) =>
      statement.type.startsWith("TS") ||
      some(context, statement, hasType)
    );
    typed.set(program, answer);
  }
  return answer;
}

function hasType(node: ES.Node): boolean | undefined {
  return node.type.startsWith("TS") ||
    "typeAnnotation" in node && !!node.typeAnnotation ||
    "returnType" in node && !!node.returnType ||
    "typeArguments" in node && !!node.typeArguments ||
    "importKind" in node && node.importKind === "type" || undefined;
}

/** The white space of the line on which the node ends. */
function getEndIndent(context: RuleContext, node: ES.Node): string {
  const text = context.sourceCode.getText();
  const start = getLineStart(text, node.range[1]);
  return /^[ \t]*/.exec(text.slice(start, node.range[1]))?.[0] ?? "";
}

/** The chain with a handler in the `.catch()` that it ends with. */
function fill(
  context: RuleContext,
  node: ES.Node,
  handler: string,
): string | undefined {
  const method = getMethodCall(node);
  const [first] = method?.call.arguments ?? [];
  if (
    method?.name !== "catch" || first && !isNullish(first) ||
    context.sourceCode.getText(node).includes("?.catch")
  ) return undefined;
  const text = context.sourceCode.getText(node);
  return `${text.slice(0, text.lastIndexOf("("))}(${handler})`;
}

/** How a failure ends the program; undefined if that can't be told. */
const getExit = oncePerFile((context): string | undefined => {
  const file = context.sourceCode.getText();
  if (/\bDeno\./.test(file)) return "Deno.exit";
  return /\bprocess\.|\bBuffer\b|["']node:|\brequire\(|^#!.*\bnode/.test(file)
    ? "process.exit"
    : undefined;
});

function judge(
  context: RuleContext,
  promise: KnownPromise,
  { isOutside, exits, exists }: {
    readonly isOutside: boolean;
    readonly exits: boolean;
    readonly exists: boolean;
  },
): Verdict {
  const { node } = promise;
  const { parent } = outermost(node);
  if (parent?.type === "VariableDeclarator" && parent.id.typeAnnotation) {
    return review("the variable's type may not allow it");
  }
  if (isOutside && !exits) {
    return review("a failure would no longer end the program");
  }
  if (!exists || isAskedForThen(context, node)) {
    return review("what is thenable needn't have `catch`");
  }
  if (isInTest(node)) return review("a failure would no longer fail the test");
  if (exitsAfter(context, node)) {
    return review("after a failure the program would go on");
  }
  if (hasOwnHandler(context)) {
    return review("the program has a handler of its own for such failures");
  }
  if (forbidsConsole(context)) {
    return review("the project's own lint forbids `console`");
  }
  const stall = exits ? undefined : findStall(context, promise);
  if (stall !== undefined) return review(stall);
  return safe(
    exits
      ? "a failure is printed and still ends the program with 1"
      : "nothing waits for it, and a failure is printed",
  );
}

/** What the code mod has found out about the project. */
function forbidsConsole(context: RuleContext): boolean {
  const found = context.settings?.["mdc-codemod"] as
    | { readonly forbidsConsole?: boolean }
    | undefined;
  return found?.forbidsConsole === true;
}

/** `process.on("unhandledRejection", …)` and the like. */
const hasOwnHandler = oncePerFile((context): boolean =>
  /["'](?:unhandledRejection|unhandledrejection|uncaughtException)["']/
    .test(context.sourceCode.getText())
);

/** `typeof x.then === "function"`: then `x.then(…)` may be no promise. */
function isAskedForThen(context: RuleContext, node: ES.Node): boolean {
  const method = getMethodCall(node);
  if (method?.name !== "then") return false;
  const { object } = method;
  return /^[\w$.?#]+$/.test(context.sourceCode.getText(object)) &&
    getAskedForThen(context).has(
      context.sourceCode.getText(object).replaceAll("?", ""),
    );
}

/** What the file asks for a method `then`. */
const getAskedForThen = oncePerFile((context): ReadonlySet<string> => {
  const asked = context.sourceCode.getText()
    .matchAll(/\btypeof\s+([\w$.?#]+)\.then\b/g);
  return new Set([...asked].map(([, text = ""]) => text.replaceAll("?", "")));
});

/** `.then(() => process.exit(0))`: what fails before used to end it as well. */
function exitsAfter(context: RuleContext, node: ES.Node): boolean {
  for (
    let method = getMethodCall(node);
    method && /^(?:then|catch|finally)$/.test(method.name);
    method = getMethodCall(method.object)
  ) {
    const isExit = method.name === "then" &&
      method.call.arguments.some((each) =>
        some(context, each, (inner) =>
          inner.type === "CallExpression" &&
          /^(?:process|Deno)\.(?:exit|kill)$/.test(
            context.sourceCode.getText(inner.callee),
          ))
      );
    if (isExit) return true;
  }
  return false;
}
