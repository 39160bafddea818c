import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getIndent,
  getLastName,
  unwrap,
} from "../syntax/nodes.ts";
import { find, someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getIndentUnit } from "../edits/blocks.ts";
import { unwrapTry } from "./clears.ts";
import {
  isWithin,
  jumpsOut,
  optionOf,
  type Outcome,
  type Site,
} from "./controller_site.ts";
import type { Draft } from "./draft.ts";

/** Work that is aborted by a signal, or in the end → `CancelScope`. */
export function writeScope(
  context: RuleContext,
  draft: Draft,
  { controller, rest }: Site,
): Outcome {
  const { aborts, declaration, service } = controller;
  const [first] = rest;
  const last = rest.at(-1);
  const made = unwrap(declaration.declarations[0]?.init);
  const name = declaration.declarations[0]?.id;
  if (!first || !last || !made || name?.type !== "Identifier") {
    return { because: "nothing follows it" };
  }
  if (!getEnclosingFunction(declaration)?.async) {
    return { because: "its function isn't async" };
  }
  const returns = rest.some((each) =>
    someInFlow(
      context,
      each,
      (node) => node.type === "ReturnStatement" && node.argument !== null,
    )
  );
  if (returns) {
    return { because: "its work returns a value, which a scope may not have" };
  }
  if (rest.some((each) => jumpsOut(context, each))) {
    return { because: "its work jumps out of the block" };
  }
  if (!aborts.every((each) => isLate(each, declaration))) {
    return { because: "it is aborted for other reasons as well" };
  }
  if (aborts.some((each) => each.arguments.length > 0)) {
    return { because: "it is aborted with a reason of its own" };
  }
  const gone = new Set<ES.Node>();
  for (const attempt of getServingTries(context, rest, service)) {
    for (const each of attempt.finalizer?.body ?? []) gone.add(each);
    if (attempt.handler) {
      draft.replaceRange([attempt.handler.range[1], attempt.range[1]], "");
    } else if (!unwrapTry(context, draft, { attempt })) {
      return { because: "its `try` declares names that are taken" };
    }
  }
  for (const each of service) {
    const isInside = [...service].some((other) =>
      other !== each && isWithin(each, other)
    );
    if (!gone.has(each) && !isInside) draft.removeStatement(each);
  }
  draft.replace(
    made,
    `new ${draft.use("CancelScope")}(${optionOf(draft, controller)})`,
  );
  for (const { callee } of aborts) {
    const member = unwrap(callee);
    if (
      member.type === "MemberExpression" && getLastName(member) === "abort"
    ) draft.replace(member.property, "cancel");
  }
  const indent = getIndent(context, first);
  const unit = getIndentUnit(context);
  draft.indent([first.range[0], last.range[1]], declaration.parent);
  draft.insert(
    first.range[0],
    `await ${name.name}.run(async () => {\n${indent}${unit}`,
  );
  draft.insert(last.range[1], `\n${indent}})${draft.end(declaration)}`);
  return "written";
}

/** The tries whose `finally` holds nothing but what goes. */
function getServingTries(
  context: RuleContext,
  rest: readonly ES.Statement[],
  service: ReadonlySet<ES.Node>,
): ES.TryStatement[] {
  const found: ES.TryStatement[] = [];
  for (const statement of rest) {
    find(context, statement, (each) => {
      if (
        each.type === "TryStatement" && each.finalizer &&
        each.finalizer.body.length > 0 &&
        each.finalizer.body.every((one) => service.has(one))
      ) found.push(each);
      return undefined;
    });
  }
  return found;
}

/** Whether the node stands in a `finally` of the block. */
function isLate(node: ES.Node, declaration: ES.Node): boolean {
  let inner = node;
  while (inner.parent && inner.parent !== declaration.parent) {
    const { parent } = inner;
    if (parent.type === "TryStatement" && parent.finalizer === inner) {
      return true;
    }
    inner = parent;
  }
  return false;
}
