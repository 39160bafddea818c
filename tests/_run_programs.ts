/**
 * Whole programs that call `run()`, as tests.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { test } from "./_harness.ts";
import { runEverywhere, type Script } from "./_run_everywhere.ts";

/** The line that a signal writes to stderr. */
const NOTICE = /^SIG[A-Z]+(?::| again:) .+\n/gm;

/**
 * A test of a whole program; the file's name says the exit code. Each signal
 * has written its line to stderr; `stderr` is what else stands there.
 */
export function program(
  title: string,
  file: string,
  script: Script,
  lines: readonly string[],
  stderr: RegExp = /^$/,
  { told }: { told?: number } = {},
): void {
  const code = Number(/^run_exit_(\d+)_/.exec(file)?.[1]);
  test(title, async () => {
    for (const ended of await runEverywhere(file, script)) {
      const { runtime } = ended;
      assertEquals(ended.lines, lines, `${runtime}: ${ended.stderr}`);
      assertEquals(ended.code, code, `${runtime}: ${ended.stderr}`);
      assertMatch(ended.stderr.replaceAll(NOTICE, ""), stderr, runtime);
      const notices = ended.stderr.match(NOTICE) ?? [];
      assertEquals(notices.length, told ?? Object.keys(script).length, runtime);
    }
  });
}
