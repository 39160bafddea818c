/** All recipes, by name. */
import { delay } from "./delay.ts";
import { pLimit } from "./p_limit.ts";
import { pMap } from "./p_map.ts";
import { pRetry } from "./p_retry.ts";
import { pTimeout } from "./p_timeout.ts";
import { raceTimeout } from "./race_timeout.ts";
import type { Recipe } from "./recipe.ts";

/** In the order in which lists show them. */
export const recipes: readonly Recipe[] = [
  raceTimeout,
  delay,
  pLimit,
  pMap,
  pRetry,
  pTimeout,
];
