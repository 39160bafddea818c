import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getMethodCall,
  getOnlyExpression,
  isFunctionExpression,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { Variable } from "../host/rule.ts";
import type { Draft } from "./draft.ts";
import { takesOnly, writeMapper, type Written } from "./mapper.ts";
import { getPackageUses, type PackageUse } from "./package_uses.ts";
import { getPromiseAllMap, isWaitedFor } from "./promise_all.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `Promise.all(items.map((item) => limit(() => work(item))))`. */
export const pLimit: Recipe = defineRecipe("p-limit", {
  summary:
    "`Promise.all` of calls of a `pLimit()` → `map()` with `concurrency`",
  needs: /["'](?:npm:)?p-limit(?:@[^"']*)?["']/,
  create: (bench) => ({
    Program(program: ES.Program) {
      for (const use of getPackageUses(bench.context, program, "p-limit")) {
        rewrite(bench, use);
      }
    },
  }),
});

function rewrite(bench: Bench, { name, node, call }: PackageUse): void {
  const what = `\`${name === "default" ? "pLimit" : name}\``;
  const leave = (because: string) => bench.leave(node, what, because);
  if (name !== "default" || !call) {
    return leave("only a limit that is made there has a counterpart");
  }
  const [concurrency, more] = call.arguments;
  const declarator = outermost(call).parent;
  const declaration = declarator?.parent;
  if (
    !concurrency || more || unwrap(concurrency).type === "ObjectExpression" ||
    declarator?.type !== "VariableDeclarator" ||
    declarator.id.type !== "Identifier" ||
    declaration?.type !== "VariableDeclaration" ||
    declaration.kind !== "const" || declaration.declarations.length > 1
  ) return leave("the limit isn't a constant of its own");
  const [limit] = bench.context.sourceCode.getDeclaredVariables(declarator);
  const uses = limit ? getUses(limit) : [];
  const [use, another] = uses;
  if (!use || another) return leave("the limit is used in several places");
  if (getEnclosingFunction(declaration) === undefined) {
    if (getEnclosingFunction(use)) return leave(SHARED);
  }
  const draft = bench.draft(declaration);
  const found = findWork(bench, draft, use);
  if (found.because !== undefined) return leave(found.because);
  const { target, items, text } = found;
  if (getEnclosingFunction(target) !== getEnclosingFunction(declaration)) {
    return leave(SHARED);
  }
  draft.removeStatement(declaration);
  draft.replace(
    target,
    `${draft.use("map")}(${items}, ${text}, { concurrency: ${
      draft.keep(concurrency)
    } })`,
  );
  bench.offer(draft, {
    what: "a `pLimit()` for one `Promise.all` can be `map()`",
    why: "after a failure the others are cancelled and no more are started",
  });
}

const SHARED = "several calls share the limit";

function getUses(limit: Variable): ES.Identifier[] {
  return limit.references.filter((each) => !each.init)
    .map(({ identifier }) => identifier as ES.Identifier);
}

type Found =
  | {
    readonly target: ES.CallExpression;
    readonly items: string;
    readonly text: string;
    readonly because?: undefined;
  }
  | { readonly because: string };

/** What is called under the limit, written for `map()`. */
function findWork(bench: Bench, draft: Draft, use: ES.Identifier): Found {
  const { context } = bench;
  const parent = use.parent;
  const mapping = parent?.type === "MemberExpression" && parent.object === use
    ? getMethodCall(parent.parent)
    : undefined;
  if (mapping?.name === "map") {
    const [items, callback, more] = mapping.call.arguments;
    if (!items || !callback || more) return { because: UNKNOWN };
    const body = writeMapper(context, draft, { callback, passes: 2 });
    return body.because !== undefined
      ? { because: body.because }
      : { target: mapping.call, items: draft.keep(items), text: body.text };
  }
  if (parent?.type !== "CallExpression" || parent.callee !== use) {
    return { because: UNKNOWN };
  }
  const callback = getCallback(parent);
  const target = callback && getPromiseAll(callback);
  const all = target && getPromiseAllMap(context, target);
  if (!callback || !all || unwrap(all.callback) !== callback) {
    return { because: UNKNOWN };
  }
  if (!isWaitedFor(target)) {
    return { because: "nobody waits for its `Promise.all` right there" };
  }
  if (!takesOnly(context, callback, 2)) {
    return { because: "its callback takes more than an item and an index" };
  }
  const work = writeWork(bench, draft, parent);
  if (work.because !== undefined) return work;
  const params = callback.params.map((each) => draft.keep(each));
  const [item = "", index] = params;
  const list = index === undefined ? item : `${item}, _context, ${index}`;
  const text = work.text.replace("()", () => `(${list})`);
  return { target, items: draft.keep(all.items), text };
}

const UNKNOWN = "it isn't one `Promise.all` of an array's `map()`";

/** The callback whose whole body is the call. */
function getCallback(
  call: ES.CallExpression,
): ES.ArrowFunctionExpression | ES.FunctionExpression | undefined {
  const owner = getEnclosingFunction(call);
  if (!isFunctionExpression(owner)) return undefined;
  const only = getOnlyExpression(owner);
  const inner = only?.type === "AwaitExpression" ? unwrap(only.argument) : only;
  return inner === call ? owner : undefined;
}

function getPromiseAll(callback: ES.Node): ES.CallExpression | undefined {
  const mapping = outermost(callback).parent;
  const target = mapping && outermost(mapping).parent;
  return target?.type === "CallExpression" ? target : undefined;
}

/** The limited function with `()` in place of its parameters. */
function writeWork(
  { context }: Bench,
  draft: Draft,
  call: ES.CallExpression,
): Written {
  const [work, ...given] = call.arguments;
  if (!work || work.type === "SpreadElement") return { because: UNKNOWN };
  const inner = unwrap(work);
  if (given.length > 0) {
    const args = given.map((each) => draft.keep(each)).join(", ");
    return { text: `() => ${draft.keep(work)}(${args})` };
  }
  if (inner.type === "ArrowFunctionExpression") {
    if (inner.params.length > 0) return { because: UNKNOWN };
    const whole = draft.keepRaw(inner);
    const head = whole.slice(0, inner.body.range[0] - inner.range[0]);
    if (!/^(?:async\s*)?\(\s*\)\s*=>\s*\(?\s*$/.test(head)) {
      return { because: "its types are written" };
    }
    return { text: draft.move(inner, whole) };
  }
  return isFunctionExpression(inner) || inner.type !== "Identifier" ||
      !context
    ? { because: "what is limited isn't an arrow function" }
    : { text: `() => ${draft.keep(work)}()` };
}
