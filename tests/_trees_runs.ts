/** How many random programs each property runs. */
import { env } from "node:process";

/**
 * Enough to meet what needs several unlikely things at once; more with
 * PROGRAMS=100000. The names of the tests have the number.
 */
export const PROGRAMS: number = Number(env.PROGRAMS ?? 3_500);
