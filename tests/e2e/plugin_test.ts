/** The plugin's tarball, installed by npm beside each host that it names. */
import { assertEquals, assertMatch } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { pack } from "../../tools/pack.ts";
import { programOf, runtimes } from "../../tools/runtimes.ts";
import { ownPackages, readConfig, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { type Consumer, makeConsumer } from "./_consumer.ts";

const plugin = ownPackages()
  .find(({ name }) => name === "@mdc/eslint-plugin")!;
const shelf = await makeConsumer();
const tarball = pack(plugin, shelf.folder);
globalThis.addEventListener("unload", () => {
  Deno.removeSync(shelf.folder, { recursive: true });
});

const DEFECTS = join(root, "examples", "lint", "defects");
const defects = Object.fromEntries(
  readdirSync(DEFECTS).map((name) => [
    name,
    readFileSync(join(DEFECTS, name), "utf8"),
  ]),
);
/** Each defect has the name of its rule. */
const rules = Object.keys(defects)
  .map((name) => name.replace(/\.ts$/, "").replaceAll("_", "-"))
  .sort();

const env = {
  PATH: dirname(programOf(runtimes.node20)) + delimiter + process.env.PATH,
};

/** `name@version` as pinned in deno.json. */
function pinned(name: string): string {
  return readConfig(".").imports![name]!.replace(/^npm:/, "");
}

/** A project with the defects, the plugin and what else is named. */
async function inProject(
  packages: readonly string[],
  body: (project: Consumer) => Promise<void>,
): Promise<void> {
  const project = await makeConsumer();
  try {
    const manifest = '{ "private": true, "type": "module" }\n';
    await project.write({ "package.json": manifest, ...defects });
    const options = ["--no-audit", "--no-fund", "--ignore-scripts"];
    await project.run(
      "npm",
      ["install", ...options, tarball, ...packages],
      env,
    );
    await body(project);
  } finally {
    await project.remove();
  }
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
          // A report is no error here: the exit code tells of others.
          "lint.js": `import { ESLint } from "eslint";

const results = await new ESLint().lintFiles(["."]);
const found = results.flatMap(({ messages }) => messages);
console.log(ESLint.version);
for (const { ruleId, message } of found) console.log(ruleId ?? message);
`,
        });
        const output = await project.run("node", ["lint.js"], env);
        const [version, ...found] = output.trimEnd().split("\n");
        assertEquals(`eslint@${version}`, eslint);
        assertEquals(found.sort(), rules.map((rule) => `mdc/${rule}`));
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
      env,
    );
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: { code: string; message: string }[];
    };
    const found = diagnostics.map(({ code }) => code).sort();
    assertEquals(found, rules.map((rule) => `mdc(${rule})`));
  }));

test("the manifest of the plugin names the hosts that it works in", () => {
  const { peerDependencies } = JSON.parse(
    new TextDecoder().decode(
      new Deno.Command("tar", {
        args: ["xzOf", tarball, "package/package.json"],
      }).outputSync().stdout,
    ),
  );
  assertMatch(peerDependencies.eslint, /^>=9/);
});
