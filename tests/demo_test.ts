import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { findLeaks } from "../examples/demo/leaks.ts";
import { allTasks, cancelAndWait, createTask } from "../mod.ts";
import { test } from "./_harness.ts";
import { type Finished, runProgram } from "./_run_program.ts";

/** What `deno task demo | cat` prints; write it anew with that. */
const transcript = await readFile(
  new URL("programs/demo_transcript.txt", import.meta.url),
  "utf8",
);

const END = "The end";
const headings = {
  event: "Event",
  propagation: "Propagation",
  tracking: "Tracking",
  progress: "Progress",
};

/** The part of the transcript below a heading, up to the next one. */
function section(heading: string): string {
  const start = transcript.indexOf(`\n${heading}\n`);
  assert(start >= 0, `no section "${heading}" in the transcript`);
  const next = [...Object.values(headings), END]
    .map((other) => transcript.indexOf(`\n${other}\n`))
    .filter((at) => at > start);
  return transcript.slice(start, Math.min(transcript.length, ...next));
}

/** Runs the demo in a temporary folder of its own; says what is left there. */
async function demo(...args: string[]): Promise<Finished & { left: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "demo-test-"));
  try {
    const env = { TMPDIR: folder, TEMP: folder, TMP: folder };
    const path = "examples/task_management_demo.ts";
    const finished = await runProgram(path, { args, env });
    return { ...finished, left: await readdir(folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("demo prints the transcript and leaves no file behind", async () => {
  const { code, stdout, stderr, left } = await demo();
  assertEquals(stdout, transcript);
  assertEquals({ code, stderr, left }, { code: 0, stderr: "", left: [] });
});

for (const [name, heading] of Object.entries(headings)) {
  test(`demo --only ${name} shows that part and the end`, async () => {
    const { code, stdout, left } = await demo("--only", name);
    assertEquals(stdout, section(heading) + section(END));
    assertEquals({ code, left }, { code: 0, left: [] });
  });
}

test("demo --debug tells on stderr what each download is doing", async () => {
  const { code, stdout, stderr } = await demo("--debug", "--only", "event");
  assertEquals(code, 0);
  assertEquals(stdout, section(headings.event) + section(END));
  assertMatch(stderr, /report\.bin: downloading/);
  assertMatch(stderr, /report\.bin: cancelled while downloading \(393216 /);
});

const wrong = {
  "a part that doesn't exist": ["--only", "nothing"],
  "a part without a name": ["--only"],
  "an empty name": ["--only="],
  "an unknown option": ["--fast"],
  "a value for a switch": ["--debug=yes"],
  "an argument without an option": ["event"],
};
for (const [what, args] of Object.entries(wrong)) {
  test(`demo refuses ${what} with its usage and exit code 2`, async () => {
    const { code, stdout, stderr, left } = await demo(...args);
    assertEquals({ code, stdout, left }, { code: 2, stdout: "", left: [] });
    assertMatch(stderr, /^.+\n\nUsage: .*--only <part>/);
  });
}

test("demo names the part that doesn't exist, and those that do", async () => {
  const { stderr } = await demo("--only", "nothing");
  assertMatch(
    stderr,
    /^Cannot show "nothing": expected one of event, propagation, tracking, progress\n/,
  );
});

for (const flag of ["--help", "-h"]) {
  test(`demo ${flag} prints the usage and runs nothing`, async () => {
    const { code, stdout, stderr } = await demo(flag);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /^Usage: /);
    assert(!stdout.includes("plant"));
  });
}

test("demo names a planted leak and exits 1, though the cleanup ends it", async () => {
  const { code, stdout, left } = await demo("--only", "event", "--plant-leak");
  assertEquals(
    stdout.slice(stdout.indexOf(`\n${END}\n`)),
    `
The end
Nothing may be left: no task, no request, no file.

  ✗ tasks         2 left behind
                  forgotten.bin
                  GET /forgotten.bin
  ✗ requests      1 left open
  ✗ files         1 partial
                  forgotten.bin.part
  ✓ cleanup       2 cancelled, 0 failed, 0 stuck
`,
  );
  assertEquals({ code, left }, { code: 1, left: [] });
});

test("the demo's leak check finds a task that took the place of another", async () => {
  const folder = await mkdtemp(join(tmpdir(), "demo-test-"));
  const start = (name: string) =>
    createTask(({ sleep }) => sleep(Infinity), { name });
  const old = start("old");
  const before = new Set(allTasks());
  await cancelAndWait(old);
  const fresh = start("fresh");
  try {
    assertEquals(allTasks().length, before.size);
    const server = { requests: 0, quiet: () => Promise.resolve(true) };
    const { tasks } = await findLeaks({ before, server, folder });
    assertEquals(tasks.map(({ name }) => name), ["fresh"]);
  } finally {
    await cancelAndWait(fresh);
    await rm(folder, { recursive: true });
  }
});
