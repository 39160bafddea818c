/** Edits that would add a type error to their project are dropped. */
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { codemod, type Rule, TypeGuardError } from "../codemod.ts";
import { defineRule } from "../host/define_rule.ts";
import { type Project, withProject } from "./_project.ts";

const TYPESCRIPT = fileURLToPath(
  new URL("../../node_modules/typescript", import.meta.url),
);

/** A folder with a `tsconfig.json` and the TypeScript of this repository. */
async function withTypes(
  compilerOptions: { readonly [name: string]: unknown },
  body: (project: Project) => Promise<void>,
): Promise<void> {
  await withProject(async (project) => {
    await mkdir(join(project.folder, "node_modules"));
    await symlink(TYPESCRIPT, join(project.folder, "node_modules/typescript"));
    const options = {
      strict: true,
      target: "es2023",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["es2023", "dom"],
      types: [],
      ...compilerOptions,
    };
    const text = JSON.stringify({ compilerOptions: options });
    await project.write("tsconfig.json", text);
    await body(project);
  });
}

/** A rule whose edits write other text for each statement of such a text. */
function replacing(pairs: Readonly<Record<string, string>>): Rule {
  return defineRule("replace", {
    tier: 1,
    description: "replace",
    defaults: {},
    messages: { found: "found" },
    suggestions: { edit: "Write something else." },
    create(context) {
      const look = (node: ES.Node) => {
        const to = pairs[context.sourceCode.getText(node)];
        if (to === undefined) return;
        context.report({
          node,
          messageId: "found",
          suggest: [{
            messageId: "edit",
            risk: "safe",
            why: "it is a test",
            fix: (fixer) => fixer.replaceText(node, to),
          }],
        });
      };
      return {
        ExpressionStatement: look,
        ReturnStatement: look,
        IfStatement: look,
        CallExpression: look,
        ArrowFunctionExpression: look,
      };
    },
  });
}

interface Outcome {
  readonly after: string;
  readonly dropped: readonly (string | undefined)[];
}

/** What becomes of `main.ts` of the project. */
async function edit(
  { folder, read }: Project,
  pairs: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { files } = await codemod({
    cwd: folder,
    definitions: { replace: replacing(pairs) },
    mode: "write",
  });
  const dropped = files.flatMap((file) =>
    file.status === "done" ? file.dropped.map(({ detail }) => detail) : []
  );
  return { after: await read("main.ts"), dropped };
}

test("an edit that changes what then() returns is dropped, and the others are written", async () => {
  await withTypes({}, async (project) => {
    const text = `declare function load(): Promise<number>;
export function size(): Promise<number> {
  return load().then((n) => n + 1);
}
export function save(): void {
  load();
}
`;
    await project.write("main.ts", text);
    const { after, dropped } = await edit(project, {
      "(n) => n + 1": "(n) => { n + 1; }",
      "load();": "load().catch(console.error);",
    });
    assertEquals(
      after,
      text.replace("  load();", "  load().catch(console.error);"),
    );
    assertEquals(dropped, [
      "TS2322 Type 'Promise<number | void>' is not assignable to type 'Promise<number>'.",
    ]);
  });
});

test("an edit that loses a narrowing is dropped", async () => {
  await withTypes({}, async (project) => {
    const text = `export function run(signal?: AbortSignal): boolean {
  if (!signal) return false;
  return signal.aborted;
}
`;
    await project.write("main.ts", text);
    const { after, dropped } = await edit(project, {
      "if (!signal) return false;": "signal?.throwIfAborted();",
    });
    assertEquals(after, text);
    assertEquals(dropped, ["TS18048 'signal' is possibly 'undefined'."]);
  });
});

test("an edit after which a path returns nothing is dropped", async () => {
  await withTypes({ noImplicitReturns: true }, async (project) => {
    const text = `declare function work(): number;
export function run(signal: AbortSignal) {
  if (signal.aborted) return 0;
  return work();
}
`;
    await project.write("main.ts", text);
    const { after, dropped } = await edit(project, {
      "return work();": "work();",
    });
    assertEquals(after, text);
    assertEquals(dropped, ["TS7030 Not all code paths return a value."]);
  });
});

test("an edit that breaks a file that imports its file is dropped", async () => {
  await withTypes({}, async (project) => {
    const text = `export function end() {
  close();
}
function close(): void {}
`;
    await project.write("main.ts", text);
    await project.write("middle.ts", `export { end } from "./main";\n`);
    await project.write(
      "user.ts",
      `import { end } from "./middle";\nexport const done: void = end();\n`,
    );
    const { after, dropped } = await edit(project, {
      "close();": "return Promise.resolve(close());",
    });
    assertEquals(after, text);
    assertEquals(dropped, [
      "TS2322 Type 'Promise<void>' is not assignable to type 'void'.",
    ]);
  });
});

test("of many edits only those are dropped that add an error, whatever was wrong before", async () => {
  await withTypes({}, async (project) => {
    const lines = Array.from({ length: 9 }, (_, n) => `f("${n}");`);
    const text = `declare function f(text: string): void;
const wrong: number = "old";
${lines.join("\n")}
export { wrong };
`;
    await project.write("main.ts", text);
    const pairs = Object.fromEntries(
      lines.map((line, n) => [line, n % 4 === 1 ? `f(${n});` : `f("x${n}");`]),
    );
    const { after, dropped } = await edit(project, pairs);
    const expected = lines.map((line, n) => n % 4 === 1 ? line : `f("x${n}");`);
    assertStringIncludes(after, expected.join("\n"));
    assertEquals(dropped, [
      "TS2345 Argument of type 'number' is not assignable to parameter of type 'string'.",
      "TS2345 Argument of type 'number' is not assignable to parameter of type 'string'.",
    ]);
  });
});

test("a file that was edited counts with its edits for those that come after it", async () => {
  await withTypes({}, async (project) => {
    await project.write(
      "a.ts",
      `export const kind = get();\nfunction get() {\n  return 1;\n}\n`,
    );
    await project.write(
      "main.ts",
      `import { kind } from "./a";\nexport function f(): string {\n  return String(kind);\n}\n`,
    );
    const pairs = {
      "return 1;": `return "one";`,
      "return String(kind);": "return kind;",
    };
    const { after, dropped } = await edit(project, pairs);
    assertEquals(dropped, []);
    assertStringIncludes(after, "return kind;");
  });
});

/** Forwarding makes `undefined` an own property, which this option forbids. */
const FORWARDING = `async function load(
  url: string,
  options: { signal?: AbortSignal } = {},
): Promise<string> {
  return url + String(options.signal?.aborted);
}
export async function get(url: string, signal: AbortSignal | undefined): Promise<string> {
  return await load(url);
}
export async function find(url: string, signal: AbortSignal): Promise<string> {
  return await load(url);
}
`;

test("the command tells what was dropped and why, and writes the others", async () => {
  await withTypes({ exactOptionalPropertyTypes: true }, async (project) => {
    const { run, write, read } = project;
    await write("main.ts", FORWARDING);
    const args = ["--rule", "require-signal-forwarding"];
    const dry = await run(args);
    const { out, code } = await run([...args, "--write"]);
    assertEquals(code, 1);
    assertMatch(
      out,
      /main\.ts:8:\d+ dropped an edit of require-signal-forwarding: adds TS2379 /,
    );
    assertStringIncludes(dry.out, "dropped an edit");
    const after = await read("main.ts");
    assertEquals(after.split("load(url, { signal })").length, 2);
    assertStringIncludes(after, "load(url);");
  });
});

test("--types off asks no type checker", async () => {
  await withTypes({ exactOptionalPropertyTypes: true }, async (project) => {
    const { run, write, read } = project;
    await write("main.ts", FORWARDING);
    const { out } = await run([
      "--rule",
      "require-signal-forwarding",
      "--write",
      "--types",
      "off",
    ]);
    assertEquals(out.includes("dropped"), false);
    assertEquals(
      (await read("main.ts")).split("load(url, { signal })").length,
      3,
    );
  });
});

test("--types takes the tsconfig that it names", async () => {
  await withTypes({}, async (project) => {
    const { run, write } = project;
    await write("main.ts", FORWARDING);
    await write(
      "tsconfig.strict.json",
      `{ "extends": "./tsconfig.json", "compilerOptions": { "exactOptionalPropertyTypes": true } }`,
    );
    const args = ["--rule", "require-signal-forwarding"];
    assertEquals((await run(args)).out.includes("dropped"), false);
    const { out } = await run([...args, "--types", "tsconfig.strict.json"]);
    assertStringIncludes(out, "adds TS2379");
  });
});

test("a config that a solution refers to is found", async () => {
  await withTypes({ exactOptionalPropertyTypes: true }, async (project) => {
    const { folder, run, write, read } = project;
    await mkdir(join(folder, "src"));
    await write("src/main.ts", FORWARDING);
    await write(
      "tsconfig.lib.json",
      JSON.stringify({
        ...JSON.parse(await read("tsconfig.json")),
        include: ["src"],
      }),
    );
    await write(
      "tsconfig.json",
      `{ "files": [], "references": [{ "path": "./tsconfig.lib.json" }] }`,
    );
    const { out } = await run(["--rule", "require-signal-forwarding"]);
    assertStringIncludes(out, "adds TS2379");
  });
});

test("a project without TypeScript is told that nobody checks its types", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("tsconfig.json", "{}");
    await write("main.ts", FORWARDING);
    const args = ["--rule", "require-signal-forwarding", "--write"];
    const { out } = await run(args);
    assertStringIncludes(
      out,
      "types of 1 edited file not checked: the project has no TypeScript: " +
        "npm install --save-dev typescript@6",
    );
    assertStringIncludes(await read("main.ts"), "load(url, { signal })");
    const { code, error } = await run([...args, "--types", "tsconfig.json"]);
    assertEquals(code, 2);
    assertStringIncludes(
      error,
      "Cannot check types: the project has no TypeScript",
    );
  });
});

test("a TypeScript without API is told", async () => {
  await withProject(async ({ folder, run, write }) => {
    await mkdir(join(folder, "node_modules/typescript"), { recursive: true });
    await write(
      "node_modules/typescript/package.json",
      `{ "main": "main.js" }`,
    );
    await write(
      "node_modules/typescript/main.js",
      `module.exports = { version: "7.0.0" };`,
    );
    await write("tsconfig.json", "{}");
    await write("main.ts", FORWARDING);
    const { out } = await run(["--rule", "require-signal-forwarding"]);
    assertStringIncludes(
      out,
      "types of 1 edited file not checked: the project's TypeScript 7.0.0 has no API",
    );
  });
});

test("a broken tsconfig is told with its place", async () => {
  await withTypes({}, async ({ run, write }) => {
    await write(
      "tsconfig.json",
      `{\n  "compilerOptions": { "target": "es1" }\n}`,
    );
    await write("main.ts", FORWARDING);
    const args = ["--rule", "require-signal-forwarding"];
    const { out } = await run(args);
    assertMatch(
      out,
      /types of 1 edited file not checked: Cannot read .*tsconfig\.json: line 2: Argument for '--target' option must be/,
    );
    const { code, error } = await run([...args, "--types", "tsconfig.json"]);
    assertEquals(code, 2);
    assertMatch(error, /Cannot check types: Cannot read .*: line 2: Argument/);
  });
});

test("a Deno project is told to run its own checker", async () => {
  await withProject(async ({ run, write }) => {
    await write("deno.json", "{}");
    await write("main.ts", FORWARDING);
    const { out } = await run(["--rule", "require-signal-forwarding"]);
    assertStringIncludes(
      out,
      "types of 1 edited file not checked: it belongs to Deno: run deno check",
    );
  });
});

test("codemod() throws a TypeGuardError for a tsconfig that is not there", async () => {
  await withTypes({}, async ({ folder, write }) => {
    await write("main.ts", FORWARDING);
    await assertRejects(
      () => codemod({ cwd: folder, types: { tsconfig: "missing.json" } }),
      TypeGuardError,
      "missing.json",
    );
  });
});

test("--interactive offers no edit that would add a type error", async () => {
  await withTypes({ exactOptionalPropertyTypes: true }, async (project) => {
    const { run, write } = project;
    await write("main.ts", FORWARDING);
    const asked: number[] = [];
    await run(["--rule", "require-signal-forwarding", "--interactive"], {
      decide: ({ line }) => {
        asked.push(line);
        return Promise.resolve("accept");
      },
    });
    assertEquals(asked, [11]);
  });
});

test("JavaScript is checked where the project says so", async () => {
  const text = `/** @type {(text: string) => void} */
const f = () => {};
f("a");
f("b");
`;
  for (const allowJs of [true, false]) {
    await withTypes({ allowJs, checkJs: allowJs }, async (project) => {
      await project.write("main.js", text);
      const { files } = await codemod({
        cwd: project.folder,
        definitions: { replace: replacing({ [`f("a");`]: "f(1);" }) },
      });
      const [file] = files;
      assertEquals(
        file?.status === "done" && file.dropped.map(({ why }) => why),
        allowJs ? ["breaks-types"] : [],
      );
    });
  }
});
