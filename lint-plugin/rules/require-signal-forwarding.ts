import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getKeyName,
  getLastName,
  getProperty,
  isFunction,
  isMemberOf,
  isNullish,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext, SignalSlot, Verdict } from "../host/rule.ts";
import { getTaskBody } from "../semantics/tasks/bodies.ts";
import { defineRule } from "../host/define_rule.ts";
import { addArgument, addSignalOption } from "../edits/arguments.ts";
import { review, safe } from "../edits/risk.ts";
import {
  getImported,
  getInitialiser,
  getVariable,
  getWrites,
  isGlobal,
  lookUp,
} from "../semantics/names/variables.ts";
import { getKnownSlot, getTypedSlot } from "../semantics/signals/slots.ts";
import { getSignalInScope } from "../semantics/signals/callers.ts";
import { isSleep } from "../semantics/promises/sleeps.ts";
import { CARRIER } from "../vocabulary/names.ts";
import {
  findSignalAnywhere,
  isSignalName,
} from "../semantics/signals/signal.ts";

/** What writes a file in several steps: an abort between them leaves a part. */
const WRITES = /^(?:writeFile|appendFile|writeTextFile)$/;

interface Callee extends SignalSlot {
  readonly name: string;
}

interface Options {
  callees: readonly Callee[];
}

const rule: Rule = defineRule<Options>("require-signal-forwarding", {
  tier: 1,
  description: "require the caller's signal to be passed on to calls that " +
    "accept one",
  options: {
    callees: {
      type: "array",
      description: "Further functions that accept a signal: the callee as it " +
        "is written (`client.get`), the index of the argument, and whether it " +
        'is an `"options"` object or the signal itself (`"positional"`); `key` ' +
        "where the member of the options isn't called `signal`.",
      items: {
        type: "object",
        properties: {
          name: { type: "string" },
          argument: { type: "integer", minimum: 0 },
          form: { enum: ["options", "positional"] },
          key: { type: "string" },
        },
        required: ["name", "argument", "form"],
        additionalProperties: false,
      },
    },
  },
  defaults: { callees: [] },
  messages: {
    notForwarded: "`{{callee}}` accepts a signal, but doesn't get " +
      "`{{signal}}`: it goes on after the caller has cancelled.",
  },
  suggestions: {
    forward: "Pass `{{signal}}` on.",
  },
  create(context, { callees }) {
    return {
      CallExpression(call: ES.CallExpression) {
        const known = getKnownSlot(context, call) ??
          getConfigured(context, call, callees);
        if (known ? isSatisfied(context, call, known) : !context.types) return;
        const signal = getSignalInScope(context, call);
        if (signal === undefined) return;
        const slot = known ?? getTypedSlot(context, call);
        if (!slot || !known && isSatisfied(context, call, slot)) return;
        const fix = slot.form === "positional"
          ? addArgument(context, call, slot.argument, signal)
          : addSignalOption(context, call, slot, signal);
        context.report({
          node: call,
          messageId: "notForwarded",
          data: { callee: describe(context, call.callee), signal },
          suggest: fix
            ? [{
              messageId: "forward",
              data: { signal },
              ...judge(context, call, signal),
              fix,
            }]
            : [],
        });
      },
    };
  },
});

export default rule;

function getConfigured(
  context: RuleContext,
  call: ES.CallExpression,
  callees: readonly Callee[],
): Callee | undefined {
  if (callees.length === 0) return undefined;
  const text = context.sourceCode.getText(unwrap(call.callee));
  return callees.find(({ name }) => name === text);
}

/** Whether the call gets some signal, or says on purpose that it gets none. */
function isSatisfied(
  context: RuleContext,
  call: ES.CallExpression,
  { argument, form }: SignalSlot,
): boolean {
  const isGiven = call.arguments.some((each) =>
    each.type === "SpreadElement" || isCarrier(each) ||
    findSignalAnywhere(context, each) !== undefined
  );
  if (isGiven || isCutShort(context, call)) return true;
  if (call.arguments.some((each) => isMadeWithSignal(context, each))) {
    return true;
  }
  if (isRequest(context, call.arguments[0])) return true;
  const given = call.arguments[argument];
  if (!given) return false;
  if (form === "positional") return true;
  const value = unwrap(given);
  if (value.type === "ObjectExpression") {
    return getProperty(value, "cancelEvent") !== undefined ||
      value.properties.some((each) =>
        each.type === "SpreadElement" ||
        isSignalName(getKeyName(each.key, each.computed) ?? "")
      );
  }
  // Anything else than a literal is an options object that somebody filled.
  return value.type !== "Literal" && value.type !== "TemplateLiteral" &&
    !isNullish(value);
}

/** `raceSignal(delay(ms), signal)`: only a timer is left. */
function isCutShort(context: RuleContext, call: ES.CallExpression): boolean {
  const around = outermost(call).parent;
  if (around?.type !== "CallExpression" || around.callee === call) return false;
  return isSleep(context, call) &&
    around.arguments.some((each) =>
      each !== call && findSignalAnywhere(context, each) !== undefined
    );
}

/** A promise that was made with the signal: `pTimeout(operation)`. */
function isMadeWithSignal(context: RuleContext, argument: ES.Node): boolean {
  const value = unwrap(argument);
  if (value.type === "CallExpression") {
    return isMemberOf(value.callee, "Promise", "resolve") &&
      value.arguments.some((each) => isMadeWithSignal(context, each));
  }
  if (value.type !== "Identifier") return false;
  const variable = getVariable(context, value);
  return variable !== undefined && getWrites(variable).some((write) => {
    const made = unwrap(write);
    return made.type === "CallExpression" &&
      !contains(made, value) && findSignalAnywhere(context, made) !== undefined;
  });
}

/** The whole options object of the caller. */
function isCarrier(argument: ES.Node): boolean {
  const value = unwrap(argument);
  return value.type === "Identifier" && CARRIER.test(value.name);
}

/** A `Request` has a signal of its own, unless we see that it was given none. */
function isRequest(context: RuleContext, argument?: ES.Node): boolean {
  const value = argument && unwrap(argument);
  if (value?.type !== "Identifier") return false;
  const variable = getVariable(context, value);
  const made = unwrap(getInitialiser(variable));
  if (made?.type === "NewExpression") {
    return findSignalAnywhere(context, made) !== undefined ||
      made.arguments.some((each) => each.type === "Identifier");
  }
  return /^req(?:uest)?$/i.test(value.name);
}

function judge(
  context: RuleContext,
  call: ES.CallExpression,
  signal: string,
): Verdict {
  for (
    let node: Maybe<ES.Node> = call;
    node && !isFunction(node);
    node = node.parent
  ) {
    if (node.type === "CatchClause") {
      return review("what a handler does may have to be done all the same");
    }
  }
  const imported = getImported(context, call.callee);
  if (imported && WRITES.test(imported.imported)) {
    return review("a file that was half written would stay");
  }
  const variable = lookUp(context, signal, call);
  const binding = variable?.defs[0]?.name as ES.Node | undefined;
  const body = getTaskBody(context, call);
  if (body && binding && !contains(body, binding)) {
    return review("the body around it has a signal of its own");
  }
  const annotation = (variable?.defs[0]?.name as ES.Identifier | undefined)
    ?.typeAnnotation;
  const isNullable = annotation !== undefined &&
    /\bnull\b/.test(context.sourceCode.getText(annotation));
  return isNullable && !isGlobal(context, call.callee, "fetch")
    ? review("it may be null, which the types of the callee may not allow")
    : safe("the call ends with the caller, and is otherwise the same");
}

function describe(context: RuleContext, callee: ES.Node): string {
  const text = context.sourceCode.getText(callee);
  return text.length <= 40 && !text.includes("\n")
    ? text
    : getLastName(callee) ?? "This function";
}
