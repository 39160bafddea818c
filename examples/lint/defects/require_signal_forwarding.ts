import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the job is done. */
export async function waitForJob(
  url: string,
  signal: AbortSignal,
): Promise<void> {
  while (!(await fetch(url, { signal })).ok) {
    await sleep(1_000);
  }
}
