import type { TSESTree as ES } from "@typescript-eslint/utils";
import { writeAll } from "./controller_all.ts";
import { writeLimit } from "./controller_limit.ts";
import { writeScope } from "./controller_scope.ts";
import { readController } from "./linked_controller.ts";
import { type Bench, defineRecipe, type Recipe } from "./recipe.ts";

/** A controller that follows a signal, a timer, or a failure. */
export const controllerTree: Recipe = defineRecipe("controller-tree", {
  summary:
    "controllers that follow a signal or a timer → `CancelScope`, `failAfter()`, `all()`",
  needs: /\bAbortController\b/,
  create: (bench) => ({
    VariableDeclaration: (node: ES.VariableDeclaration) => visit(bench, node),
  }),
});

function visit(bench: Bench, declaration: ES.VariableDeclaration): void {
  const { context } = bench;
  const block = declaration.parent;
  if (block.type !== "BlockStatement") return;
  const controller = readController(context, declaration);
  if (!controller) return;
  const leave = (because: string) =>
    bench.leave(
      declaration,
      "an `AbortController` that follows others",
      because,
    );
  if (typeof controller === "string") {
    // Only what follows something is about this recipe.
    const follows = /addEventListener\(\s*["']abort|setTimeout\(/;
    if (follows.test(context.sourceCode.getText(block))) leave(controller);
    return;
  }
  if (!controller.parent && !controller.ms) return;
  const from = block.body.indexOf(declaration) + 1;
  const rest = block.body.slice(from).filter((each) =>
    !controller.service.has(each)
  );
  const draft = bench.draft(declaration);
  const site = { controller, rest };
  const outcome = controller.ms
    ? writeLimit(context, draft, site)
    : writeAll(context, draft, site) ?? writeScope(context, draft, site);
  if (outcome !== "written") return leave(outcome.because);
  bench.offer(draft, {
    what: "an `AbortController` that follows others can be a scope",
    why: controller.ms
      ? "when the time is over the error is a `TimeoutError`"
      : "after a failure the others are cancelled and waited for",
  });
}
