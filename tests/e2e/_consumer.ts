import { execFile, execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { readConfig } from "../../tools/workspace.ts";

const execute = promisify(execFile);

/** A project outside the tree, as a user has one. */
export interface Consumer {
  folder: string;
  /** Writes files, by their paths in the project. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs a program in the project; its output, or an error with all of it. */
  run(
    program: string,
    args: readonly string[],
    options?: RunOptions,
  ): Promise<string>;
}

/** How a program is run. */
export interface RunOptions {
  /** What is added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** The exit code that it has to end with; default 0. */
  code?: number;
}

/** Makes an empty project that is removed when the test file has ended. */
export async function makeConsumer(): Promise<Consumer> {
  const consumer = await makeFolder();
  globalThis.addEventListener("unload", () => {
    rmSync(consumer.folder, { recursive: true });
  });
  return consumer;
}

/** Runs a body with an empty project, which exists as long as the body runs. */
export async function withConsumer(
  body: (consumer: Consumer) => Promise<void>,
): Promise<void> {
  const consumer = await makeFolder();
  try {
    await body(consumer);
  } finally {
    await rm(consumer.folder, { recursive: true });
  }
}

async function makeFolder(): Promise<Consumer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "mdc-e2e-")));
  return {
    folder,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        const path = join(folder, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
    },
    async run(program, args, { env = {}, code = 0 } = {}) {
      const ended = await execute(program, [...args], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: "1", ...env },
        timeout: 300_000,
      }).then((output) => ({ ...output, code: 0 }), (error) => error);
      if (ended.code === code) return ended.stdout;
      const command = [program, ...args].join(" ");
      throw new Error(`${command}\n${ended.stdout}${ended.stderr}`, {
        cause: ended,
      });
    },
  };
}

/** `name@version` of a package that deno.json imports. */
export function pinned(name: string): string {
  const target = readConfig(".").imports?.[name];
  if (target === undefined) throw new TypeError(`deno.json has no ${name}`);
  return target.replace(/^npm:/, "");
}

/** The manifest in a tarball. */
export function manifestOf(
  tarball: string,
  // deno-lint-ignore no-explicit-any -- its shape is what tests look at
): any {
  const args = ["xzOf", tarball, "package/package.json"];
  return JSON.parse(execFileSync("tar", args, { encoding: "utf8" }));
}

/** A program that uses both entries of the core, and what it prints. */
export const PROGRAM = `
import {
  AsyncEvent,
  createTask,
  currentTask,
  TaskGroup,
  TaskTracker,
  waitForOutcome,
} from "@mdc/tasks";
import { retry } from "@mdc/tasks/flow";
import { checkLeaks, withVirtualClock } from "@mdc/tasks/testing";

const stop = new AsyncEvent();
const task = createTask(async ({ sleep }) => {
  await sleep(60_000);
}, { name: "download" });
setTimeout(() => stop.set(), 5);
const outcome = await waitForOutcome(task, { cancelEvent: stop });
console.log(task.name, outcome.status, task.reason?.kind);

await checkLeaks(async () => {
  await withVirtualClock(async (clock) => {
    const slow = createTask((context) => context.sleep(3_600_000));
    const late = await waitForOutcome(slow, { timeout: 1_000 });
    console.log(late.status, clock.now);
  });
});

const sum = await TaskGroup.run(async (group) => {
  const parts = [1, 2, 3].map((part) => group.spawn(() => part));
  let total = 0;
  for (const part of parts) total += await part;
  return total;
});
console.log(sum);

const tracker = new TaskTracker();
tracker.spawn(({ sleep }) => sleep(60_000), { name: "poll" });
const report = await tracker.cancelAll();
console.log(report.succeeded, report.failed);
console.log(await createTask(() => currentTask()?.name, { name: "me" }));
console.log(await retry((_, attempt) => {
  if (attempt < 2) throw new Error("not yet");
  return attempt;
}, { delay: 1 }));
`;

export const PRINTED = `download cancelled event
timed-out 1000
6
1 0
me
2
`;
