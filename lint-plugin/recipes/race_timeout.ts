import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getStatement, getString, isNullish, unwrap } from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import {
  getOnlyDefinition,
  getVariable,
} from "../semantics/names/variables.ts";
import { removeClears } from "./clears.ts";
import { isPlainValue } from "./plain_value.ts";
import { getPromiseArgument } from "./promise_all.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";
import { getTimer, type Timer } from "./timer.ts";
import { writeTime } from "./times.ts";
import { writeBody } from "./work.ts";

/** `Promise.race([work, timer])`. */
export const raceTimeout: Recipe = defineRecipe("race-timeout", {
  summary: "`Promise.race` with a timer → `failAfter()`, `moveOnAfter()`",
  needs: /\bPromise\s*\.\s*race\b/,
  create: (bench) => ({
    CallExpression(call: ES.CallExpression) {
      const list = getPromiseArgument(bench.context, call, "race");
      if (list?.type === "ArrayExpression") rewrite(bench, call, list);
    },
  }),
});

/** One that takes part, and the constant that it is kept in. */
interface Competitor {
  readonly node: ES.Node;
  readonly timer?: Timer | undefined;
  readonly declaration?: ES.VariableDeclaration | undefined;
}

function rewrite(
  bench: Bench,
  call: ES.CallExpression,
  list: ES.ArrayExpression,
): void {
  const { context } = bench;
  const all = list.elements.flatMap((each) =>
    each ? [getCompetitor(context, call, each)] : []
  );
  const timers = all.filter(({ timer }) => timer);
  const leave = (because: string) =>
    bench.leave(call, "`Promise.race` with a timer", because);
  if (timers.length === 0) {
    if (all.some(({ node }) => looksLikeTimer(context, node))) {
      leave("its timer does something else as well");
    }
    return;
  }
  const [work, another] = all.filter(({ timer }) => !timer);
  const [{ timer, declaration } = {}] = timers;
  if (!work || another || timers.length > 1 || !timer) {
    return leave("more than one promise competes with the timer");
  }
  if (work.node.type === "SpreadElement") {
    return leave("more than one promise competes with the timer");
  }
  const because = timer.settles === "rejects"
    ? whyKeepError(context, timer.value)
    : timer.value && !isPlainValue(timer.value)
    ? "what it resolves with is made when the time is over"
    : undefined;
  if (because !== undefined) return leave(because);
  const draft = bench.draft(call);
  const body = writeBody(context, draft, work.node);
  if (body.because !== undefined) return leave(body.because);
  let target: ES.Node = call;
  if (timer.handle) {
    const cleared = removeClears(context, draft, {
      handle: timer.handle,
      call,
    });
    if (cleared.because !== undefined) return leave(cleared.because);
    target = cleared.target;
  }
  if (declaration) draft.removeStatement(declaration);
  const callee = draft.use(
    timer.settles === "rejects" ? "failAfter" : "moveOnAfter",
  );
  const hasFallback = timer.settles === "resolves" && timer.value &&
      !isNullish(timer.value) ||
    timer.value?.type === "Literal" && timer.settles === "resolves";
  const rest = hasFallback && timer.value
    ? `, { fallback: ${draft.keep(timer.value)} }`
    : "";
  draft.replace(
    target,
    `${callee}(${writeTime(context, draft, timer.ms)}, ${body.text}${rest})`,
  );
  bench.offer(draft, {
    what: `a \`Promise.race\` with a timer can be \`${callee}()\``,
    why: timer.settles === "rejects"
      ? "the error is a `TimeoutError` with another message"
      : "what takes a signal is cancelled and waited for",
  });
}

function getCompetitor(
  context: RuleContext,
  call: ES.CallExpression,
  node: ES.Node,
): Competitor {
  const direct = getTimer(context, node);
  if (direct) return { node, timer: direct };
  const inner = unwrap(node);
  if (inner.type !== "Identifier") return { node };
  const variable = getVariable(context, inner);
  const definition = getOnlyDefinition(variable);
  if (!variable || definition?.type !== "Variable") return { node };
  const declarator = definition.node as ES.VariableDeclarator;
  const declaration = declarator.parent as ES.VariableDeclaration;
  const uses = variable.references.filter((each) => !each.init);
  const timer = getTimer(context, declarator.init);
  const isOnlyHere = uses.length === 1 && declaration.kind === "const" &&
    declaration.declarations.length === 1;
  return timer && isOnlyHere && followsAtOnce(context, declaration, call)
    ? { node, timer, declaration }
    : { node };
}

/** Whether nothing is awaited between the declaration and the race. */
function followsAtOnce(
  context: RuleContext,
  declaration: ES.Node,
  call: ES.Node,
): boolean {
  const block = declaration.parent as { body?: readonly ES.Node[] } | undefined;
  const statements = block?.body;
  if (!Array.isArray(statements)) return false;
  const from = statements.indexOf(declaration);
  const to = statements.findIndex((each: ES.Node) =>
    each.range[0] <= call.range[0] && call.range[1] <= each.range[1]
  );
  if (from < 0 || to < from) return false;
  const between: ES.Node[] = statements.slice(from + 1, to);
  if (between.some((each) => waits(context, each))) return false;
  const last = statements[to] as ES.Node;
  if (last.type !== "TryStatement") return getStatement(call) === last;
  const inner = getStatement(call);
  const index = last.block.body.findIndex((each) => each === inner);
  return index >= 0 &&
    !last.block.body.slice(0, index).some((each) => waits(context, each));
}

function waits(context: RuleContext, node: ES.Node): boolean {
  return someInFlow(
    context,
    node,
    ({ type }) => type === "AwaitExpression" || type === "YieldExpression",
  );
}

/** A promise with a `setTimeout` in it. */
function looksLikeTimer(context: RuleContext, node: ES.Node): boolean {
  const inner = unwrap(node);
  return inner.type === "NewExpression" &&
    /\bsetTimeout\(/.test(context.sourceCode.getText(inner));
}

/** Why another error can't take the place of this one, if it can't. */
function whyKeepError(
  context: RuleContext,
  error: ES.Node | undefined,
): string | undefined {
  const inner = unwrap(error);
  if (!inner) return undefined;
  const text = getString(inner) ?? getMessage(inner);
  if (text === undefined) return "its error means something of its own";
  const uses = context.sourceCode.getText().split(text).length - 1;
  return text !== "" && uses > 1
    ? "the text of its error stands elsewhere in the file as well"
    : undefined;
}

/** The text of `new Error(text)`; empty where it is put together. */
function getMessage(error: ES.Node): string | undefined {
  if (error.type !== "NewExpression" && error.type !== "CallExpression") {
    return undefined;
  }
  const callee = unwrap(error.callee);
  if (callee.type !== "Identifier") return undefined;
  const isTimeout = callee.name === "DOMException" &&
    getString(error.arguments[1]) === "TimeoutError";
  if (callee.name !== "Error" && !isTimeout) return undefined;
  if (!isTimeout && error.arguments.length > 1) return undefined;
  return getString(error.arguments[0]) ?? "";
}
