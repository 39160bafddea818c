/** What the command does with recipes. */
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { codemod } from "../codemod.ts";
import { recipes } from "../recipes/mod.ts";
import { withProject } from "./_project.ts";

const BEFORE = `import delay from "delay";

export async function rest(signal: AbortSignal) {
  await delay(5, { signal });
  await delay(5, { value: 1 });
}
`;
const AFTER = `import delay from "delay";
import { sleep } from "@mdc/tasks";

export async function rest(signal: AbortSignal) {
  await sleep(5, { signal });
  await delay(5, { value: 1 });
}
`;

test("--recipe shows a diff, what is left and why, and how to install the package", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", BEFORE);
    await write("package.json", "{}");
    const { code, out } = await run(["--recipe", "delay"]);
    assertEquals(code, 1);
    assertEquals(await read("main.ts"), BEFORE);
    assertMatch(out, /^\+ {2}await sleep\(5, \{ signal \}\);$/m);
    assertMatch(out, /^@@ .* mdc\/delay: .* \(review: in a task it ends/m);
    assertStringIncludes(
      out,
      "left: `delay` of the package, because `value` has no counterpart",
    );
    assertStringIncludes(
      out,
      "to install: npx jsr add @mdc/tasks, or npm install @mdc/tasks\n",
    );
  });
});

test("--recipe --write writes, and a second run has nothing to do", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", BEFORE);
    await write("deno.json", "{}");
    const { out } = await run(["--recipe", "delay", "--write"]);
    assertEquals(await read("main.ts"), AFTER);
    assertStringIncludes(out, "rewrote main.ts: 1 × delay");
    assertStringIncludes(out, "to install: deno add jsr:@mdc/tasks\n");
    const again = await run(["--recipe", "delay", "--write"]);
    assertEquals(await read("main.ts"), AFTER);
    assertEquals(again.out.includes("to install"), false);
  });
});

test("nothing is to be installed where the project has the package", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", BEFORE);
    await write(
      "package.json",
      `{ "dependencies": { "@mdc/tasks": "npm:@jsr/mdc__tasks" } }`,
    );
    const { out } = await run(["--recipe", "delay"]);
    assertEquals(out.includes("to install"), false);
  });
});

test("several recipes run together", async () => {
  await withProject(async ({ run, write, read }) => {
    await write(
      "main.ts",
      `import delay from "delay";
import pMap from "p-map";

await pMap([1, 2], (n) => delay(n));
`,
    );
    await run(["--recipe", "delay", "--recipe", "p-map", "--write"]);
    assertEquals(
      await read("main.ts"),
      `import { map, sleep } from "@mdc/tasks";

await map([1, 2], (n) => sleep(n));
`,
    );
  });
});

test("--help and --list-recipes name every recipe", async () => {
  await withProject(async ({ run }) => {
    for (const option of ["--help", "--list-recipes"]) {
      const { code, out } = await run([option]);
      assertEquals(code, 0);
      for (const { name, summary } of recipes) {
        assertStringIncludes(out, `  ${name} `);
        assertStringIncludes(out, summary.replaceAll("`", ""));
      }
    }
  });
});

test("--recipe goes with nothing that is about rules", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", BEFORE);
    for (
      const other of [
        ["--rule", "no-busy-wait"],
        ["--tier", "1"],
        ["--risk", "safe"],
        ["--config", "eslint.config.js"],
        ["--suppress"],
        ["--prune-suppressions"],
      ]
    ) {
      const { code, error } = await run(["--recipe", "delay", ...other]);
      assertEquals(code, 2);
      assertStringIncludes(error, `Cannot combine --recipe and ${other[0]}`);
    }
  });
});

test("an unknown recipe is refused with the known ones", async () => {
  await withProject(async ({ folder, run, write }) => {
    await write("main.ts", BEFORE);
    const { code, error } = await run(["--recipe", "dely"]);
    assertEquals(code, 2);
    assertMatch(error, /expected one of race-timeout, .*; received "dely"/);
    await assertRejects(
      () => codemod({ cwd: folder, recipes: ["delay"], tier: 1 }),
      TypeError,
      "Cannot combine recipes with rules or a tier",
    );
  });
});

test("--format json, github and sarif tell of recipes", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", BEFORE);
    await write("package.json", "{}");
    const json = await run(["--recipe", "delay", "--format", "json"]);
    const { rules, risk, installation, files } = JSON.parse(json.out);
    assertEquals([rules, risk], [["delay"], "review"]);
    assertMatch(installation, /npm install @mdc\/tasks/);
    assertEquals(files[0].applied.length, 1);
    const github = await run(["--recipe", "delay", "--format", "github"]);
    assertMatch(github.out, /title=mdc\/delay::.*\(review: in a task/);
    const sarif = await run(["--recipe", "delay", "--format", "sarif"]);
    const [{ results }] = JSON.parse(sarif.out).runs;
    assertEquals(results[0].ruleId, "mdc/delay");
  });
});

test("types are asked only where the package is installed", async () => {
  const typescript = new URL("../../node_modules/typescript", import.meta.url);
  await withProject(async ({ folder, run, write, read }) => {
    await mkdir(join(folder, "node_modules/@mdc/tasks"), { recursive: true });
    await symlink(
      fileURLToPath(typescript),
      join(folder, "node_modules/typescript"),
    );
    await write(
      "tsconfig.json",
      `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] } }`,
    );
    await mkdir(join(folder, "node_modules/delay"));
    await write(
      "node_modules/delay/index.d.ts",
      "export default function delay(ms: number | string): Promise<void>;\n",
    );
    const text = `import delay from "delay";
export const a = () => delay(5);
export const b = () => delay("5");
`;
    await write("main.ts", text);
    const first = await run(["--recipe", "delay"]);
    assertStringIncludes(
      first.out,
      "types of 1 edited file not checked: @mdc/tasks isn't installed",
    );
    await write(
      "node_modules/@mdc/tasks/index.d.ts",
      "export declare function sleep(ms: number): Promise<void>;\n",
    );
    const { out } = await run(["--recipe", "delay", "--write"]);
    assertMatch(out, /main\.ts:\d+:\d+ dropped an edit of delay: adds TS2345 /);
    assertEquals(
      await read("main.ts"),
      `import delay from "delay";
import { sleep } from "@mdc/tasks";
export const a = () => sleep(5);
export const b = () => delay("5");
`,
    );
  });
});
