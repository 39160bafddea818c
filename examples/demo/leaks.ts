import { readdir } from "node:fs/promises";
import { allTasks, type Task } from "../../mod.ts";
import type { FileServer } from "./server.ts";

/** What should be gone at the end and isn't. */
export interface Leaks {
  readonly tasks: readonly Task[];
  readonly requests: number;
  readonly files: readonly string[];
}

/** Where to look for what is left. */
export interface Places {
  /** The tasks that were there before. */
  readonly before: ReadonlySet<Task>;
  readonly server: Pick<FileServer, "quiet" | "requests">;
  readonly folder: string;
}

/**
 * Finds what is left. Tasks are compared by identity with those of `before`,
 * not by number: one that ended can't hide one that stayed.
 */
export async function findLeaks(
  { before, server, folder }: Places,
): Promise<Leaks> {
  // The server sees the end of a connection a little later than the client.
  await server.quiet(2_000);
  return {
    tasks: allTasks().filter((task) => !before.has(task)),
    requests: server.requests,
    files: (await readdir(folder)).filter((name) => name.endsWith(".part")),
  };
}
