import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getLastName, unwrap } from "../syntax/nodes.ts";
import { writeMapper } from "./mapper.ts";
import { getOptions } from "./options.ts";
import { getPackageUses, type PackageUse } from "./package_uses.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** `pMap(items, mapper, { concurrency })`. */
export const pMap: Recipe = defineRecipe("p-map", {
  summary: "`pMap()` → `map()` with `concurrency`",
  needs: /["'](?:npm:)?p-map(?:@[^"']*)?["']/,
  create: (bench) => ({
    Program(program: ES.Program) {
      const uses = getPackageUses(bench.context, program, "p-map");
      const skips = uses.some(({ name }) => name === "pMapSkip");
      for (const use of uses) rewrite(bench, use, skips);
    },
  }),
});

function rewrite(
  bench: Bench,
  { name, node, call }: PackageUse,
  skips: boolean,
): void {
  if (name === "pMapSkip") return;
  const what = `\`${name === "default" ? "pMap" : name}\``;
  const leave = (because: string) => bench.leave(node, what, because);
  if (name !== "default") {
    return leave("only `pMap()` itself has a counterpart");
  }
  if (skips) return leave("the file skips items by `pMapSkip`");
  if (!call) return leave("it isn't called here, but handed on");
  const [items, mapper, given, ...more] = call.arguments;
  if (
    !items || !mapper || items.type === "SpreadElement" ||
    mapper.type === "SpreadElement" || more.length > 0
  ) return leave("its arguments aren't known");
  const options = getOptions(given, ["concurrency", "stopOnError", "signal"]);
  if (typeof options === "string") return leave(options);
  const { concurrency, stopOnError, signal } = options;
  const stops = stopOnError && unwrap(stopOnError.value);
  if (stops && !(stops.type === "Literal" && stops.value === true)) {
    return leave("`map()` always stops at the first failure");
  }
  if (/promises?$/i.test(getLastName(items) ?? "")) {
    return leave("its items seem to be promises, which `map()` doesn't await");
  }
  const draft = bench.draft(call);
  const body = writeMapper(bench.context, draft, {
    callback: mapper,
    passes: 2,
  });
  if (body.because !== undefined) return leave(body.because);
  const kept = [concurrency, signal].flatMap((each) =>
    each ? [draft.keep(each)] : []
  );
  const rest = kept.length > 0 ? `, { ${kept.join(", ")} }` : "";
  draft.replace(
    call,
    `${draft.use("map")}(${draft.keep(items)}, ${body.text}${rest})`,
  );
  bench.offer(draft, {
    what: "`pMap()` can be `map()`",
    why: "after a failure the other items are cancelled and waited for",
  });
}
