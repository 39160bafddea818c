/** The tarballs for npm, installed in an empty folder by plain npm. */
import { assertEquals, assertMatch } from "@std/assert";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compilers, programOf, runtimes } from "../../tools/runtimes.ts";
import { pack } from "../../tools/pack.ts";
import { ownPackages, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer, manifestOf, PRINTED, PROGRAM } from "./_consumer.ts";

const packages = ownPackages();
const consumer = await makeConsumer();
const tarballs = packages.map((each) => pack(each, consumer.folder));

await consumer.write({
  "package.json": '{ "private": true, "type": "module" }\n',
  "main.ts": PROGRAM,
  "main.js": PROGRAM,
  "thread.js": `import { Worker } from "node:worker_threads";

new Worker(new URL("./main.js", import.meta.url));
`,
});
await consumer.run("npm", [
  "install",
  "--no-audit",
  "--no-fund",
  "--ignore-scripts",
  tarballs[0]!,
]);

for (const runtime of Object.values(runtimes)) {
  test(`the package for npm works on ${runtime.title}`, async () => {
    const output = await consumer.run(programOf(runtime), ["main.js"]);
    assertEquals(output, PRINTED);
  });

  test(`the package for npm works in a worker thread on ${runtime.title}`, async () => {
    const output = await consumer.run(programOf(runtime), ["thread.js"]);
    assertEquals(output, PRINTED);
  });
}

const nodenext = { module: "nodenext", moduleResolution: "nodenext" };
const bundler = { module: "esnext", moduleResolution: "bundler" };

/** What projects differ in; none of them asks for `esnext.disposable`. */
const PROJECTS = {
  "nodenext and no types of Node": {
    ...nodenext,
    lib: ["es2022", "dom"],
    types: [],
  },
  "bundler and no types of Node": {
    ...bundler,
    lib: ["es2022", "dom"],
    types: [],
  },
  "types of Node and no DOM": {
    ...nodenext,
    lib: ["es2022"],
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  },
};

for (const compiler of compilers) {
  for (const [title, options] of Object.entries(PROJECTS)) {
    test(`the package for npm type-checks with ${compiler.title}, ${title}`, async () => {
      await consumer.write({ "tsconfig.json": tsconfig(options) });
      await consumer.run(programOf(runtimes.node24), [programOf(compiler)]);
    });
  }
}

for (const [index, { name }] of packages.entries()) {
  const tarball = tarballs[index]!;

  test(`publint finds nothing in ${name}`, async () => {
    const output = await consumer.run(Deno.execPath(), [
      "run",
      "--allow-all",
      `--config=${join(root, "deno.json")}`,
      "npm:publint@0.3.25",
      "--strict",
      tarball,
    ]);
    assertMatch(output, /All good!/);
  });

  test(`"are the types wrong" finds nothing in ${name}`, async () => {
    await consumer.run(Deno.execPath(), [
      "run",
      "--allow-all",
      `--config=${join(root, "deno.json")}`,
      "npm:@arethetypeswrong/cli@0.18.5",
      "--profile=esm-only",
      "--no-emoji",
      tarball,
    ]);
  });

  test(`the manifest of ${name} says all that npm shows`, () => {
    const manifest = manifestOf(tarball);
    for (
      const key of [
        "description",
        "keywords",
        "repository",
        "engines",
        "license",
        "exports",
        "types",
      ]
    ) {
      assertEquals(key in manifest, true, key);
    }
  });

  test(`the tarball of ${name} has no source, test or tool`, () => {
    const names = execFileSync("tar", ["tzf", tarball], { encoding: "utf8" })
      .trim().split("\n");
    const surplus = names.filter((path) =>
      !/\.(js|d\.ts|md)$|\/(package\.json|LICENSE)$/.test(path) ||
      /\/(tests?|tools|bench|examples)\//.test(path)
    );
    assertEquals(surplus, []);
  });
}

test("the package for npm has no dependency", () => {
  const installed = readdirSync(join(consumer.folder, "node_modules"))
    .filter((name) => !name.startsWith("."));
  assertEquals(installed, ["@mdc"]);
  const manifest = JSON.parse(
    readFileSync(
      join(consumer.folder, "node_modules/@mdc/tasks/package.json"),
      "utf8",
    ),
  );
  assertEquals(manifest.dependencies, undefined);
});

/** As strict as can be, and declarations of the packages are checked too. */
function tsconfig(options: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    compilerOptions: {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      target: "es2022",
      ...options,
    },
    files: ["main.ts"],
  });
}
