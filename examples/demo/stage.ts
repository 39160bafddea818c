import { access } from "node:fs/promises";
import type { FileServer } from "./server.ts";

/** What every part of the demo works with. */
export interface Stage {
  /** Where downloads come from. */
  readonly server: FileServer;
  /** Where they go to. */
  readonly folder: string;
}

/** Whether there is such a file. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}
