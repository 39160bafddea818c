import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { FunctionNode } from "../syntax/nodes.ts";
import {
  type HandMadeSleep,
  NotUnderstood,
  readSleep,
} from "./hand_made_sleep.ts";
import { getFunctionUses } from "../semantics/names/variables.ts";
import { mayBeNegative, writeTime } from "./times.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** A function of the file that only sleeps. */
export const abortableSleep: Recipe = defineRecipe("abortable-sleep", {
  summary: "hand-written `delay(ms, signal)` → `sleep()`",
  needs: /\bsetTimeout\(/,
  create(bench) {
    const visit = (node: FunctionNode) => rewrite(bench, node);
    return {
      FunctionDeclaration: visit,
      FunctionExpression: visit,
      ArrowFunctionExpression: visit,
    };
  },
});

function rewrite(bench: Bench, target: FunctionNode): void {
  const { context } = bench;
  let found: HandMadeSleep | undefined;
  try {
    found = readSleep(context, target);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    // Only what listens for an abort is about this recipe.
    const text = context.sourceCode.getText(target);
    if (/["']abort["']/.test(text) && text.includes("clearTimeout(")) {
      bench.leave(target, "a hand-written sleep", error.message);
    }
    return;
  }
  if (!found || target.generator || target.params.length === 0) return;
  const isOptional = target.params.some((each) =>
    each.type === "Identifier" && each.optional &&
    found.ms.type === "Identifier" && each.name === found.ms.name
  );
  if (isOptional) {
    return bench.leave(
      target,
      "a hand-written sleep",
      "its time may be missing",
    );
  }
  const { ms, signal } = found;
  const draft = bench.draft(target);
  // A caller whose time may be over already gets on at once, as before.
  const isLate = getFunctionUses(context, target).some(({ parent }) =>
    parent?.type === "CallExpression" &&
    parent.arguments.some((each) => mayBeNegative(context, each))
  );
  const plain = signal || isLate ? undefined : getPlain(bench, target, ms);
  if (plain) {
    draft.useAs("sleep", plain.name);
    draft.removeStatement(plain.statement);
    return bench.offer(draft, {
      what: "a hand-written sleep can be `sleep()`",
      why: "in a task it ends with the task's cancellation",
    });
  }
  const rest = signal === undefined
    ? ""
    : signal.type === "Identifier" && signal.name === "signal"
    ? ", { signal }"
    : `, { signal: ${draft.keep(signal)} }`;
  const time = isLate
    ? `Math.max(0, ${draft.keep(ms)})`
    : writeTime(context, draft, ms);
  const call = `${draft.use("sleep")}(${time}${rest})`;
  const { body } = target;
  if (body?.type === "BlockStatement") {
    const first = body.body[0] as ES.Node;
    const last = body.body.at(-1) as ES.Node;
    const isAwaited = last.type === "ExpressionStatement";
    draft.replaceRange(
      [first.range[0], last.range[1]],
      `${isAwaited ? "await" : "return"} ${call}${draft.end(last)}`,
    );
  } else if (body) draft.replace(body, call);
  bench.offer(draft, {
    what: "a hand-written sleep can be `sleep()`",
    why: signal
      ? "it rejects with the signal's reason, and ends with the current task"
      : "in a task it ends with the task's cancellation",
  });
}

/** A function of the module that only its calls use: an import can replace it. */
interface Plain {
  readonly name: string;
  readonly statement: ES.Node;
}

function getPlain(
  { context }: Bench,
  target: FunctionNode,
  ms: ES.Node,
): Plain | undefined {
  const [parameter, more] = target.params;
  const declared = target.type === "FunctionDeclaration"
    ? target
    : target.parent;
  const statement = target.type === "FunctionDeclaration"
    ? target
    : declared?.parent;
  if (
    more || parameter?.type !== "Identifier" || ms.type !== "Identifier" ||
    ms.name !== parameter.name || parameter.optional || !statement ||
    statement.parent?.type !== "Program" ||
    statement.type === "VariableDeclaration" &&
      (statement.kind !== "const" || statement.declarations.length > 1)
  ) return undefined;
  const text = context.sourceCode.getText().slice(0, statement.range[0]);
  const isDescribed = /(?:\*\/|\/\/[^\n]*)\s*$/.test(text) &&
    !/\n[ \t]*\r?\n[ \t]*$/.test(text);
  const name = declared?.type === "VariableDeclarator" ||
      declared?.type === "FunctionDeclaration"
    ? declared.id
    : undefined;
  if (name?.type !== "Identifier" || isDescribed) return undefined;
  // Those of its parameters come along.
  const areCalls = getFunctionUses(context, target).every((each) => {
    if (each.type === "Identifier" && each.name !== name.name) return true;
    const { parent } = each;
    return parent?.type === "VariableDeclarator" && parent.id === each ||
      parent?.type === "CallExpression" && parent.callee === each &&
        parent.arguments.length === 1;
  });
  return areCalls ? { name: name.name, statement } : undefined;
}
