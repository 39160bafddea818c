import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { pack, PLUGIN, readImports, run } from "../scripts/build.ts";

const EXAMPLE = join(PLUGIN, "..", "examples", "lint", "defects");

const CONFIG = `import mdc from "@mdc/eslint-plugin";
import parser from "@typescript-eslint/parser";

export default [
  { files: ["**/*.ts"], languageOptions: { parser } },
  mdc.configs.recommended,
];
`;

const imports = await readImports();

/** `name@version` of a development dependency, as pinned in deno.json. */
function pinned(name: string): string {
  return (imports[name] ?? name).replace(/^npm:/, "");
}

Deno.test("the npm package, installed in an empty folder, lints with plain Node and ESLint", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const tarball = join(folder, "plugin.tgz");
    await pack(tarball);
    await Deno.writeTextFile(
      join(folder, "package.json"),
      JSON.stringify({ name: "consumer", private: true, type: "module" }),
    );
    await run("npm", {
      args: [
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        tarball,
        pinned("eslint"),
        pinned("@typescript-eslint/parser"),
        pinned("typescript"),
      ],
      cwd: folder,
    });
    await Deno.writeTextFile(join(folder, "eslint.config.js"), CONFIG);
    const names: string[] = [];
    for await (const { name } of Deno.readDir(EXAMPLE)) {
      await Deno.copyFile(join(EXAMPLE, name), join(folder, name));
      names.push(name);
    }
    const output = await run("node", {
      args: ["node_modules/eslint/bin/eslint.js", "--format", "json", "."],
      cwd: folder,
      codes: [1],
    });
    const results = JSON.parse(output) as {
      messages: { ruleId: string; severity: number }[];
    }[];
    const found = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, severity }) => `${ruleId} ${severity}`)
    );
    const expected = names.map((name) =>
      `mdc/${name.replace(/\.ts$/, "").replaceAll("_", "-")} 2`
    );
    assertEquals(found.sort(), expected.sort());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
