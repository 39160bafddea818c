import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, isFunctionExpression, unwrap } from "../syntax/nodes.ts";
import { getFunction } from "../semantics/names/variables.ts";
import type { Draft } from "./draft.ts";
import { takesOnly, type Written } from "./mapper.ts";
import { getOptions } from "./options.ts";
import { getPackageUses, type PackageUse } from "./package_uses.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `pRetry(body, { retries })`. */
export const pRetry: Recipe = defineRecipe("p-retry", {
  summary: "`pRetry()` → `retry()` of `@mdc/tasks/flow`",
  needs: /["'](?:npm:)?p-retry(?:@[^"']*)?["']/,
  create: (bench) => ({
    Program(program: ES.Program) {
      const uses = getPackageUses(bench.context, program, "p-retry");
      const stops = uses.some(({ name }) => name !== "default");
      for (const use of uses) rewrite(bench, use, stops);
    },
  }),
});

const NAMES = [
  "retries",
  "factor",
  "minTimeout",
  "maxTimeout",
  "onFailedAttempt",
  "shouldRetry",
  "signal",
];

function rewrite(
  bench: Bench,
  { name, node, call }: PackageUse,
  stops: boolean,
): void {
  if (name !== "default") return;
  const leave = (because: string) => bench.leave(node, "`pRetry`", because);
  if (stops) {
    return leave(
      "the file stops it by its `AbortError`, and `retry()` throws what it got",
    );
  }
  if (!call) return leave("it isn't called here, but handed on");
  const [body, given, ...more] = call.arguments;
  if (!body || body.type === "SpreadElement" || more.length > 0) {
    return leave("its arguments aren't known");
  }
  const options = getOptions(given, NAMES);
  if (typeof options === "string") return leave(options);
  const draft = bench.draft(call);
  const written = writeBody(bench, draft, body);
  if (written.because !== undefined) return leave(written.because);
  const lines = [writeAttempts(draft, options.retries)];
  const add = (name: string, property: ES.Property | undefined) => {
    if (property) lines.push(`${name}: ${draft.keep(property.value)}`);
  };
  add("delay", options.minTimeout);
  add("factor", options.factor);
  if (options.maxTimeout) add("maxDelay", options.maxTimeout);
  else if (growsBeyond(30_000, options)) lines.push("maxDelay: Infinity");
  for (
    const [from, to] of [
      ["shouldRetry", "retryIf"],
      ["onFailedAttempt", "onRetry"],
    ] as const
  ) {
    const property = options[from];
    if (!property) continue;
    const text = writeCallback(draft, property.value, to);
    if (text === undefined) return leave(`what \`${from}\` gets isn't known`);
    lines.push(`${to}: ${text}`);
  }
  if (options.signal) lines.push(draft.keep(options.signal));
  const callee = draft.use("retry", "./flow");
  draft.replace(call, `${callee}(${written.text}, { ${lines.join(", ")} })`);
  bench.offer(draft, {
    what: "`pRetry()` can be `retry()`",
    why: options.onFailedAttempt
      ? "`onRetry` isn't called after the last attempt, and a `TypeError` is retried"
      : "a `TypeError` is retried as well, and a cancellation never",
  });
}

/** The body with the context as its first parameter. */
function writeBody(
  { context }: Bench,
  draft: Draft,
  body: ES.Node,
): Written {
  const inner = unwrap(body);
  const text = draft.keepRaw(body);
  if (isFunctionExpression(inner)) {
    if (!takesOnly(context, inner, 1)) {
      return { because: "its body takes more than the number of the attempt" };
    }
    const [attempt] = inner.params;
    if (!attempt) return { text: draft.move(body, text) };
    const at = attempt.range[0] - body.range[0];
    const isBare = text.charAt(at - 1) !== "(";
    if (isBare && !/\(\s*$/.test(text.slice(0, at))) {
      const end = attempt.range[1] - body.range[0];
      const list = `(_context, ${text.slice(at, end)})`;
      const written = text.slice(0, at) + list + text.slice(end);
      return { text: draft.move(body, written) };
    }
    const written = `${text.slice(0, at)}_context, ${text.slice(at)}`;
    return { text: draft.move(body, written) };
  }
  if (inner.type !== "Identifier") {
    return { because: "its body isn't written there" };
  }
  const target = getFunction(context, inner);
  return target && takesOnly(context, target, 0)
    ? { text }
    : { text: `(_context, attempt) => ${text}(attempt)` };
}

/** One more than the retries, of which there are ten by default. */
function writeAttempts(draft: Draft, retries: ES.Property | undefined): string {
  if (!retries) return "attempts: 11";
  const value = unwrap(retries.value);
  if (value.type === "Literal" && typeof value.value === "number") {
    return `attempts: ${value.value + 1}`;
  }
  const text = draft.keep(retries.value);
  const isSimple = value.type === "Identifier" ||
    value.type === "MemberExpression" || value.type === "CallExpression";
  return `attempts: ${isSimple ? text : `(${text})`} + 1`;
}

/** Whether a delay may get longer than that, which is the most by default. */
function growsBeyond(
  most: number,
  { retries, factor, minTimeout }: {
    readonly [name: string]: ES.Property | undefined;
  },
): boolean {
  const numberOf = (property: ES.Property | undefined, fallback: number) => {
    if (!property) return fallback;
    const value = unwrap(property.value);
    return value.type === "Literal" && typeof value.value === "number"
      ? value.value
      : NaN;
  };
  const longest = numberOf(minTimeout, 1000) *
    numberOf(factor, 2) ** (numberOf(retries, 10) - 1);
  return !(longest <= most);
}

/** `({ error, attemptNumber }) => …` for what gets these in another form. */
function writeCallback(
  draft: Draft,
  callback: ES.Node,
  to: "retryIf" | "onRetry",
): string | undefined {
  const inner = unwrap(callback);
  if (!isFunctionExpression(inner) || inner.params.length > 1) return undefined;
  const text = draft.keepRaw(callback);
  const [pattern] = inner.params;
  if (!pattern) return draft.move(callback, text);
  if (pattern.type !== "ObjectPattern") return undefined;
  const names = new Map<string, string>();
  for (const property of pattern.properties) {
    if (property.type !== "Property") return undefined;
    const key = getKeyName(property.key, property.computed);
    if (property.value.type !== "Identifier" || key === undefined) {
      return undefined;
    }
    if (key !== "error" && key !== "attemptNumber") return undefined;
    names.set(key, property.value.name);
  }
  const error = names.get("error");
  const attempt = names.get("attemptNumber");
  const write = (key: string, local: string | undefined) =>
    local === undefined ? [] : [local === key ? key : `${key}: ${local}`];
  const parameters = to === "retryIf"
    ? [error ?? "_error", ...attempt === undefined ? [] : [attempt]].join(", ")
    : `{ ${
      [...write("error", error), ...write("attempt", attempt)].join(", ")
    } }`;
  const [start, end] = pattern.range.map((each) => each - callback.range[0]);
  return draft.move(
    callback,
    text.slice(0, start) + parameters + text.slice(end),
  );
}
