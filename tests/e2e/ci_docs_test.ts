/** What docs/ci.md offers, run in a project that has the packed plugin. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { writeRegistry } from "../../tools/file_registry.ts";
import { pack } from "../../tools/pack.ts";
import { ownPackages, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { fileCount, readCiFiles, scriptOf, stepsOf } from "./_ci_files.ts";
import { makeConsumer, pinned } from "./_consumer.ts";

const RIGHT = `async function save(): Promise<void> {}

export async function end(): Promise<void> {
  await save();
}
`;
const WRONG = RIGHT.replace("await save()", "save()");

const files = readCiFiles();
const consumer = await makeConsumer();

const project = join(consumer.folder, "project");
const denoProject = join(consumer.folder, "deno");
const registry = join(consumer.folder, "registry");
writeRegistry(registry);

/** What the shells see: `deno` is the one that runs this. */
const env = {
  ...process.env,
  NO_COLOR: "1",
  JSR_URL: `${pathToFileURL(registry).href}/`,
  PRE_COMMIT_HOME: join(consumer.folder, "pre-commit"),
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
  PATH: [
    join(consumer.folder, "bin"),
    process.env.PATH,
  ].join(":"),
};

await setUp();

async function setUp(): Promise<void> {
  const plugin = ownPackages().find(({ folder }) => folder !== ".")!;
  const tarball = pack(plugin, consumer.folder);
  await consumer.write({
    "project/package.json": fileOf("package.json"),
    "project/eslint.config.js": fileOf("eslint.config.js"),
    "project/.gitignore": "node_modules\n",
    "project/main.ts": RIGHT,
    "deno/deno.json": JSON.stringify({
      ...JSON.parse(fileOf("deno.json")),
      lock: false,
      nodeModulesDir: "none",
    }),
    "deno/main.ts": RIGHT,
    "bin/deno": `#!/bin/sh\nexec "${Deno.execPath()}" "$@"\n`,
  });
  for (const [path, text] of files) {
    if (/\.ya?ml$/.test(path)) {
      await consumer.write({ [`project/${path}`]: text });
    }
  }
  shell("chmod +x bin/deno && deno fmt --quiet deno", consumer.folder);
  const packages = ["eslint", "@typescript-eslint/parser", "typescript"]
    .map(pinned);
  const install = ["npm install --save-dev --ignore-scripts --no-audit"];
  shell([...install, tarball, ...packages].join(" "), project);
  shell("git init -q && git add -A && git commit -qm first", project);
}

/** A file that the page offers. */
function fileOf(path: string): string {
  const text = files.get(path);
  assert(text !== undefined, `docs/ci.md has no ${path}`);
  return text;
}

interface Ended {
  code: number | null;
  output: string;
}

function tryShell(script: string, cwd: string): Ended {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
    cwd,
    env,
    encoding: "utf8",
    timeout: 300_000,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

/** Runs a script that has to succeed. */
function shell(script: string, cwd: string): string {
  const { code, output } = tryShell(script, cwd);
  assertEquals(code, 0, `${script}\n${output}`);
  return output;
}

/**
 * Asserts that a script passes for good code, and fails for bad. The second
 * time it takes what it installed the first time.
 */
function assertJudges(script: string, cwd: string): string {
  shell(script, cwd);
  writeFileSync(join(cwd, "main.ts"), WRONG);
  try {
    const again = script.replace(/^npm ci.*$/m, "");
    const { code, output } = tryShell(again, cwd);
    assertEquals(code, 1, output);
    assertMatch(output, /no-untracked-promise/);
    return output;
  } finally {
    writeFileSync(join(cwd, "main.ts"), RIGHT);
  }
}

test("every file in docs/ci.md has its path above it", () => {
  assertEquals(files.size, fileCount);
});

for (const [path, text] of files) {
  if (!path.startsWith(".github/")) continue;

  test(`${path} of docs/ci.md is a valid workflow`, () => {
    const target = join(project, path);
    const validator = [
      `deno run --allow-all --config=${join(root, "deno.json")}`,
      `npm:${pinned("@action-validator/cli")}`,
    ].join(" ");
    shell(`${validator} ${target}`, project);
    const wrong = join(project, ".github/workflows/wrong.yml");
    writeFileSync(wrong, text.replace("runs-on:", "run-on:"));
    try {
      assertEquals(tryShell(`${validator} ${wrong}`, project).code, 1);
    } finally {
      rmSync(wrong);
    }
  });
}

test("the npm scripts of docs/ci.md judge the code", () => {
  assertJudges("npm run lint", project);
  assertJudges("npm run practices", project);
});

test("the npm script that writes puts the code right", () => {
  writeFileSync(join(project, "main.ts"), WRONG);
  shell("npm run practices:write", project);
  assertEquals(Deno.readTextFileSync(join(project, "main.ts")), RIGHT);
});

test("the workflow for pull requests judges the code, and says where", () => {
  const script = scriptOf(fileOf(".github/workflows/practices.yml"));
  const output = assertJudges(script, project);
  assertMatch(output, /^::error .*file=main\.ts.*line=4/m);
});

test("the workflow for code scanning writes what it uploads", () => {
  const workflow = fileOf(".github/workflows/code-scanning.yml");
  writeFileSync(join(project, "main.ts"), WRONG);
  try {
    // The workflow above has shown that `npm ci` works.
    shell(scriptOf(workflow).replace(/^npm ci$/m, ""), project);
  } finally {
    writeFileSync(join(project, "main.ts"), RIGHT);
  }
  const upload = stepsOf(workflow).find(({ uses }) =>
    uses?.startsWith("github/codeql-action/upload-sarif@")
  );
  const path = join(project, upload?.with?.sarif_file as string);
  const { version, runs } = JSON.parse(Deno.readTextFileSync(path));
  rmSync(path);
  assertEquals(version, "2.1.0");
  assertEquals(runs[0].results.length, 1);
});

test("the GitLab job judges the code, and keeps the diff", () => {
  const { practices } = parse(fileOf(".gitlab-ci.yml"));
  // GitLab runs the lines of a job in one shell that ends at a failure.
  const script = ["set -eo pipefail", ...practices.script].join("\n");
  assertJudges(script, project);
  const [path] = practices.artifacts.paths;
  const diff = Deno.readTextFileSync(join(project, path));
  rmSync(join(project, path));
  assertMatch(diff, /^\+ {2}await save\(\);$/m);
});

test("the pre-commit hook judges the code", () => {
  assertJudges("git add -A && pre-commit run practices", project);
});

test("the deno tasks of docs/ci.md judge the code", () => {
  assertJudges("deno task practices", denoProject);
  const workflow = fileOf(".github/workflows/deno.yml");
  assertJudges(scriptOf(workflow), denoProject);
});

test("a baseline lets ESLint and the code mod pass until there is more", () => {
  writeFileSync(join(project, "main.ts"), WRONG);
  try {
    shell("npx mdc-codemod --suppress", project);
    shell("npx mdc-codemod && npx eslint .", project);
    writeFileSync(
      join(project, "main.ts"),
      `${WRONG}\nexport function more(): void {\n  save();\n}\n`,
    );
    assertEquals(tryShell("npx mdc-codemod", project).code, 1);
    assertEquals(tryShell("npx eslint .", project).code, 1);
    writeFileSync(join(project, "main.ts"), RIGHT);
    shell("npx mdc-codemod --prune-suppressions", project);
    const baseline = join(project, "eslint-suppressions.json");
    assertEquals(JSON.parse(Deno.readTextFileSync(baseline)), {});
  } finally {
    writeFileSync(join(project, "main.ts"), RIGHT);
    rmSync(join(project, "eslint-suppressions.json"), { force: true });
  }
});
