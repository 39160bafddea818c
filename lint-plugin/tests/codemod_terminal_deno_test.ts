/** The questions of --interactive, to a person at a real pseudo-terminal. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { RIGHT, withProject, WRONG } from "./_project.ts";

const file = (path: string) =>
  fileURLToPath(new URL(`../${path}`, import.meta.url));

test("--interactive asks at a terminal, and Enter accepts", async () => {
  await withProject(async ({ folder, write, read }) => {
    await write("main.ts", WRONG);
    const command = [
      Deno.execPath(),
      "run --allow-all --config",
      file("../deno.json"),
      file("codemod.ts"),
      "--interactive main.ts",
    ].join(" ");
    // `script` of util-linux makes the terminal, whose width would be 0.
    const code = spawn("script", [
      "--quiet",
      "--return",
      "--command",
      `stty cols 100 rows 40; ${command}`,
      "/dev/null",
    ], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let screen = "";
    let isAnswered = false;
    code.stdout.setEncoding("utf8");
    code.stdout.on("data", (data: string) => {
      screen += data;
      if (isAnswered || !screen.includes("quit")) return;
      isAnswered = true;
      code.stdin.write("\r");
    });
    const [status] = await once(code, "close");
    assertEquals(status, 0, screen);
    assertStringIncludes(screen, "mdc/no-untracked-promise");
    assertEquals(await read("main.ts"), RIGHT);
  });
});
