/** Callbacks of test runners: a failing test ends whatever it has started. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  isFunctionExpression,
  type Maybe,
  outermost,
  unwrap,
} from "./nodes.ts";

const RUNNERS =
  /^(?:test|it|describe|suite|bench|before(?:All|Each)?|after(?:All|Each)?)$/;

/** Whether the node stands in a callback of `test`, `Deno.test`, `t.step` … */
export function isInTest(node: ES.Node): boolean {
  let around: Maybe<ES.Node> = node;
  for (; around; around = around.parent) {
    if (!isFunctionExpression(around)) continue;
    let given = outermost(around);
    // `Deno.test({ name, fn() {} })`
    if (given.parent?.type === "Property") given = given.parent.parent;
    const call = given.parent;
    if (call?.type === "CallExpression" && isRunner(call.callee)) return true;
  }
  return false;
}

const RIG = /(?:mock|fake|stub|fixture|harness|testing|test)/i;

/** Whether the node stands in a class or function that serves tests only. */
export function isInRig(node: ES.Node): boolean {
  let around: Maybe<ES.Node> = node;
  for (; around; around = around.parent) {
    if (
      around.type !== "ClassDeclaration" &&
      around.type !== "FunctionDeclaration"
    ) continue;
    if (around.id && isRigName(around.id.name)) return true;
  }
  return false;
}

/** By whole words: `MockServer`, `test_rig`, but not `latest`. */
function isRigName(name: string): boolean {
  return name.replace(/([a-z\d])([A-Z])/g, "$1_$2").split("_")
    .some((word) => RIG.exec(word)?.[0] === word);
}

function isRunner(callee: ES.Node): boolean {
  const inner = unwrap(callee);
  if (inner.type === "Identifier") return RUNNERS.test(inner.name);
  // `test.each(table)(name, callback)`.
  if (inner.type === "CallExpression") return isRunner(inner.callee);
  if (inner.type !== "MemberExpression") return false;
  const object = unwrap(inner.object);
  if (object.type === "Identifier" && object.name === "Deno") {
    return inner.property.type === "Identifier" &&
      /^(?:test|bench)$/.test(inner.property.name);
  }
  if (object.type === "Identifier" && object.name === "t") {
    return inner.property.type === "Identifier" &&
      /^(?:test|step)$/.test(inner.property.name);
  }
  return isRunner(object);
}
