/** Functions that do nothing but sleep, step by step. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getKeyName,
  getLastName,
  getMethodCall,
  getString,
  isFunction,
  isFunctionExpression,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { isGlobal } from "../semantics/names/variables.ts";
import {
  bodyOf,
  getHelpers,
  getRejected,
  getResult,
  isAbortError,
  isPlainMember,
} from "./sleep_parts.ts";
import { isSetTimeout } from "./timer.ts";

/** What such a function sleeps for, and whose abort it listens to. */
export interface HandMadeSleep {
  readonly ms: ES.Node;
  /** How the function writes the signal, without `?` and `!`. */
  readonly signal?: ES.Node | undefined;
}

/** Says why a function isn't one. */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
}

/**
 * What the function sleeps for; undefined if it isn't about a timer.
 *
 * @throws {NotUnderstood} if it does more than sleeping
 */
export function readSleep(
  context: RuleContext,
  target: FunctionNode,
): HandMadeSleep | undefined {
  return new Reader(context).read(target);
}

/** Reads a function; each statement must be one of those that a sleep has. */
class Reader {
  readonly #context: RuleContext;
  #ms: ES.Node | undefined;
  #signal: ES.Node | undefined;
  #resolve: string | undefined;
  #reject: string | undefined;
  /** Whether a handler that was read rejects. */
  #rejects = false;
  #listens = false;
  /** Functions inside of it, by name: they are read where they are called. */
  #helpers: ReadonlyMap<string, FunctionNode> = new Map();
  /** Those that are being read. */
  readonly #open = new Set<FunctionNode>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  read(target: FunctionNode): HandMadeSleep | undefined {
    const statements = target.body?.type === "BlockStatement"
      ? target.body.body
      : [];
    const result = target.body?.type === "BlockStatement"
      ? getResult(statements.at(-1))
      : unwrap(target.body);
    const waited = result?.type === "AwaitExpression"
      ? unwrap(result.argument)
      : result;
    if (
      waited?.type !== "NewExpression" ||
      !isGlobal(this.#context, waited.callee, "Promise")
    ) return undefined;
    const executor = unwrap(waited.arguments[0]);
    if (!isFunctionExpression(executor) || executor.async) return undefined;
    const text = this.#context.sourceCode.getText(executor);
    if (!/\bsetTimeout\(/.test(text)) return undefined;
    for (const each of statements.slice(0, -1)) this.#readDoor(each);
    const [resolve, reject] = executor.params.map((each) =>
      each.type === "Identifier" ? each.name : undefined
    );
    this.#resolve = resolve;
    this.#reject = reject;
    if (executor.body.type === "BlockStatement") {
      this.#helpers = getHelpers(executor.body.body);
      for (const each of executor.body.body) this.#readSetup(each);
    } else this.#readExpression(executor.body);
    if (!this.#ms) return undefined;
    if (this.#signal && !this.#listens) {
      throw new NotUnderstood("it doesn't reject when it is aborted");
    }
    return { ms: this.#ms, signal: this.#signal };
  }

  /** Before the promise: `signal?.throwIfAborted()`. */
  #readDoor(statement: ES.Statement): void {
    if (statement.type === "ExpressionStatement") {
      return this.#readAborted(statement.expression);
    }
    if (statement.type === "IfStatement" && !statement.alternate) {
      this.#readAbortedTest(statement.test);
      const [only, more] = bodyOf(statement.consequent);
      const thrown = only?.type === "ThrowStatement"
        ? only.argument
        : only?.type === "ReturnStatement"
        ? getRejected(only.argument)
        : undefined;
      if (thrown && !more) return this.#checkError(thrown);
    }
    throw this.#unknown(statement);
  }

  #readAborted(expression: ES.Expression): void {
    const method = getMethodCall(expression);
    if (method?.name !== "throwIfAborted") throw this.#unknown(expression);
    this.#setSignal(method.object);
  }

  /** `signal.aborted`, with or without a look whether there is one. */
  #readAbortedTest(test: ES.Expression): void {
    const inner = unwrap(test);
    if (inner.type === "LogicalExpression" && inner.operator === "&&") {
      this.#setSignal(inner.left);
      return this.#readAbortedTest(inner.right);
    }
    if (
      inner.type === "MemberExpression" &&
      getKeyName(inner.property, inner.computed) === "aborted"
    ) return this.#setSignal(inner.object);
    throw this.#unknown(test);
  }

  /** In the executor. */
  #readSetup(statement: ES.Statement): void {
    switch (statement.type) {
      case "VariableDeclaration":
        for (const each of statement.declarations) this.#readDeclarator(each);
        return;
      case "FunctionDeclaration":
        return;
      case "ExpressionStatement":
        return this.#readExpression(statement.expression);
      case "IfStatement":
        return this.#readIf(statement);
      default:
        throw this.#unknown(statement);
    }
  }

  #readDeclarator({ id, init }: ES.VariableDeclarator): void {
    const value = unwrap(init);
    if (id.type !== "Identifier") throw this.#unknown(id);
    if (!value) return;
    if (!isFunction(value)) this.#readTimer(value);
  }

  #readIf({ test, consequent, alternate }: ES.IfStatement): void {
    if (alternate) throw this.#unknown(alternate);
    const inner = unwrap(test);
    const isSignal = inner.type === "Identifier" ||
      inner.type === "MemberExpression" &&
        getKeyName(inner.property, inner.computed) !== "aborted";
    if (isSignal) {
      this.#setSignal(inner);
      for (const each of bodyOf(consequent)) this.#readSetup(each);
      return;
    }
    this.#readAbortedTest(test);
    for (const each of bodyOf(consequent)) {
      const value = each.type === "ReturnStatement"
        ? each.argument
        : each.type === "ExpressionStatement"
        ? each.expression
        : undefined;
      if (value === undefined) throw this.#unknown(each);
      if (value) this.#readStep(value, "abort");
    }
  }

  /** A call in the executor. */
  #readExpression(expression: ES.Expression): void {
    const inner = unwrap(expression);
    if (inner.type === "AssignmentExpression") {
      const { left, right } = inner;
      if (left.type !== "Identifier") throw this.#unknown(inner);
      return this.#readTimer(unwrap(right));
    }
    const method = getMethodCall(inner);
    if (method?.name === "addEventListener") {
      const [type, handler] = method.call.arguments;
      if (getString(type) !== "abort") throw this.#unknown(inner);
      this.#setSignal(method.object);
      this.#readHandler(handler, "abort");
      if (!this.#rejects) {
        throw new NotUnderstood("it never ends when it is aborted");
      }
      this.#listens = true;
      return;
    }
    this.#readTimer(inner);
  }

  #readTimer(value: ES.Node): void {
    if (
      value.type !== "CallExpression" || !isSetTimeout(this.#context, value) ||
      this.#ms
    ) throw this.#unknown(value);
    const [callback, ms, more] = value.arguments;
    if (!ms || more || ms.type === "SpreadElement") throw this.#unknown(value);
    this.#ms = ms;
    this.#readHandler(callback, "time");
  }

  #readHandler(handler: Maybe<ES.Node>, on: "abort" | "time"): void {
    const inner = unwrap(handler);
    if (inner?.type === "Identifier") {
      if (on === "time" && inner.name === this.#resolve) return;
      const helper = this.#helpers.get(inner.name);
      if (helper) return this.#readHandler(helper, on);
    }
    if (!isFunction(inner) || inner.async) {
      throw this.#unknown(handler ?? undefined);
    }
    const steps = inner.body?.type === "BlockStatement"
      ? inner.body.body.map((each) =>
        each.type === "ExpressionStatement" ? each.expression : undefined
      )
      : [inner.body ?? undefined];
    for (const each of steps) {
      if (!each) throw this.#unknown(inner);
      this.#readStep(each, on);
    }
  }

  /** In a handler: it settles the promise, or tidies up. */
  #readStep(step: ES.Expression, on: "abort" | "time"): void {
    const call = unwrap(step);
    if (call.type !== "CallExpression") throw this.#unknown(step);
    const callee = unwrap(call.callee);
    const [first] = call.arguments;
    if (getLastName(callee) === "removeEventListener") return;
    if (callee.type !== "Identifier") throw this.#unknown(step);
    if (callee.name === "clearTimeout") return;
    if (callee.name === this.#resolve) {
      if (on === "time" && !first) return;
      throw new NotUnderstood(
        on === "abort"
          ? "it resolves when it is aborted"
          : "it resolves with a value",
      );
    }
    if (callee.name === this.#reject && on === "abort") {
      this.#rejects = true;
      if (first) this.#checkError(first);
      return;
    }
    const helper = this.#helpers.get(callee.name);
    if (!helper || this.#open.has(helper)) throw this.#unknown(step);
    this.#open.add(helper);
    this.#readHandler(helper, on);
    this.#open.delete(helper);
  }

  /** What it rejects with, which becomes the reason of the signal. */
  #checkError(error: ES.Node): void {
    if (isAbortError(error)) return;
    throw new NotUnderstood("what it rejects with means something of its own");
  }

  #setSignal(node: ES.Node): void {
    const { sourceCode } = this.#context;
    const inner = unwrap(node);
    const text = (each: ES.Node) =>
      sourceCode.getText(each).replace(/[?!]/g, "");
    if (
      inner.type !== "Identifier" && !isPlainMember(inner) ||
      this.#signal && text(this.#signal) !== text(inner)
    ) throw this.#unknown(node);
    // One with `?.` says that something may be missing.
    const isOptional = sourceCode.getText(inner).includes("?");
    if (!this.#signal || isOptional) this.#signal = inner;
  }

  #unknown(node: ES.Node | undefined): NotUnderstood {
    const text = node && this.#context.sourceCode.getText(node).split("\n")[0];
    return new NotUnderstood(
      text ? `it does more: \`${text}\`` : "it does more than that",
    );
  }
}
