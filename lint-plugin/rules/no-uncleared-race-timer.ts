import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getIndent,
  getLastName,
  getStatement,
  isLoop,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type {
  Rule,
  RuleContext,
  Suggestion,
  Variable,
  Verdict,
} from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { endStatement, getIndentUnit, indentLines } from "../edits/blocks.ts";
import { review, safe } from "../edits/risk.ts";
import { isPromiseCombinator } from "../semantics/promises/known.ts";
import {
  type ArmedTimer,
  getArmedTimer,
  isBrief,
} from "../analyses/race_timer/armed.ts";
import {
  getInitialiser,
  getReads,
  getVariable,
  lookThrough,
  lookUp,
} from "../semantics/names/variables.ts";
import { isEnded } from "../analyses/race_timer/ends.ts";

const rule: Rule = defineRule(
  "no-uncleared-race-timer",
  {
    tier: 1,
    description: "disallow timers that stay armed after a race is decided",
    defaults: {},
    messages: {
      armed:
        "The timer of `{{timer}}` stays armed when another promise wins `{{race}}`: it keeps the program alive, and rejects for nobody. Clear it in `finally`.",
    },
    suggestions: {
      clear: "Clear the timer in `finally`.",
    },
    needs: /\b(?:race|any)\b/,
    create(context) {
      return {
        CallExpression(race: ES.CallExpression) {
          if (!isPromiseCombinator(context, race, /^(?:race|any)$/)) return;
          for (const { node, value } of getRacers(context, race)) {
            const timer = getArmedTimer(context, value);
            if (!timer || isUsedAgain(context, race, value)) continue;
            if (isBrief(context, timer) || isEnded(context, race, timer)) {
              continue;
            }
            context.report({
              node,
              messageId: "armed",
              data: {
                timer: timer.name,
                race: context.sourceCode.getText(race.callee),
              },
              suggest: getSuggestions(context, race, timer),
            });
          }
        },
      };
    },
  },
);

export default rule;

interface Racer {
  /** The element of the race as it is written there. */
  readonly node: ES.Node;
  /** The promise, if the element is a spread local array. */
  readonly value: ES.Node;
}

function getRacers(context: RuleContext, race: ES.CallExpression): Racer[] {
  const list = unwrap(race.arguments[0]);
  const array = list && lookThrough(context, list);
  if (!list || array?.type !== "ArrayExpression") return [];
  return array.elements.flatMap((element): Racer[] => {
    if (!element) return [];
    // What stands in an array elsewhere is reported where it races.
    const node = array === list ? element : list;
    if (element.type !== "SpreadElement") return [{ node, value: element }];
    const spread = lookThrough(context, element.argument);
    if (spread.type !== "ArrayExpression") return [];
    return spread.elements.flatMap((each) =>
      each && each.type !== "SpreadElement" ? [{ node, value: each }] : []
    );
  });
}

/** Whether the promise is waited for again: a deadline of several races. */
function isUsedAgain(
  context: RuleContext,
  race: ES.CallExpression,
  value: ES.Node,
): boolean {
  const promise = unwrap(value);
  if (promise.type !== "Identifier") return false;
  const variable = getVariable(context, promise);
  const initialiser = getInitialiser(variable);
  if (!variable || !initialiser) return false;
  if (getReads(variable).some((each) => each.range[0] > race.range[1])) {
    return true;
  }
  let around: Maybe<ES.Node> = race.parent;
  for (; around; around = around.parent) {
    if (isLoop(around) && around.range[0] > initialiser.range[1]) return true;
  }
  return false;
}

function getSuggestions(
  context: RuleContext,
  race: ES.CallExpression,
  { handle, name }: ArmedTimer,
): Suggestion[] {
  if (handle?.type !== "Identifier") return [];
  const variable = getVariable(context, handle);
  if (!variable || lookUp(context, handle.name, race) !== variable) return [];
  const clear = `${name.replace("set", "clear")}(${handle.name})`;
  const outer = outermost(race);
  const verdict = judge(context, variable);
  if (outer.parent?.type !== "AwaitExpression") {
    return [{
      messageId: "clear",
      ...verdict,
      fix: (fixer) => fixer.insertTextAfter(outer, `.finally(() => ${clear})`),
    }];
  }
  const statement = getStatement(race);
  const canWrap = statement?.type === "ReturnStatement" ||
    statement?.type === "ExpressionStatement";
  if (!canWrap || !getEnclosingFunction(race)?.async) return [];
  const indent = getIndent(context, statement);
  const inner = indent + getIndentUnit(context);
  return [{
    messageId: "clear",
    ...verdict,
    fix: (fixer) => [
      fixer.insertTextBefore(statement, `try {\n${inner}`),
      ...indentLines(context, fixer, statement.range, statement),
      fixer.insertTextAfter(
        statement,
        `\n${indent}} finally {\n${inner}${
          endStatement(context, `${clear};`)
        }\n${indent}}`,
      ),
    ],
  }];
}

const cleared = new WeakMap<Variable, boolean>();

/** Whether some place clears the timer whose id the variable holds. */
function isCleared(variable: Variable): boolean {
  let answer = cleared.get(variable);
  if (answer === undefined) {
    answer = getReads(variable).some((each) => {
      const { parent } = outermost(each);
      return parent?.type === "CallExpression" &&
        /^clear(?:Timeout|Interval)$/.test(getLastName(parent.callee) ?? "");
    });
    cleared.set(variable, answer);
  }
  return answer;
}

function judge(context: RuleContext, variable: Variable): Verdict {
  if (isCleared(variable)) {
    return review("another place clears it already");
  }
  const { name, node } = variable.defs[0] ?? {};
  const annotation = (name as ES.Identifier | undefined)?.typeAnnotation;
  const declarator = node as ES.Node | undefined;
  const isSet = declarator?.type === "VariableDeclarator" &&
    declarator.init !== null;
  return isSet || annotation &&
      /\bundefined\b/.test(context.sourceCode.getText(annotation))
    ? safe("a timer that nobody waits for is only cleared")
    : review("types may want to know that the variable is set");
}
