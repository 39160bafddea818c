/** Calls that tell waiters that something is complete, or give something back. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getMethodCall,
  getProgram,
  getProperty,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { find } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import {
  getOnlyDefinition,
  getVariable,
} from "../../semantics/names/variables.ts";

/** A call such as `done.set()`, `lock.release()` or `release()`. */
export interface Signalling {
  readonly call: ES.CallExpression;
  /** What is signalled: `done`, `this.#lock`, `release`. */
  readonly subject: ES.Expression;
  /** The subject as a text, equal for all calls on the same one. */
  readonly key: string;
}

const METHODS =
  /^(?:resolve|notify|notifyAll|release|releaseLock|unlock|done|countDown|complete)$/;
const BARE = /^(?:release|unlock|done)$/;
// Whole words of a name, in any inflection: `completed`, `locks`.
const WORDS =
  /^(?:done|complete[ds]?|completion|finish(?:ed|es)?|ready|idle|deferreds?|latch(?:es)?|barriers?|lock(?:ed|s)?|mutex(?:es)?|semaphores?|sem|permits?|gates?|readers?|writers?|releaser?|leases?)$/;
const MAKERS = /^(?:withResolvers|deferred|getReader|getWriter)$/;
const GIVES_UP = /^(?:reject|fail|error|abort|cancel|throw|close|destroy|set)$/;

/** Methods by which an owner gives up on all that wait for parts of it. */
const GIVES_ALL_UP = /^(?:reject|fail)(?:[A-Z]\w*)?$/;

/** The signalling call that the node is, if it is one. */
export function getSignalling(
  context: RuleContext,
  node: Maybe<ES.Node>,
): Signalling | undefined {
  const call = unwrap(node);
  if (call?.type !== "CallExpression") return undefined;
  const callee = unwrap(call.callee);
  if (callee.type === "Identifier") {
    return BARE.test(callee.name) && isFromCall(context, callee)
      ? { call, subject: callee, key: callee.name }
      : undefined;
  }
  const method = getMethodCall(call);
  if (!method) return undefined;
  const subject = unwrap(method.object) as ES.Expression;
  const isSignal = method.name === "set"
    ? call.arguments.length === 0 &&
      (isNamedForCompletion(subject) || isCompletionEvent(context, subject))
    : METHODS.test(method.name) &&
      (isNamedForCompletion(subject) || isMadeForIt(context, subject));
  return isSignal
    ? { call, subject, key: getSubjectKey(context, subject) }
    : undefined;
}

/** Whether the node signals the subject, or tells its waiters of a failure. */
export function isSettling(
  context: RuleContext,
  node: ES.Node,
  key: string,
): boolean {
  if (node.type !== "CallExpression") return false;
  const callee = unwrap(node.callee);
  if (callee.type === "Identifier") return callee.name === key;
  const method = getMethodCall(node);
  if (!method) return false;
  const owner = getSubjectKey(context, method.object);
  return owner === key
    ? METHODS.test(method.name) || GIVES_UP.test(method.name)
    : key.startsWith(`${owner}.`) && GIVES_ALL_UP.test(method.name);
}

/** Whether the call gives the subject to somebody who may signal it. */
export function isHandingOn(
  context: RuleContext,
  node: ES.Node,
  key: string,
): boolean {
  return node.type === "CallExpression" &&
    node.arguments.some((each) => getSubjectKey(context, each) === key);
}

/** The text of the subject without `?.` and `!`. */
export function getSubjectKey(context: RuleContext, node: ES.Node): string {
  return context.sourceCode.getText(unwrap(node)).replace(/\?(?=\.)|!/g, "");
}

function isNamedForCompletion(subject: ES.Node): boolean {
  const words = (getLastName(subject) ?? "")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase().split(/[_\d]+/);
  return words.some((word) => WORDS.test(word));
}

/** `const d = Promise.withResolvers()`, `const r = stream.getReader()`. */
function isMadeForIt(context: RuleContext, subject: ES.Node): boolean {
  if (subject.type !== "Identifier") return false;
  const init = unwrap(getDeclarator(getVariable(context, subject))?.init);
  return init?.type === "CallExpression" &&
    MAKERS.test(getLastName(init.callee) ?? "");
}

/** `const release = await lock.acquire()`. */
function isFromCall(context: RuleContext, callee: ES.Identifier): boolean {
  let init = unwrap(getDeclarator(getVariable(context, callee))?.init);
  if (init?.type === "AwaitExpression") init = unwrap(init.argument);
  return init?.type === "CallExpression";
}

/** The declarator of a local variable, whatever its pattern is. */
export function getDeclarator(
  variable: Maybe<Variable>,
): ES.VariableDeclarator | undefined {
  const definition = getOnlyDefinition(variable);
  return definition?.type === "Variable"
    ? definition.node as ES.VariableDeclarator
    : undefined;
}

const completionEvents = new WeakMap<object, Set<string>>();

/** Whether the file passes the subject as somebody's `completionEvent`. */
function isCompletionEvent(context: RuleContext, subject: ES.Node): boolean {
  let keys = completionEvents.get(context.sourceCode);
  if (!keys) {
    completionEvents.set(context.sourceCode, keys = new Set());
    if (context.sourceCode.getText().includes("completionEvent")) {
      collectCompletionEvents(context, getProgram(subject), keys);
    }
  }
  return keys.has(getSubjectKey(context, subject));
}

function collectCompletionEvents(
  context: RuleContext,
  program: ES.Program,
  keys: Set<string>,
): void {
  find(context, program, (each) => {
    if (each.type !== "ObjectExpression") return undefined;
    const value = getProperty(each, "completionEvent")?.value;
    if (value) keys.add(getSubjectKey(context, value));
    return undefined;
  });
}
