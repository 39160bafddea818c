/** The dry run of a release, as a program. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { execFileSync, spawnSync } from "node:child_process";
import process from "node:process";
import { publishList } from "../../tools/file_registry.ts";
import { ownPackages, readConfig, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";

interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

function release(args: readonly string[], env = {}): Finished {
  return spawnSync(Deno.execPath(), ["task", "release", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
}

/** What git sees of the working tree. */
function state(): string {
  const args = ["-c", "safe.directory=*", "status", "--porcelain"];
  return execFileSync("git", args, { cwd: root, encoding: "utf8" });
}

test("deno task release --dry-run prints every file, sends nothing and leaves the tree as it is", () => {
  const before = state();
  const { status, stdout, stderr } = release(["--dry-run"], {
    // No registry is there to take anything.
    npm_config_registry: "http://127.0.0.1:9/",
  });
  assertEquals(status, 0, stderr);
  assertEquals(state(), before);
  for (const { name, folder } of ownPackages()) {
    const { version } = readConfig(folder);
    const files = publishList(folder);
    const section = stdout.slice(stdout.indexOf(`${name}@${version} to JSR`));
    assertStringIncludes(section, `to JSR, ${files.length} files:`);
    const listed = [...section.matchAll(/^ {2}(\S+) \(\d+ B\)$/gm)]
      .map(([, path]) => path);
    assertEquals(listed.slice(0, files.length), files);
    assertStringIncludes(section, `${name}@${version} to npm, `);
    assertStringIncludes(section, "  package/package.json\n");
  }
  assertMatch(stdout, /\nNothing was sent\.\n$/);
});

for (const args of [[], ["--force"], ["--dry-run", "--force"], ["dry-run"]]) {
  test(`deno task release ${args.join(" ")} explains itself and does nothing`, () => {
    const { status, stdout, stderr } = release(args);
    assertEquals(status, 2);
    assertEquals(stdout, "");
    assertMatch(stderr, /Usage: deno task release --dry-run\n$/);
  });
}
