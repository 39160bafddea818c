/**
 * The tour: events, propagation, tracking and progress on real downloads.
 *
 * Run it with `deno task demo`, or with Node 24 and
 * `--import ./tools/node_hook.ts`; `--help` shows its options.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  allTasks,
  AsyncEvent,
  cleanupLingeringTasks,
  createTask,
  formatReason,
  type Task,
  waitForOutcome,
} from "../mod.ts";
import { type Options, parseOptions, usage, UsageError } from "./demo/cli.ts";
import { arrived, startDownload } from "./demo/download.ts";
import { eventDemo } from "./demo/event.ts";
import { findLeaks } from "./demo/leaks.ts";
import { debug, heading, KIB, showDebug, verdict } from "./demo/output.ts";
import { progressDemo } from "./demo/progress.ts";
import { propagationDemo } from "./demo/propagation.ts";
import { FileServer } from "./demo/server.ts";
import type { Stage } from "./demo/stage.ts";
import { trackingDemo } from "./demo/tracking.ts";

const parts = {
  event: eventDemo,
  propagation: propagationDemo,
  tracking: trackingDemo,
  progress: progressDemo,
};
type PartName = keyof typeof parts;
const names = Object.keys(parts) as PartName[];

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options<PartName>;
  try {
    options = parseOptions(args, names);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage(names)}`);
    return 2;
  }
  if (options.help) {
    console.log(usage(names));
    return 0;
  }
  if (options.debug) showDebug();
  return await untilInterrupted(() => demo(options));
}

/** Ctrl-C is an event like any other; a second one ends the process. */
async function untilInterrupted(body: () => Promise<number>): Promise<number> {
  const interrupt = new AsyncEvent();
  const onInterrupt = () => interrupt.set();
  process.once("SIGINT", onInterrupt);
  try {
    const task = createTask(body, { name: "demo", signal: interrupt });
    const outcome = await waitForOutcome(task);
    if (outcome.status === "completed") return outcome.value;
    if (outcome.status !== "cancelled") return task.result();
    console.error(`\nInterrupted: ${formatReason(outcome.reason)}`);
    return 130;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

async function demo({ only, plantLeak }: Options<PartName>): Promise<number> {
  const before = new Set(allTasks());
  const folder = await mkdtemp(join(tmpdir(), "mdc-demo-"));
  debug(`temporary folder ${folder}`);
  try {
    await using server = await FileServer.start();
    const stage = { server, folder };
    for (const name of only === undefined ? names : [only]) {
      await parts[name](stage);
    }
    if (plantLeak) await forgetDownload(stage);
    return await finish(stage, before);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The mistake that the check at the end is for. */
async function forgetDownload({ server, folder }: Stage): Promise<void> {
  const options = { size: 128 * KIB, allowed: 64 * KIB };
  const { url } = server.offer("forgotten.bin", options);
  const { progress } = startDownload(url, { folder, detached: true });
  await arrived(progress, 64 * KIB);
}

/** Looks for leaks first: the cleanup would remove what there is to find. */
async function finish(stage: Stage, before: Set<Task>): Promise<number> {
  heading("The end", "Nothing may be left: no task, no request, no file.");
  const { tasks, requests, files } = await findLeaks({ ...stage, before });
  const { cancelled, failed, stuck } = await cleanupLingeringTasks();

  verdict(tasks.length === 0 ? "good" : "bad", {
    label: "tasks",
    text: tasks.length === 0 ? "none is left" : `${tasks.length} left behind`,
    details: tasks.map(({ name }) => name),
  });
  verdict(requests === 0 ? "good" : "bad", {
    label: "requests",
    text: requests === 0 ? "none is open" : `${requests} left open`,
  });
  verdict(files.length === 0 ? "good" : "bad", {
    label: "files",
    text: files.length === 0 ? "none is partial" : `${files.length} partial`,
    details: files,
  });
  verdict(failed.length + stuck.length === 0 ? "good" : "bad", {
    label: "cleanup",
    text: `${cancelled.length} cancelled, ${failed.length} failed, ` +
      `${stuck.length} stuck`,
  });
  return tasks.length + requests + files.length + failed.length +
        stuck.length === 0
    ? 0
    : 1;
}
