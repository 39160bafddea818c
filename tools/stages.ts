import { ownPackages } from "./workspace.ts";

/** One step of the gate. */
export interface Stage {
  name: string;
  /**
   * "check" counts as one check, passed when every command succeeds. "tests"
   * has one command, a test runner that understands `--junit-path`, and counts
   * as many as the report has test cases.
   */
  kind: "check" | "tests";
  commands: readonly Command[];
}

/** A run of Deno. */
export interface Command {
  args: readonly string[];
  /** Relative to the root, which is the default. */
  folder?: string;
}

/** Everything the gate checks, in its order: the cheapest first. */
export function gate(): Stage[] {
  const packages = ownPackages();
  const entries = packages.flatMap(({ entries }) => Object.values(entries));
  return [
    check("fmt", { args: ["fmt", "--check"] }),
    check("lint", { args: ["lint"] }),
    check("types", { args: ["check", "--quiet"] }),
    check("doc-lint", { args: ["doc", "--lint", ...entries] }),
    check(
      "publish",
      ...packages.map(({ folder }) => ({
        args: ["publish", "--dry-run", "--allow-dirty", "--quiet"],
        folder,
      })),
    ),
    tests("unit", ["test", "--allow-all"]),
    // Test files have no documentation, and rule pages show incorrect code.
    tests("docs", [
      "test",
      "--doc",
      "--allow-all",
      "--ignore=tests,tools,lint-plugin/tests,lint-plugin/docs",
    ]),
  ];
}

function check(name: string, ...commands: Command[]): Stage {
  return { name, kind: "check", commands };
}

function tests(name: string, args: readonly string[]): Stage {
  return { name, kind: "tests", commands: [{ args }] };
}
