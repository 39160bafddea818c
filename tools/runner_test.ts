import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { runStage, type StageResult } from "./runner.ts";
import { REPORT, type Stage } from "./stages.ts";

const CONFIG = '{ "test": { "sanitizeOps": true } }';

/** Runs `deno test` over one module of this content. */
async function runModule(source: string): Promise<StageResult> {
  const root = await Deno.makeTempDir({ prefix: "mdc-runner-" });
  try {
    await Deno.writeTextFile(join(root, "a_test.ts"), source);
    await Deno.writeTextFile(join(root, "deno.json"), CONFIG);
    const preload = join(import.meta.dirname!, "require_tests.ts");
    const args = [
      "test",
      "--no-check",
      `--junit-path=${REPORT}`,
      `--preload=${preload}`,
    ];
    return await runStage(
      { name: "unit", kind: "tests", commands: [{ args }] },
      { root, output: "null" },
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function counts({ passed, failed, skipped }: StageResult): unknown {
  return { passed, failed, skipped };
}

Deno.test("runStage() counts the test cases of a runner", async () => {
  const result = await runModule(`
    Deno.test("a", () => {});
    Deno.test("b", () => { throw new Error("no"); });
    Deno.test.ignore("c", () => {});
  `);
  assertEquals(counts(result), { passed: 1, failed: 1, skipped: 1 });
});

Deno.test("runStage() fails when a test leaks a timer", async () => {
  const result = await runModule(`
    Deno.test("a", () => { setInterval(() => {}, 1000); });
  `);
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("runStage() fails on a rejection that nobody handles", async () => {
  const result = await runModule(`
    Deno.test("a", async () => {
      Promise.reject(new Error("lost"));
      await new Promise((resolve) => setTimeout(resolve));
    });
  `);
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("runStage() fails when a module doesn't load", async () => {
  const result = await runModule(`throw new Error("at the top");`);
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("runStage() fails when a file registers no test", async () => {
  const result = await runModule("export {};");
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 0 });
  assertEquals(result.note, "exit code 1");
});

Deno.test("runStage() fails when no test ran", async () => {
  const result = await runModule(`Deno.test.ignore("a", () => {});`);
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 1 });
  assertEquals(result.note, "no test ran");
});

Deno.test("runStage() passes a check when every command succeeds", async () => {
  const stage: Stage = {
    name: "lint",
    kind: "check",
    commands: [{ args: ["--version"] }, { args: ["eval", "Deno.exit(3)"] }],
  };
  const options = { root: Deno.cwd(), output: "null" as const };
  const failed = await runStage(stage, options);
  assertEquals(counts(failed), { passed: 0, failed: 1, skipped: 0 });
  assertEquals(failed.note, "exit code 3");

  const commands = stage.commands.slice(0, 1);
  const passed = await runStage({ ...stage, commands }, options);
  assertEquals(counts(passed), { passed: 1, failed: 0, skipped: 0 });
});

Deno.test("runStage() stops a command that runs too long", async () => {
  const args = ["eval", "await new Promise((r) => setTimeout(r, 60_000))"];
  const result = await runStage(
    { name: "stuck", kind: "check", commands: [{ args }] },
    { root: Deno.cwd(), output: "null", limit: 300 },
  );
  assertEquals(counts(result), { passed: 0, failed: 1, skipped: 0 });
  assertMatch(result.note ?? "", /^stopped after/);
});
