/** The plugin's tarball, installed by npm beside each host that it names. */
import { assertEquals, assertMatch } from "@std/assert";
import { delimiter, dirname } from "node:path";
import process from "node:process";
import { pack } from "../../tools/pack.ts";
import { programOf, runtimes } from "../../tools/runtimes.ts";
import { ownPackages } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import {
  type Consumer,
  makeConsumer,
  manifestOf,
  pinned,
  withConsumer,
} from "./_consumer.ts";
import { defects, rules } from "./_defects.ts";

const plugin = ownPackages()
  .find(({ name }) => name === "@mdc/eslint-plugin")!;
const shelf = await makeConsumer();
const tarball = pack(plugin, shelf.folder);

const env = {
  PATH: dirname(programOf(runtimes.node20)) + delimiter + process.env.PATH,
};

/** A project with the defects, the plugin and what else is named. */
function inProject(
  packages: readonly string[],
  body: (project: Consumer) => Promise<void>,
): Promise<void> {
  return withConsumer(async (project) => {
    const manifest = '{ "private": true, "type": "module" }\n';
    await project.write({ "package.json": manifest, ...defects });
    const options = ["--no-audit", "--no-fund", "--ignore-scripts"];
    const install = ["install", ...options, tarball, ...packages];
    await project.run("npm", install, { env });
    await body(project);
  });
}

for (const eslint of [pinned("eslint"), "eslint@9.39.5"]) {
  test(`the plugin for npm works in ${eslint} on Node 20`, () =>
    inProject(
      [eslint, pinned("@typescript-eslint/parser"), pinned("typescript")],
      async (project) => {
        await project.write({
          "eslint.config.js": `import mdc from "@mdc/eslint-plugin";
import parser from "@typescript-eslint/parser";

export default [
  { files: ["**/*.ts"], languageOptions: { parser } },
  mdc.configs.recommended,
];
`,
        });
        const program = "node_modules/eslint/bin/eslint.js";
        const version = await project.run("node", [program, "--version"], {
          env,
        });
        assertEquals(`eslint@${version.trim().slice(1)}`, eslint);
        const output = await project.run(
          "node",
          [program, "--format", "json", ...Object.keys(defects)],
          { env, code: 1 },
        );
        const results = JSON.parse(output) as {
          messages: { ruleId: string; severity: number }[];
        }[];
        const found = results.flatMap(({ messages }) =>
          messages.map(({ ruleId, severity }) => `${ruleId} ${severity}`)
        );
        assertEquals(found.sort(), rules.map((rule) => `mdc/${rule} 2`));
      },
    ));
}

test("the plugin for npm works in oxlint on Node 20", () =>
  inProject(["oxlint@1.94.0"], async (project) => {
    await project.write({
      ".oxlintrc.json": JSON.stringify({
        jsPlugins: [{ name: "mdc", specifier: "@mdc/eslint-plugin" }],
        categories: { correctness: "off" },
        rules: Object.fromEntries(
          rules.map((rule) => [`mdc/${rule}`, "warn"]),
        ),
      }),
    });
    const output = await project.run(
      "npx",
      ["oxlint", "--format", "json", ...Object.keys(defects)],
      { env },
    );
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: { code: string; message: string }[];
    };
    const found = diagnostics.map(({ code }) => code).sort();
    assertEquals(found, rules.map((rule) => `mdc(${rule})`));
  }));

test("the manifest of the plugin names the hosts that it works in", () => {
  const { peerDependencies } = manifestOf(tarball);
  assertMatch(peerDependencies.eslint, /^>=9/);
});
