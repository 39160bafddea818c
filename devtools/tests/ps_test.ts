import { assert, assertEquals, assertMatch } from "@std/assert";
import { cancelAndWait, createTask, sleep } from "@mdc/tasks";
import { inspect } from "@mdc/devtools/inspector";
import { test } from "../../tests/_harness.ts";
import { runProgram } from "../../tests/_run_program.ts";

interface Printed {
  code: number;
  out: string;
  err: string;
}

/** Runs the command as a process of its own. */
async function ps(args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await runProgram(
    "devtools/tests/_ps_program.ts",
    { args },
  );
  return { code, out: stdout, err: stderr };
}

test("ps prints the tree of a running program", async () => {
  const inspector = await inspect();
  const task = createTask(() => sleep(60_000), { name: "poller" });
  const { code, out, err } = await ps([inspector.url]);
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out,
    /^1 task runs\npoller \(#\d+, for \d+ ms, waits for sleep\(\)/,
  );
  task.cancel();
  await task.catch(() => {});
  await inspector.close();
});

test("ps writes hostile names out, a line each, and cuts long ones", async () => {
  const inspector = await inspect();
  const name = "\u001b[2J\u001b]0;x\u0007\r\n\ud800<b>" + "x".repeat(1e6);
  const task = createTask(() => sleep(60_000), { name });
  const { code, out } = await ps([inspector.url]);
  const [, line = "", ...rest] = out.split("\n");
  assertEquals([code, rest], [0, [""]]);
  assertMatch(
    line,
    /^\\u001b\[2J\\u001b\]0;x\\u0007\\u000d\\n\\ud800<b>x+… \(1000016 characters\)/,
  );
  assert(line.length < 500, `${line.length} characters`);
  task.cancel();
  await task.catch(() => {});
  await inspector.close();
});

test("ps --watch prints it again when something changes, and ends with the program", async () => {
  const inspector = await inspect();
  const printed = ps([inspector.url, "--watch"]);
  while (inspector.viewers === 0) await sleep(5);
  const later = createTask(() => sleep(60_000), { name: "later" });
  // Viewers are told a few times a second; then the tree is asked for.
  await sleep(1_500);
  await inspector.close();
  const { code, out } = await printed;
  assertEquals(code, 0);
  assert(out.includes("later"), out);
  await cancelAndWait(later);
});

test("ps says why a program can't be asked", async () => {
  const inspector = await inspect();
  const wrong = inspector.url.replace(/[\w-]+\/$/, "wrong/");
  const { code, err } = await ps([wrong]);
  assertEquals(code, 1);
  assertMatch(err, /^Cannot ask the program: 404 Refused: no token\n$/);
  await inspector.close();
  const gone = await ps([inspector.url]);
  assertEquals(gone.code, 1);
  assertMatch(gone.err, /^Cannot ask the program: /);
});

test("ps refuses what is no address of an inspector", async () => {
  for (const args of [[], ["a", "b"], ["https://evil.example/x/"], ["--wat"]]) {
    const { code, err } = await ps(args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(err, /mdc-ps <url> \[--watch\]/);
  }
  assertEquals((await ps(["--help"])).code, 0);
});
