// Our own rules on our own code, loaded from their TypeScript sources: run it
// with `deno run -A npm:eslint .`.
import parser from "@typescript-eslint/parser";
import plugin from "./lint-plugin/mod.ts";

export default [
  {
    ignores: [
      ".tools/",
      "cov/",
      // Code that is wrong on purpose.
      "examples/lint/defects/",
      "lint-plugin/tests/fixtures/",
    ],
  },
  {
    files: ["**/*.{js,ts,tsx}"],
    languageOptions: { parser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    // Where this repository imports its own package from.
    settings: { mdc: { modules: ["../mod.ts", "../../mod.ts", "./mod.ts"] } },
  },
  plugin.configs.strict,
  {
    // What a tracker does without being disposed of is tested here.
    files: ["tests/tracker_*test.ts"],
    rules: { "mdc/require-tracker-disposal": "off" },
  },
];
