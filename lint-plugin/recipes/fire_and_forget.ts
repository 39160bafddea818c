import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getIndent,
  getKeyName,
  getMethodCall,
  isFunction,
  isMemberOf,
  unwrap,
} from "../syntax/nodes.ts";
import { find, someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getIndentUnit } from "../edits/blocks.ts";
import { getMdcName } from "../semantics/tasks/calls.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `void this.work()` in a class. */
export const fireAndForget: Recipe = defineRecipe("fire-and-forget", {
  summary:
    "async methods of a class that it starts and forgets → `TaskTracker` with disposal",
  needs: /\bclass\b/,
  create: (bench) => ({
    ClassBody: (owner: ES.ClassBody) => visit(bench, owner),
  }),
});

/** Names of methods that end an object, the best first. */
const ENDS = [
  "close",
  "stop",
  "shutdown",
  "dispose",
  "destroy",
  "disconnect",
];

function visit(bench: Bench, owner: ES.ClassBody): void {
  const { context } = bench;
  const methods = owner.body.filter((each): each is ES.MethodDefinition =>
    each.type === "MethodDefinition" && !each.static && !!each.value.body
  );
  const end = getEnd(methods);
  const startable = methods.filter((each) => !isEnd(each));
  const started = methods.filter((each) => !isEnd(each)).flatMap((method) =>
    getStarted(context, method, startable)
  );
  const [first] = started;
  if (!first) return;
  const leave = (because: string) =>
    bench.leave(first.statement, "work that is started and forgotten", because);
  if (started.some(({ isHandled }) => !isHandled)) {
    return leave("nobody handles its failure: add a `catch` first");
  }
  if (!end && owner.parent.superClass) {
    return leave("the class that this one extends may have an end of its own");
  }
  if (end && !end.value.async) {
    return leave(`\`${nameOf(end)}()\` isn't async: it can't wait for it`);
  }
  const last = end?.value.body?.body.at(-1);
  const leaves = (node: ES.Node | undefined) =>
    someInFlow(context, node, ({ type }) => type === "ReturnStatement");
  if (end?.value.body?.body.some((each) => each !== last && leaves(each))) {
    return leave(`\`${nameOf(end)}()\` returns in several places`);
  }
  if (last && last.type !== "ReturnStatement" && leaves(last)) {
    return leave(
      `\`${nameOf(end as ES.MethodDefinition)}()\` returns in several places`,
    );
  }
  const draft = bench.draft(first.statement);
  const unit = getIndentUnit(context);
  const semicolon = draft.end(first.statement);
  const base = getIndent(context, owner.parent);
  const inner = base + unit;
  let tracker = getTracker(context, owner);
  if (!tracker) {
    tracker = nameTracker(owner);
    draft.insert(
      owner.range[0] + 1,
      `\n${inner}${tracker} = new ${draft.use("TaskTracker")}()${semicolon}`,
    );
  }
  for (const { statement, call } of started) {
    draft.replace(
      statement,
      `this.${tracker}.spawn(() => ${draft.keepRaw(call)})${semicolon}`,
    );
  }
  const wait = `await this.${tracker}.cancelAll()${semicolon}`;
  if (!end) {
    const at = owner.range[1] - 1;
    draft.insert(
      at - base.length,
      `\n${inner}async [Symbol.asyncDispose]() {\n${inner}${unit}${wait}\n${inner}}\n`,
    );
  } else if (last?.type === "ReturnStatement") {
    draft.insert(last.range[0], `${wait}\n${getIndent(context, last)}`);
  } else if (last) {
    draft.insert(last.range[1], `\n${getIndent(context, last)}${wait}`);
  } else if (end.value.body) {
    draft.insert(end.value.body.range[0] + 1, ` ${wait} `);
  }
  bench.offer(draft, {
    what: "work that a class starts and forgets can belong to a `TaskTracker`",
    why: `${
      end ? `\`${nameOf(end)}()\`` : "disposal"
    } cancels it and waits up to a second for its end`,
  });
}

function nameOf({ key, computed }: ES.MethodDefinition): string {
  const isDispose = computed && isMemberOf(key, "Symbol", "asyncDispose");
  return isDispose ? "[Symbol.asyncDispose]" : getKeyName(key, computed) ?? "";
}

function isEnd(method: ES.MethodDefinition): boolean {
  const name = nameOf(method);
  return ENDS.includes(name) || name === "[Symbol.asyncDispose]";
}

function getEnd(
  methods: readonly ES.MethodDefinition[],
): ES.MethodDefinition | undefined {
  for (const name of ENDS) {
    const found = methods.find(({ key, computed }) =>
      getKeyName(key, computed) === name
    );
    if (found) return found;
  }
  return methods.find((each) => nameOf(each) === "[Symbol.asyncDispose]");
}

interface Started {
  readonly statement: ES.Statement;
  /** The call whose promise nobody has, with its `catch`. */
  readonly call: ES.Node;
  /** Whether it can't fail unseen. */
  readonly isHandled: boolean;
}

/** Statements that start an async method of the class and go on. */
function getStarted(
  context: RuleContext,
  method: ES.MethodDefinition,
  methods: readonly ES.MethodDefinition[],
): Started[] {
  const started: Started[] = [];
  find(context, method.value.body, (node) => {
    // `this` is another one there.
    if (isFunction(node) && node.type !== "ArrowFunctionExpression") {
      return "skip";
    }
    if (node.type !== "ExpressionStatement") return undefined;
    const expression = unwrap(node.expression);
    const call = expression.type === "UnaryExpression" &&
        expression.operator === "void"
      ? unwrap(expression.argument)
      : expression;
    const target = getMethod(call, methods);
    if (target && !waits(context, call)) {
      const isHandled = getMethodCall(call)?.name === "catch" ||
        catchesAll(target);
      started.push({ statement: node, call, isHandled });
    }
    return undefined;
  });
  return started;
}

/** The method of `this.work()`, and of `this.work().catch(handler)`. */
function getMethod(
  node: ES.Node,
  methods: readonly ES.MethodDefinition[],
): ES.MethodDefinition | undefined {
  const method = getMethodCall(node);
  if (!method || method.call.optional) return undefined;
  if (method.name === "catch" && method.call.arguments.length === 1) {
    return getMethod(unwrap(method.object), methods);
  }
  if (unwrap(method.object).type !== "ThisExpression") return undefined;
  return methods.find(({ key, computed, value, kind }) =>
    kind === "method" && value.async && !value.generator &&
    getKeyName(key, computed) === method.name
  );
}

/** Whether the whole method is a `try` with a handler that throws nothing. */
function catchesAll({ value }: ES.MethodDefinition): boolean {
  const [only, more] = value.body?.body ?? [];
  return !more && only?.type === "TryStatement" && !!only.handler &&
    !only.handler.body.body.some(({ type }) => type === "ThrowStatement");
}

function waits(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    ({ type }) => type === "AwaitExpression" || type === "YieldExpression",
  );
}

/** The field that holds a tracker already. */
function getTracker(
  context: RuleContext,
  owner: ES.ClassBody,
): string | undefined {
  for (const each of owner.body) {
    if (each.type !== "PropertyDefinition" || each.static) continue;
    const value = unwrap(each.value);
    const isTracker = value?.type === "NewExpression" &&
      getMdcName(context, value.callee) === "TaskTracker";
    if (isTracker) return getKeyName(each.key, each.computed);
  }
  return undefined;
}

function nameTracker(owner: ES.ClassBody): string {
  const taken = owner.body.some((each) =>
    "key" in each && getKeyName(each.key, each.computed) === "#tasks"
  );
  return taken ? "#tracker" : "#tasks";
}
