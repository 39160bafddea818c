import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { programOf, runtimes, type Tool } from "./runtimes.ts";
import { check, REPORT, REQUIRE, type Stage, tests } from "./stages.ts";
import { E2E, PAGES, RULE_TESTS, ruleTests, SLOW } from "./test_files.ts";
import { ownPackages, root } from "./workspace.ts";

/**
 * What the gate's own runtime can't show: the same tests on other runtimes and
 * in a browser, and the packages as users install them.
 */
export function matrix(): Stage[] {
  return [
    check("tools", { args: ["run", "--allow-all", "tools/install_tools.ts"] }),
    onNode(runtimes.node24),
    onNode(runtimes.node22, NOT_ON_NODE_22),
    onBun(runtimes.bun),
    tests("slow", "--parallel", ...REQUIRE, ...SLOW),
    endToEnd("npm", "npm_test.ts", "plugin_test.ts"),
    endToEnd("devtools", "devtools_test.ts"),
    endToEnd("engines", "engines_test.ts"),
    endToEnd("frameworks", "frameworks_test.ts"),
    endToEnd("copies", "copies_test.ts"),
    endToEnd("jsr", "jsr_test.ts"),
    endToEnd("ci", "ci_docs_test.ts"),
    endToEnd("release", "readme_test.ts", "release_test.ts"),
    {
      name: "browser",
      kind: "tests",
      commands: [{
        args: ["run", "--allow-all", "tools/browser.ts", REPORT],
      }],
    },
    tests(
      "pages",
      ...REQUIRE,
      `${PAGES}/timeline_test.ts`,
      `${PAGES}/inspector_test.ts`,
    ),
  ];
}

function endToEnd(name: string, ...files: readonly string[]): Stage {
  const paths = files.map((file) => `${E2E}/${file}`);
  return tests(name, "--parallel", ...REQUIRE, ...paths);
}

/** Test files, each with the reason why it isn't run. */
type Unable = Readonly<Record<string, string>>;

/** What Node 22 can't run: the examples are written as users write today. */
const NOT_ON_NODE_22: Unable = {
  "devtools/tests/console_demo_test.ts":
    "the demo has declarations with `using`",
  "tests/apps_worker_test.ts": "it has declarations with `using`",
  "tests/demo_test.ts": "the demo has declarations with `using`",
  "tests/examples_test.ts": "some examples have declarations with `using`",
};

/** What Bun can't run. */
const NOT_ON_BUN: Unable = {
  "tests/group_quiet_test.ts":
    "its runner fails a test in which a rejection stays unhandled, whoever listens",
};

/** Test files that no runtime but Deno can run. */
const DENO_ONLY: Unable = {
  "lint-plugin/tests/configuration_test.ts": "written for Deno.test",
  "lint-plugin/tests/docs_test.ts": "reads the pages by Deno's API",
  "lint-plugin/tests/example_test.ts": "starts the hosts by Deno's API",
  "lint-plugin/tests/interactions_test.ts": "reads the cases by Deno's API",
  "lint-plugin/tests/parity_test.ts": "compares hosts, one of which is Deno",
  "lint-plugin/tests/suggestions_test.ts": "reads the cases by Deno's API",
  "lint-plugin/tests/typed_test.ts": "written for Deno.test",
};

/** The files of tests that a runtime runs, relative to the root. */
function portableTests(unable: Unable = {}): string[] {
  const rules = ruleTests();
  const others = ownPackages()
    .map(({ folder }) => join(folder, "tests"))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(folder, name))
    )
    .filter((path) => path.endsWith("_test.ts"))
    .filter((path) => !path.endsWith("_deno_test.ts"))
    .filter((path) => !(path in DENO_ONLY || path in unable))
    .filter((path) => !rules.includes(path));
  return [RULE_TESTS, ...others];
}

function onNode(node: Tool, unable?: Unable): Stage {
  const options = [
    "--import=./tools/node_hook.ts",
    // Node 22 warns of each file whose types it strips.
    "--disable-warning=ExperimentalWarning",
    "--test",
    `--test-concurrency=${availableParallelism()}`,
    "--test-reporter=junit",
    `--test-reporter-destination=${REPORT}`,
    "--test-reporter=dot",
    "--test-reporter-destination=stdout",
  ];
  return {
    name: node.id,
    kind: "tests",
    commands: [{
      program: programOf(node),
      args: [...options, ...portableTests(unable)],
    }],
  };
}

function onBun(bun: Tool): Stage {
  const options = [
    "--isolate",
    "--preload=./tools/bun_hook.ts",
    // Its default of 5 s is meant for faster machines than some.
    "--timeout=60000",
    "--only-failures",
    "--reporter=junit",
    `--reporter-outfile=${REPORT}`,
  ];
  const files = portableTests(NOT_ON_BUN).map((path) => `./${path}`);
  return {
    name: bun.id,
    kind: "tests",
    commands: [{
      program: programOf(bun),
      args: ["test", ...options, ...files],
    }],
  };
}
