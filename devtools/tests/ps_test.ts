import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTask, sleep, type Task } from "@mdc/tasks";
import { inspect } from "@mdc/devtools/inspector";
import { main } from "@mdc/devtools/ps";
import process from "node:process";
import { test } from "../../tests/_harness.ts";

interface Printed {
  code: number;
  out: string;
  err: string;
}

/** Runs the command, and keeps what it prints. */
async function ps(
  args: readonly string[],
  onPrint: (out: string) => void = () => {},
): Promise<Printed> {
  let [out, err] = ["", ""];
  const { stdout, stderr } = process;
  const before = [stdout.write, stderr.write] as const;
  stdout.write = (text: unknown) => {
    out += text;
    onPrint(out);
    return true;
  };
  stderr.write = (text: unknown) => {
    err += text;
    return true;
  };
  try {
    return { code: await main(args), out, err };
  } finally {
    [stdout.write, stderr.write] = before;
  }
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
  let later: Task<unknown> | undefined;
  const { code, out } = await ps([inspector.url, "--watch"], (text) => {
    const seen = text.match(/tasks? runs?/g)?.length ?? 0;
    if (seen === 2) {
      later ??= createTask(() => sleep(60_000), { name: "later" });
    }
    if (text.includes("later")) void inspector.close();
  });
  assertEquals(code, 0);
  assert(out.includes("later"));
  later?.cancel();
  await later?.catch(() => {});
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
