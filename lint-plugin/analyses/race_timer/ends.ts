/** Whether a timer is cleared once the race around it is decided. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  getProgram,
  getStatement,
  isFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import type { ArmedTimer } from "./armed.ts";
import { isQuiet } from "../../semantics/promises/quiet.ts";
import { getFunction } from "../../semantics/names/variables.ts";

/** Whether the timer ends with the race, on every way out of it. */
export function isEnded(
  context: RuleContext,
  race: ES.CallExpression,
  { call, handle }: ArmedTimer,
): boolean {
  const home = getEnclosingFunction(race) ?? getProgram(race);
  const link = call.parent;
  if (link?.type === "MemberExpression" && getLastName(link) === "unref") {
    return true;
  }
  if (!handle) return false;
  const name = getText(context, handle);
  const ends = (node: Maybe<ES.Node>): boolean =>
    callsOn(context, node, /^clear(?:Timeout|Interval)$/, name);
  return callsOn(context, home, /^unref(?:Timer)?$/, name) ||
    findFinally(context, home, ends) || isInTry(race, ends) ||
    neverFails(context, race) && isFollowed(race, ends);
}

/** Whether no racer can reject: then what follows always runs. */
function neverFails(context: RuleContext, race: ES.CallExpression): boolean {
  const list = unwrap(race.arguments[0]);
  return list?.type === "ArrayExpression" &&
    list.elements.every((each) => each && isQuiet(context, each));
}

function isFollowed(
  race: ES.Node,
  ends: (node: Maybe<ES.Node>) => boolean,
): boolean {
  const statement = getStatement(race);
  return statement !== undefined && isEndedAfter(statement, ends);
}

function getText(context: RuleContext, node: ES.Node): string {
  const inner = node.type === "Identifier" ? node.name : undefined;
  return inner ?? context.sourceCode.getText(unwrap(node));
}

/** Whether the node has a call of that name with, or on, the handle. */
function callsOn(
  context: RuleContext,
  node: Maybe<ES.Node>,
  names: RegExp,
  handle: string,
  depth = 0,
): boolean {
  return some(context, node, (each) => {
    if (each.type !== "CallExpression") return undefined;
    const callee = unwrap(each.callee);
    if (names.test(getLastName(callee) ?? "")) {
      const subjects = callee.type === "MemberExpression"
        ? [callee.object, ...each.arguments]
        : each.arguments;
      return subjects.some((subject) =>
        getText(context, unwrap(subject)) === handle
      );
    }
    // One level deep: `finally { cleanup(); }`.
    const helper = depth === 0 ? getFunction(context, callee) : undefined;
    return helper && callsOn(context, helper.body, names, handle, 1);
  });
}

/** Whether some `.finally(callback)` of the function ends the timer. */
function findFinally(
  context: RuleContext,
  home: ES.Node,
  ends: (node: Maybe<ES.Node>) => boolean,
): boolean {
  return some(context, home, (each) => {
    const method = getMethodCall(each);
    if (each.type !== "CallExpression" || method?.name !== "finally") {
      return undefined;
    }
    const callback = getFunction(context, each.arguments[0]);
    return callback && ends(callback.body);
  });
}

/** Whether an enclosing `finally` ends the timer, or both its other paths. */
function isInTry(
  race: ES.Node,
  ends: (node: Maybe<ES.Node>) => boolean,
): boolean {
  let node: Maybe<ES.Node> = race;
  while (node && !isFunction(node)) {
    const around: Maybe<ES.Node> = node.parent;
    if (around?.type === "TryStatement" && around.block === node) {
      if (ends(around.finalizer)) return true;
      const { handler, block } = around;
      if (handler && ends(handler.body)) {
        return block.body.some((each) =>
          each.range[0] > race.range[1] && ends(each)
        ) || isEndedAfter(around, ends);
      }
    }
    node = around;
  }
  return false;
}

function isEndedAfter(
  statement: ES.Node,
  ends: (node: Maybe<ES.Node>) => boolean,
): boolean {
  const block = statement.parent;
  return block?.type === "BlockStatement" &&
    block.body.some((each) => each.range[0] > statement.range[1] && ends(each));
}
