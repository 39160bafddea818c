/** The edits that make a registration look at `aborted` as well. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  getStatement,
  isFunction,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../syntax/walk.ts";
import type { Fix, RuleContext, Suggestion, Verdict } from "../host/rule.ts";
import { isExecutor } from "../syntax/executors.ts";
import { isOptional } from "../semantics/signals/optionality.ts";
import type { Registration } from "../semantics/signals/listeners.ts";
import {
  getFunction,
  getVariable,
  lookUp,
} from "../semantics/names/variables.ts";
import { review, safe } from "./risk.ts";
import { insertBefore, insertFirst } from "./statements.ts";

/** What fits the place: reject, run the listener, or throw. */
export function suggestCheck(
  context: RuleContext,
  registration: Registration,
): Suggestion[] {
  const { node, signal } = registration;
  const text = context.sourceCode.getText(signal);
  const dot = isOptional(context, signal) || isGuarded(context, node, text)
    ? "?."
    : ".";
  const scene: Scene = { context, registration, text, dot };
  const home = getEnclosingFunction(node);
  const executor = home && isExecutor(home) ? home : undefined;
  const reject = executor?.params[1];
  return [
    ...reject?.type === "Identifier" && executor
      ? suggestReject(scene, executor, reject.name)
      : [],
    ...suggestHandler(scene, home),
    // In an executor it would reject what the code never rejects.
    ...executor ? [] : suggestThrow(scene, home),
  ];
}

interface Scene {
  readonly context: RuleContext;
  readonly registration: Registration;
  /** The signal as the code writes it. */
  readonly text: string;
  readonly dot: "." | "?.";
}

/** First in the executor, where nothing is armed or acquired yet. */
function suggestReject(
  { context, registration, text, dot }: Scene,
  executor: FunctionNode,
  reject: string,
): Suggestion[] {
  const { node, signal, handler } = registration;
  const check = `if (${text}${dot}aborted) return ${reject}(${text}.reason);`;
  const { body } = executor;
  const [first] = body?.type === "BlockStatement" ? body.body : [];
  const isFirst = first !== undefined && isKnownAt(context, signal, first);
  const fix: Fix | undefined = isFirst && body?.type === "BlockStatement"
    ? (fixer) => insertFirst(context, fixer, body, check)
    : insertBefore(context, node, check);
  if (!fix) return [];
  const isSame = isRejectedWith(context, handler, reject, `${text}.reason`);
  return [{
    messageId: "rejectIfAborted",
    data: { signal: text },
    ...!isFirst
      ? review("what the executor has begun before has to be ended")
      : isSame
      ? safe("the listener does the same when it is called")
      : review("the listener ends the promise in another way"),
    fix,
  }];
}

/** Whether the listener does nothing but reject with the reason, and clear. */
function isRejectedWith(
  context: RuleContext,
  handler: Maybe<ES.Node>,
  reject: string,
  reason: string,
): boolean {
  const known = handler ? getFunction(context, handler) : undefined;
  if (!known) return false;
  let rejects = false;
  const other = findInFlow(context, known.body, (each) => {
    if (each.type !== "CallExpression") return undefined;
    const name = getLastName(each.callee) ?? "";
    if (/^(?:clear(?:Timeout|Interval)|removeEventListener)$/.test(name)) {
      return undefined;
    }
    const [given, more] = each.arguments;
    const text = given && context.sourceCode.getText(given);
    const isReason = name === reject && !more &&
      text?.replace(/[?!]/g, "") === reason;
    rejects ||= isReason;
    return !isReason || undefined;
  });
  return rejects && !other;
}

/** `if (signal.aborted) stop(); else signal.addEventListener("abort", stop);` */
function suggestHandler(
  { context, registration, text, dot }: Scene,
  home: FunctionNode | undefined,
): Suggestion[] {
  const { node, handler } = registration;
  const name = unwrap(handler);
  if (name?.type !== "Identifier") return [];
  const known = getFunction(context, name);
  const definition = getVariable(context, name)?.defs[0];
  const statement = getStatement(node);
  if (
    !known || known.params.length > 0 || !definition || !statement ||
    statement.type !== "ExpressionStatement"
  ) return [];
  const isDeclared = definition.type === "FunctionName" ||
    definition.node.range[1] <= node.range[0];
  if (!isDeclared) return [];
  const isLast = home?.body?.type === "BlockStatement" &&
    home.body.body.at(-1) === statement;
  return [{
    messageId: "runHandler",
    data: { handler: name.name, signal: text },
    ...isLast
      ? safe("it is what happens when the signal is aborted a moment later")
      : review("what follows goes on after the listener has run"),
    fix: (fixer) =>
      fixer.insertTextBefore(
        statement,
        `if (${text}${dot}aborted) ${name.name}(); else `,
      ),
  }];
}

/** Before the first statement that acquires something. */
function suggestThrow(
  { context, registration, text, dot }: Scene,
  home: FunctionNode | undefined,
): Suggestion[] {
  const { node, signal } = registration;
  const place = findFirstEffect(context, node, home);
  const isFree = !place || isKnownAt(context, signal, place);
  const check = `${text}${dot}throwIfAborted();`;
  const fix = insertBefore(context, isFree ? place ?? node : node, check);
  return fix
    ? [{
      messageId: "throwIfAborted",
      data: { signal: text },
      ...judgeThrow(isFree, home),
      fix,
    }]
    : [];
}

function judgeThrow(
  isFree: boolean,
  home: FunctionNode | undefined,
): Verdict {
  if (!isFree) return review("what was acquired before has to be given back");
  return home?.async
    ? review("callers get the reason where the work began before")
    : review("it throws to callers that may not expect it");
}

/** The first statement before the node that calls something. */
function findFirstEffect(
  context: RuleContext,
  node: ES.Node,
  home: FunctionNode | undefined,
): ES.Node | undefined {
  let found: ES.Node | undefined;
  let statement = getStatement(node);
  while (statement) {
    const parent: Maybe<ES.Node> = statement.parent;
    const siblings = parent?.type === "BlockStatement" ? parent.body : [];
    const index = (siblings as ES.Node[]).indexOf(statement);
    const first = siblings.slice(0, Math.max(0, index))
      .find((each) => hasEffect(context, each));
    if (first) found = first;
    if (!parent || parent.parent === home || isFunction(parent)) break;
    statement = getStatement(parent);
  }
  return found;
}

function hasEffect(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(context, node, (each) =>
    each.type === "CallExpression" &&
      !/^(?:log|debug|warn|info|throwIfAborted)$/.test(
        getLastName(each.callee) ?? "",
      ) ||
    each.type === "NewExpression" || each.type === "AwaitExpression");
}

/** Whether the names of the signal mean the same at an earlier statement. */
function isKnownAt(
  context: RuleContext,
  signal: ES.Node,
  place: ES.Node,
): boolean {
  let root = unwrap(signal);
  while (root.type === "MemberExpression") root = unwrap(root.object);
  if (root.type === "ThisExpression") return true;
  if (root.type !== "Identifier") return false;
  const variable = getVariable(context, root);
  const definition = variable?.defs[0];
  return variable !== undefined &&
    lookUp(context, root.name, place) === variable &&
    (!definition || definition.type === "Parameter" ||
      definition.type === "ImportBinding" ||
      definition.node.range[1] <= place.range[0]);
}

/** `signal?.addEventListener(…)`, or `if (signal) signal.addEventListener(…)`. */
function isGuarded(
  context: RuleContext,
  node: ES.Node,
  signal: string,
): boolean {
  if (context.sourceCode.getText(node).startsWith(`${signal}?.`)) return true;
  const parent = node.parent?.parent;
  return parent?.type === "IfStatement" ||
    node.parent?.type === "LogicalExpression" ||
    isQuestioned(context, node, signal);
}

/** Other uses with `?.` in the function are proof that it can be missing. */
function isQuestioned(
  context: RuleContext,
  node: ES.Node,
  signal: string,
): boolean {
  const home = getEnclosingFunction(node);
  return home !== undefined && getQuestioned(context, home).has(signal);
}

const questioned = new WeakMap<FunctionNode, ReadonlySet<string>>();

/** What stands before `?.` in the function. */
function getQuestioned(
  context: RuleContext,
  home: FunctionNode,
): ReadonlySet<string> {
  let known = questioned.get(home);
  if (!known) {
    const found = context.sourceCode.getText(home)
      .matchAll(/([\w$#.]+)(?=\?\.)/g);
    known = new Set([...found].map(([text]) => text));
    questioned.set(home, known);
  }
  return known;
}
