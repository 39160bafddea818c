/** All recipes, by name. */
import { abortZoo } from "./abort_zoo.ts";
import { abortableSleep } from "./abortable_sleep.ts";
import { controllerTree } from "./controller_tree.ts";
import { delay } from "./delay.ts";
import { fireAndForget } from "./fire_and_forget.ts";
import { flagPolling } from "./flag_polling.ts";
import { pLimit } from "./p_limit.ts";
import { pMap } from "./p_map.ts";
import { pRetry } from "./p_retry.ts";
import { pTimeout } from "./p_timeout.ts";
import { promiseAllMap } from "./promise_all_map.ts";
import { raceTimeout } from "./race_timeout.ts";
import type { Recipe } from "./recipe.ts";

/** In the order in which lists show them. */
export const recipes: readonly Recipe[] = [
  raceTimeout,
  abortableSleep,
  controllerTree,
  promiseAllMap,
  fireAndForget,
  flagPolling,
  abortZoo,
  delay,
  pLimit,
  pMap,
  pRetry,
  pTimeout,
];
