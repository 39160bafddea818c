/**
 * Callbacks from outside: whose task is the current one in them. What a runtime
 * does stands in docs/semantics.md, in a table that `deno task callbacks`
 * writes and a test of each runtime compares.
 *
 * @module
 */
import { AsyncEvent, createTask, currentTask, type Task } from "../mod.ts";
import { type As, type Begin, PROBES } from "./_callback_probes.ts";

/** Whose a callback can be. */
export const OWNERS = {
  opened: "who opened it",
  registered: "who registered it",
  caused: "who caused it",
} as const;

/** In which task a callback ran, in words; a dash if there is no such thing. */
export async function ownerIn(begin: Begin | undefined): Promise<string> {
  if (begin === undefined) return "–";
  const over = new AsyncEvent();
  const tasks: Task[] = [];
  // The tasks live until the end: an ended one is never the current one.
  const as: As = (role, body) =>
    new Promise((resolve, reject) => {
      const task = createTask(async () => {
        await Promise.resolve(body()).then(resolve, reject);
        await over.wait();
      }, { name: OWNERS[role] });
      tasks.push(task);
    });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let begun: ReturnType<Begin> | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      // It also holds the process, which signals and some timers don't.
      timer = setTimeout(() => reject(new Error("it was not called")), 10_000);
      const seen = () => resolve(currentTask()?.name ?? "nobody");
      begun = begin(as, seen);
      begun.catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await (await begun)?.();
    over.set();
    await Promise.all(tasks);
  }
}

/** The columns of the table: the runtimes of the matrix. */
export const RUNTIMES = ["Deno", "Node 24", "Node 22", "Bun"] as const;

/** The runtime that runs this; a Node of another version is like the last. */
export function thisRuntime(): typeof RUNTIMES[number] {
  if ("Deno" in globalThis) return "Deno";
  const { versions } = (globalThis as unknown as {
    process: { versions: { node: string; bun?: string } };
  }).process;
  if (versions.bun !== undefined) return "Bun";
  return Number(versions.node.split(".")[0]) < 24 ? "Node 22" : "Node 24";
}

/** The column of this runtime. */
export async function column(): Promise<Record<string, string>> {
  const owners: Record<string, string> = {};
  for (const [what, begin] of Object.entries(PROBES)) {
    owners[what] = await ownerIn(begin);
  }
  return owners;
}
