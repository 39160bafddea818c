import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { FunctionNode } from "../syntax/nodes.ts";
import {
  type HandMadeSleep,
  NotUnderstood,
  readSleep,
} from "./hand_made_sleep.ts";
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
  const { ms, signal } = found;
  const draft = bench.draft(target);
  const rest = signal === undefined
    ? ""
    : signal.type === "Identifier" && signal.name === "signal"
    ? ", { signal }"
    : `, { signal: ${draft.keep(signal)} }`;
  const call = `${draft.use("sleep")}(${draft.keep(ms)}${rest})`;
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
