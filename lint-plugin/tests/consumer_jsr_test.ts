import { assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { PLUGIN, readImports, run } from "../scripts/build.ts";

const EXAMPLE = join(PLUGIN, "..", "examples", "lint", "defects");
const imports = await readImports();

/** A folder is a JSR registry: the files as `deno publish` would upload them. */
async function writeRegistry(registry: string): Promise<void> {
  const { name, version, exports } = manifest;
  const home = join(registry, name);
  for (const folder of [".", "codemod", "deno", "rules", "semantics"]) {
    for await (const entry of Deno.readDir(join(PLUGIN, folder))) {
      if (!entry.isFile || !entry.name.endsWith(".ts")) continue;
      const path = join(folder, entry.name);
      const text = await Deno.readTextFile(join(PLUGIN, path));
      const target = join(home, version, path);
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeTextFile(target, resolveImports(text));
    }
  }
  const [scope = "", bare = ""] = name.slice(1).split("/");
  await Deno.writeTextFile(
    join(home, "meta.json"),
    JSON.stringify({
      scope,
      name: bare,
      latest: version,
      versions: { [version]: {} },
    }),
  );
  await Deno.writeTextFile(
    join(home, `${version}_meta.json`),
    JSON.stringify({ manifest: {}, exports }),
  );
}

/** Publishing replaces the names of the import map by what they stand for. */
function resolveImports(text: string): string {
  return text.replace(
    /(from ")(@[^"]+)(";)/g,
    (whole, before, name, after) =>
      imports[name] ? before + imports[name] + after : whole,
  );
}

Deno.test("the plugin from a JSR registry lints in Deno", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const registry = join(folder, "registry");
    await writeRegistry(registry);
    const project = join(folder, "project");
    await Deno.mkdir(project);
    await Deno.writeTextFile(
      join(project, "deno.json"),
      JSON.stringify({
        lock: false,
        nodeModulesDir: "none",
        lint: {
          plugins: [`jsr:${manifest.name}@${manifest.version}/deno`],
          rules: { tags: [] },
        },
      }),
    );
    const names: string[] = [];
    for await (const { name } of Deno.readDir(EXAMPLE)) {
      await Deno.copyFile(join(EXAMPLE, name), join(project, name));
      names.push(name);
    }
    const output = await run(Deno.execPath(), {
      args: ["lint", "--json"],
      cwd: project,
      env: { JSR_URL: `${pathToFileURL(registry).href}/` },
      codes: [1],
    });
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: { code: string }[];
    };
    assertEquals(
      diagnostics.map(({ code }) => code).sort(),
      names.map((name) =>
        `mdc/${name.replace(/\.ts$/, "").replaceAll("_", "-")}`
      ).sort(),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
