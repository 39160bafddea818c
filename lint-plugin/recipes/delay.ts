import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getPackageUses, type PackageUse } from "./package_uses.ts";
import { getOptions } from "./options.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";
import { writeTime } from "./times.ts";

/** `delay(ms, { signal })` of the package `delay`. */
export const delay: Recipe = defineRecipe("delay", {
  summary: "`delay()` of the package `delay` → `sleep()`",
  needs: /["'](?:npm:)?delay(?:@[^"']*)?["']/,
  create: (bench) => ({
    Program(program: ES.Program) {
      for (const use of getPackageUses(bench.context, program, "delay")) {
        rewrite(bench, use);
      }
    },
  }),
});

function rewrite(bench: Bench, { name, node, call }: PackageUse): void {
  const what = `\`${name === "default" ? "delay" : name}\` of the package`;
  const leave = (because: string) => bench.leave(node, what, because);
  if (name !== "default") {
    return leave("only `delay()` itself has a counterpart");
  }
  if (!call) return leave("it isn't called here, but handed on");
  const [ms, given, ...more] = call.arguments;
  if (!ms || ms.type === "SpreadElement" || more.length > 0) {
    return leave("its arguments aren't known");
  }
  const options = getOptions(given, ["signal"]);
  if (typeof options === "string") return leave(options);
  const draft = bench.draft(call);
  const { signal } = options;
  const time = writeTime(bench.context, draft, ms);
  const rest = signal ? `, { ${draft.keep(signal)} }` : "";
  draft.replace(call, `${draft.use("sleep")}(${time}${rest})`);
  bench.offer(draft, {
    what: "`delay()` can be `sleep()`",
    why: "in a task it ends with the task's cancellation as well",
  });
}
