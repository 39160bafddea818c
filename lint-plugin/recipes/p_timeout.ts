import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getOnlyExpression,
  getString,
  isFunctionExpression,
  isNullish,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { isPlainValue } from "./plain_value.ts";
import { getOptions } from "./options.ts";
import { getPackageUses, type PackageUse } from "./package_uses.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";
import { writeTime } from "./times.ts";
import { writeBody } from "./work.ts";

/** `pTimeout(promise, { milliseconds })`. */
export const pTimeout: Recipe = defineRecipe("p-timeout", {
  summary: "`pTimeout()` → `failAfter()`, `moveOnAfter()`",
  needs: /["'](?:npm:)?p-timeout(?:@[^"']*)?["']/,
  create: (bench) => ({
    Program(program: ES.Program) {
      for (const use of getPackageUses(bench.context, program, "p-timeout")) {
        rewrite(bench, use);
      }
    },
  }),
});

const NAMES = ["milliseconds", "message", "fallback", "signal"];

function rewrite(bench: Bench, { name, node, call }: PackageUse): void {
  const what = `\`${name === "default" ? "pTimeout" : name}\``;
  const leave = (because: string) => bench.leave(node, what, because);
  if (name === "TimeoutError") {
    return leave(
      "`@mdc/tasks` throws a `TimeoutError` of its own: import that",
    );
  }
  if (name !== "default") return leave("it has no counterpart");
  if (!call) return leave("it isn't called here, but handed on");
  const parent = outermost(call).parent;
  if (
    parent?.type === "VariableDeclarator" || parent?.type === "MemberExpression"
  ) {
    return leave("its promise may be cleared");
  }
  const [work, given, ...more] = call.arguments;
  if (!work || work.type === "SpreadElement" || !given || more.length > 0) {
    return leave("its arguments aren't known");
  }
  const options = getOptions(given, NAMES);
  if (typeof options === "string") {
    return leave(
      unwrap(given).type === "Literal"
        ? "its time isn't an option: it is an old version"
        : options,
    );
  }
  const { milliseconds, message, fallback, signal } = options;
  if (!milliseconds) return leave("it has no time");
  const text = message && unwrap(message.value);
  const isQuiet = text?.type === "Literal" && text.value === false;
  if (text && !isQuiet && getString(text) === undefined) {
    return leave("its error means something of its own");
  }
  const value = fallback && getFallback(unwrap(fallback.value));
  if (fallback && !value) return leave("its fallback does something");
  const draft = bench.draft(call);
  const body = writeBody(bench.context, draft, work);
  if (body.because !== undefined) return leave(body.because);
  const rest = [
    ...value && !isNullish(value) ? [`fallback: ${draft.keep(value)}`] : [],
    ...signal ? [draft.keep(signal)] : [],
  ];
  const callee = draft.use(fallback || isQuiet ? "moveOnAfter" : "failAfter");
  const ms = writeTime(bench.context, draft, milliseconds.value);
  const end = rest.length > 0 ? `, { ${rest.join(", ")} }` : "";
  draft.replace(call, `${callee}(${ms}, ${body.text}${end})`);
  bench.offer(draft, {
    what: `\`pTimeout()\` can be \`${callee}()\``,
    why: text && !isQuiet
      ? "the message of the error is another"
      : "what takes a signal is cancelled and waited for",
  });
}

/** The value that a function returns, if it does nothing else. */
function getFallback(value: ES.Node): ES.Node | undefined {
  if (!isFunctionExpression(value) || value.async || value.params.length > 0) {
    return undefined;
  }
  const only = getOnlyExpression(value);
  return only && isPlainValue(only) ? only : undefined;
}
