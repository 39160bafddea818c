/** How many random programs each property runs: more with PROGRAMS=100000. */
import { env } from "node:process";

/** Enough to meet what needs several unlikely things at once. */
export const PROGRAMS: number = Number(env.PROGRAMS ?? 3_500);

/** Runs a property; a run that is longer than usual tells its figures. */
export async function told(
  what: string,
  body: () => Promise<void>,
): Promise<void> {
  const started = performance.now();
  await body();
  if (env.PROGRAMS === undefined) return;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${PROGRAMS} ${what}: no failure in ${seconds} s`);
}
