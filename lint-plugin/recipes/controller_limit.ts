import type { TSESTree as ES } from "@typescript-eslint/utils";
import { some, someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import {
  isWithin,
  jumpsOut,
  optionOf,
  type Outcome,
  type Site,
} from "./controller_site.ts";
import type { Draft } from "./draft.ts";
import type { LinkedController } from "./linked_controller.ts";
import { writeTime } from "./times.ts";

/** A timer and perhaps a signal around a try → `failAfter()`. */
export function writeLimit(
  context: RuleContext,
  draft: Draft,
  { controller, rest }: Site,
): Outcome {
  const { ms, aborts, signals, service } = controller;
  const [attempt, ...after] = rest;
  if (attempt?.type !== "TryStatement" || !attempt.finalizer || !ms) {
    return { because: "its work isn't one `try` with a `finally`" };
  }
  if (attempt.handler) return { because: "a handler looks at the error" };
  if (aborts.length > 0) {
    return { because: "it is aborted for other reasons as well" };
  }
  if (/AbortError|ABORT_ERR/.test(context.sourceCode.getText())) {
    return { because: "the file asks for abort errors" };
  }
  const body = attempt.block;
  if (jumpsOut(context, body)) {
    return { because: "its work jumps out of the block" };
  }
  if (usesOuter(context, body, controller)) {
    return { because: "its work uses the outer signal as well" };
  }
  const returns = someInFlow(
    context,
    body,
    ({ type }) => type === "ReturnStatement",
  );
  const last = body.body.at(-1);
  if (returns && (after.length > 0 || last?.type !== "ReturnStatement")) {
    return { because: "it returns in some cases and goes on in others" };
  }
  if (signals.some((each) => !isWithin(each, body))) {
    return { because: "its signal is used outside of the `try`" };
  }
  const others = attempt.finalizer.body.filter((each) => !service.has(each));
  const option = optionOf(draft, controller);
  const head = `${returns ? "return await" : "await"} ${
    draft.use("failAfter")
  }(${writeTime(context, draft, ms)}, async ({ signal }) => `;
  const semicolon = draft.end(controller.declaration);
  const end = option ? `, ${option})${semicolon}` : `)${semicolon}`;
  draft.removeStatement(controller.declaration);
  for (const each of service) {
    if (!isWithin(each, attempt) || others.length > 0) {
      draft.removeStatement(each);
    }
  }
  for (const each of signals) {
    const { parent } = each;
    const isOption = parent?.type === "Property" &&
      context.sourceCode.getText(parent.key) === "signal";
    draft.replace(isOption ? parent : each, "signal");
  }
  if (others.length > 0) {
    draft.insert(body.range[0] + 1, ` ${head}{`);
    draft.insert(body.range[1] - 1, `}${end} `);
  } else {
    draft.replaceRange([attempt.range[0], body.range[0]], head);
    draft.replaceRange([body.range[1], attempt.range[1]], end);
  }
  return "written";
}

/** Whether `signal`, or the outer signal by its name, is read in the body. */
function usesOuter(
  context: RuleContext,
  body: ES.Node,
  { parent }: LinkedController,
): boolean {
  const { sourceCode } = context;
  const outer = parent && sourceCode.getText(parent);
  return some(context, body, (each) => {
    if (outer !== undefined && sourceCode.getText(each) === outer) {
      return !isKey(each);
    }
    return each.type === "Identifier" && each.name === "signal" && !isKey(each);
  });
}

/** `signal` in `{ signal: … }` and in `x.signal`. */
function isKey(node: ES.Node): boolean {
  const { parent } = node;
  if (parent?.type === "Property") {
    return !parent.shorthand && parent.key === node;
  }
  return parent?.type === "MemberExpression" && !parent.computed &&
    parent.property === node;
}
