import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { programOf, runtimes, type Tool } from "./runtimes.ts";
import { check, E2E, REPORT, type Stage, tests } from "./stages.ts";
import { ownPackages, root } from "./workspace.ts";

/**
 * What the gate's own runtime can't show: the same tests on other runtimes and
 * in a browser, and the packages as users install them.
 */
export function matrix(): Stage[] {
  return [
    check("tools", { args: ["run", "--allow-all", "tools/install_tools.ts"] }),
    onNode(runtimes.node24),
    onNode(runtimes.node22),
    onBun(runtimes.bun),
    tests("npm", `${E2E}/npm_test.ts`),
    tests("jsr", `${E2E}/jsr_test.ts`),
    {
      name: "browser",
      kind: "tests",
      commands: [{
        args: ["run", "--allow-all", "tools/browser.ts", REPORT],
      }],
    },
  ];
}

/** Test files that other runtimes can't run, each with the reason. */
const DENO_ONLY: Readonly<Record<string, string>> = {
  "lint-plugin/tests/configuration_test.ts": "written for Deno.test",
  "lint-plugin/tests/consumer_jsr_test.ts": "starts Deno on a JSR registry",
  "lint-plugin/tests/consumer_npm_test.ts": "packs by Deno",
  "lint-plugin/tests/docs_test.ts": "reads the pages by Deno's API",
  "lint-plugin/tests/example_test.ts": "starts the hosts by Deno's API",
  "lint-plugin/tests/parity_test.ts": "compares hosts, one of which is Deno",
};

/** The files of tests that every runtime runs, relative to the root. */
export function portableTests(): string[] {
  return ownPackages()
    .map(({ folder }) => join(folder, "tests"))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(folder, name))
    )
    .filter((path) => path.endsWith("_test.ts"))
    .filter((path) => !path.endsWith("_deno_test.ts"))
    .filter((path) => !(path in DENO_ONLY));
}

function onNode(node: Tool): Stage {
  const options = [
    "--import=./tools/node_hook.ts",
    // Node 22 warns of each file whose types it strips.
    "--disable-warning=ExperimentalWarning",
    "--test",
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
      args: [...options, ...portableTests()],
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
  const files = portableTests().map((path) => `./${path}`);
  return {
    name: bun.id,
    kind: "tests",
    commands: [{
      program: programOf(bun),
      args: ["test", ...options, ...files],
    }],
  };
}
