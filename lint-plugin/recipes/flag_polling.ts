import type { TSESTree as ES } from "@typescript-eslint/utils";
import { unwrap } from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { type Flag, getFlag } from "./flag.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";
import { getTimer } from "./timer.ts";

/** `while (!ready) await delay(50)`. */
export const flagPolling: Recipe = defineRecipe("flag-polling", {
  summary: "loops that sleep until a flag is set → `AsyncEvent`",
  needs: /\bwhile\b/,
  create: (bench) => ({
    WhileStatement: (loop: ES.WhileStatement) => visit(bench, loop),
  }),
});

function visit(bench: Bench, loop: ES.WhileStatement): void {
  const { context } = bench;
  const sleeping = getSleep(context, loop.body);
  if (!sleeping) return;
  const leave = (because: string) =>
    bench.leave(loop.test, "a loop that sleeps until a flag is set", because);
  const test = unwrap(loop.test);
  if (test.type !== "UnaryExpression" || test.operator !== "!") {
    const isFlag = test.type === "Identifier" ||
      test.type === "MemberExpression";
    if (isFlag) leave("it waits until the flag is no longer set");
    return;
  }
  const subject = unwrap(test.argument);
  if (subject.type !== "Identifier" && subject.type !== "MemberExpression") {
    return;
  }
  const flag = getFlag(context, subject);
  if (typeof flag === "string") return leave(flag);
  if (!flag) return;
  const loops = flag.reads.flatMap((read) => getLoop(context, read));
  // One edit for all loops of the flag, at the first.
  if (loops[0] !== loop) return;
  rewrite(bench, { flag, loops, loop });
}

function rewrite(
  bench: Bench,
  { flag, loops, loop }: {
    readonly flag: Flag;
    readonly loops: readonly ES.WhileStatement[];
    readonly loop: ES.WhileStatement;
  },
): void {
  const draft = bench.draft(loop.test);
  const body = loop.body.type === "BlockStatement"
    ? loop.body.body[0]
    : loop.body;
  const end = draft.end(body ?? loop);
  flag.declare(draft, `new ${draft.use("AsyncEvent")}()`);
  for (const { node, target, value } of flag.writes) {
    draft.replace(node, `${draft.keep(target)}.${value ? "set" : "clear"}()`);
  }
  for (const read of flag.reads) {
    const [own] = getLoop(bench.context, read);
    if (own && loops.includes(own)) {
      draft.replace(own, `await ${draft.keep(read)}.wait()${end}`);
    } else draft.insert(read.range[1], ".isSet");
  }
  bench.offer(draft, {
    what: "a flag that a loop waits for can be an `AsyncEvent`",
    why: "it goes on at once, and ends with the task's cancellation",
  });
}

/** The loop that polls by this read, and does nothing else. */
function getLoop(context: RuleContext, read: ES.Node): ES.WhileStatement[] {
  const not = read.parent;
  const loop = not?.parent;
  return not?.type === "UnaryExpression" && not.operator === "!" &&
      loop?.type === "WhileStatement" && loop.test === not &&
      getSleep(context, loop.body)
    ? [loop]
    : [];
}

/** The only statement, if it awaits a sleep. */
function getSleep(
  context: RuleContext,
  body: ES.Statement,
): ES.Node | undefined {
  const [only, more] = body.type === "BlockStatement" ? body.body : [body];
  if (more || only?.type !== "ExpressionStatement") return undefined;
  const waited = unwrap(only.expression);
  // What is only called like a sleep could move things on.
  return waited.type === "AwaitExpression" &&
      getTimer(context, waited.argument)?.settles === "resolves"
    ? waited
    : undefined;
}
