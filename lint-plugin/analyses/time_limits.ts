/** Parameters that limit time, and those that let the caller cancel. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, type Maybe } from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { getTypeMembers } from "../semantics/names/member_types.ts";
import { getBinding } from "../semantics/signals/callers.ts";
import { OPTIONS, OPTIONS_TYPE } from "../vocabulary/names.ts";
import { declaresSignal } from "../semantics/signals/annotations.ts";

/** What the parameters of a function offer to a caller. */
export interface Offer {
  /** The parameters and properties that limit time. */
  readonly limits: readonly ES.Node[];
  /** Whether one of them cancels, or may hold what does. */
  readonly canCancel: boolean;
}

const LIMIT =
  /^(?:timeout(?:_?in)?_?(?:ms|millis|milliseconds|secs|seconds)|timeout|(?:max_?)?wait_?ms)$/i;
const CANCELS =
  /signal$|^(?:abortController|controller|cancelEvent|cancelToken|token|scope|ctx|context)$/i;
// A `Request` has a signal of its own.
const CANCELLING_TYPE =
  /\b(?:Request|AbortSignal|AbortController|CancelSource|AsyncEvent|CancelScope|TaskContext|Task|CancellationToken)\b/;

const NOTHING: Offer = { limits: [], canCancel: false };
const CANCELS_ALL: Offer = { limits: [], canCancel: true };

/** What the parameters offer together. */
export function getOffer(
  context: RuleContext,
  parameters: readonly ES.Node[],
): Offer {
  return join(parameters.map((each) => getParameterOffer(context, each)));
}

function join(offers: readonly Offer[]): Offer {
  return {
    limits: offers.flatMap((each) => each.limits),
    canCancel: offers.some((each) => each.canCancel),
  };
}

function getParameterOffer(context: RuleContext, parameter: ES.Node): Offer {
  const binding = getBinding(parameter);
  if (binding.type === "RestElement") return CANCELS_ALL;
  if (binding.type !== "Identifier" && binding.type !== "ObjectPattern") {
    return NOTHING;
  }
  const type = binding.typeAnnotation?.typeAnnotation;
  const own = binding.type === "ObjectPattern"
    ? getPatternOffer(context, binding, type)
    : getNameOffer(context, binding.name, binding, type);
  if (own.canCancel || own.limits.length > 0) return own;
  if (declaresSignal(context, binding)) return CANCELS_ALL;
  return getOptionsOffer(context, binding, type);
}

/** The offer of a single name: a parameter, a property or a member. */
function getNameOffer(
  context: RuleContext,
  name: string,
  node: ES.Node,
  type: Maybe<ES.TypeNode>,
): Offer {
  if (CANCELS.test(name) || isCancellingType(context, type)) return CANCELS_ALL;
  return LIMIT.test(name) ? { limits: [node], canCancel: false } : NOTHING;
}

function isCancellingType(
  context: RuleContext,
  type: Maybe<ES.TypeNode>,
): boolean {
  return !!type && CANCELLING_TYPE.test(context.sourceCode.getText(type));
}

/** A pattern shows its properties; a type next to it may have more. */
function getPatternOffer(
  context: RuleContext,
  pattern: ES.ObjectPattern,
  type: Maybe<ES.TypeNode>,
): Offer {
  const taken = join(pattern.properties.map((property) => {
    if (property.type === "RestElement") return CANCELS_ALL;
    const name = getKeyName(property.key, property.computed);
    return name === undefined
      ? CANCELS_ALL
      : getNameOffer(context, name, property, null);
  }));
  if (!type || taken.canCancel) return taken;
  const { members, isComplete } = getTypeMembers(type);
  const declared = getMembersOffer(context, members);
  return { ...taken, canCancel: declared.canCancel || !isComplete };
}

/** The options type of a parameter: inline, of this file, or unknown. */
function getOptionsOffer(
  context: RuleContext,
  binding: ES.Identifier | ES.ObjectPattern,
  type: Maybe<ES.TypeNode>,
): Offer {
  if (binding.type === "ObjectPattern") return NOTHING;
  const isNamed = OPTIONS.test(binding.name);
  if (!type) return isNamed ? CANCELS_ALL : NOTHING;
  const { members, isComplete } = getTypeMembers(type);
  const isOptions = isNamed ||
    OPTIONS_TYPE.test(context.sourceCode.getText(type));
  const hides = !isComplete && (isOptions || members.length > 0);
  return join([
    getMembersOffer(context, members),
    hides ? CANCELS_ALL : NOTHING,
  ]);
}

function getMembersOffer(
  context: RuleContext,
  members: readonly ES.TypeElement[],
): Offer {
  return join(members.map((member) => {
    if (
      member.type !== "TSPropertySignature" &&
      member.type !== "TSMethodSignature"
    ) return NOTHING;
    const name = getKeyName(member.key, member.computed) ?? "";
    const type = member.type === "TSPropertySignature"
      ? member.typeAnnotation?.typeAnnotation
      : undefined;
    return getNameOffer(context, name, member, type);
  }));
}
