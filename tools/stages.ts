import { globSync } from "node:fs";
import { RULE_TESTS, unitTests } from "./test_files.ts";
import { ownPackages, root } from "./workspace.ts";

/** One step of the gate. */
export interface Stage {
  name: string;
  /**
   * "check" counts as one check, passed when every command succeeds. "tests"
   * has test runners as commands, each of which writes a JUnit report to
   * {@linkcode REPORT}, and counts as many as the reports have test cases.
   */
  kind: "check" | "tests";
  commands: readonly Command[];
}

/** Stands in a command's arguments for the path of its JUnit report. */
export const REPORT = "{report}";

/** Has a file fail that registers no test. */
export const REQUIRE: readonly string[] = [
  "--preload",
  "tools/require_tests.ts",
];

/** A run of a program. */
export interface Command {
  /** Its name or its path; Deno by default. */
  program?: string;
  args: readonly string[];
  /** Relative to the root, which is the default. */
  folder?: string;
}

/** Pages of which the unit tests run every program. */
const PROGRAMS = [
  "docs/behaviours.md",
  "docs/from_asyncio.md",
  "docs/semantics.md",
];

/** Test files have no examples, and rule pages show incorrect code. */
const UNDOCUMENTED = [
  "tests",
  "tools",
  "devtools/tests",
  "lint-plugin/tests",
  "lint-plugin/docs",
];

/** Entries with types of another package, whose own documentation has gaps. */
const FOREIGN_TYPES = ["devtools/otel.ts"];

/** Everything the gate checks, in its order: the cheapest first. */
export function gate(): Stage[] {
  const packages = ownPackages();
  const entries = packages.flatMap(({ entries }) => Object.values(entries));
  return [
    check("fmt", { args: ["fmt", "--check"] }),
    // Deno's own rules and ours; then ours once more, as ESLint runs them.
    check("lint", { args: ["lint"] }),
    check("eslint", {
      args: ["run", "--allow-all", "npm:eslint@10.15.0", "."],
    }),
    check("rule-pages", {
      args: ["run", "--allow-all", "lint-plugin/scripts/docs.ts", "--check"],
    }),
    check("page", {
      args: ["run", "--allow-all", "devtools/scripts/build_page.ts", "--check"],
    }),
    check(
      "types",
      { args: ["check", "--quiet", ...typedSources()] },
      { args: ["check", "--quiet", "--doc-only", ...PROGRAMS] },
    ),
    check("doc-lint", {
      args: [
        "doc",
        "--lint",
        ...entries.filter((path) => !FOREIGN_TYPES.includes(path)),
      ],
    }),
    check(
      "publish",
      ...packages.map(({ folder }) => ({
        args: ["publish", "--dry-run", "--allow-dirty", "--quiet"],
        folder,
      })),
    ),
    tests("unit", "--parallel", ...REQUIRE, RULE_TESTS, ...unitTests()),
    tests(
      "docs",
      "--doc",
      "--parallel",
      `--ignore=${[...UNDOCUMENTED, ...PROGRAMS].join()}`,
    ),
    check("api", { args: ["run", "--allow-all", "tools/api.ts", "--check"] }),
    check("size", { args: ["run", "--allow-all", "tools/size.ts"] }),
  ];
}

/** Every source but those whose types are wrong on purpose. */
function typedSources(): string[] {
  const folders = "{src,tests,tools,bench,examples,lint-plugin,devtools}";
  return globSync(["*.ts", `${folders}/**/*.ts`], { cwd: root })
    .filter((path) =>
      !path.includes("node_modules/") &&
      !path.startsWith("lint-plugin/tests/fixtures/") &&
      !path.startsWith("lint-plugin/tests/typed/")
    );
}

/** A stage that counts as one check. */
export function check(name: string, ...commands: Command[]): Stage {
  return { name, kind: "check", commands };
}

/** A stage that counts the test cases of `deno test`. */
export function tests(name: string, ...args: readonly string[]): Stage {
  const all = ["test", "--allow-all", `--junit-path=${REPORT}`, ...args];
  return { name, kind: "tests", commands: [{ args: all }] };
}
