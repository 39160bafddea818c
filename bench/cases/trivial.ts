import { createTask } from "../../mod.ts";
import type { Pair } from "../_measure.ts";
import { batch, sequence, work } from "./_calls.ts";

/** 100,000 trivial tasks at once, ÷ 100,000 calls of the async function. */
export function trivialBatch(): Pair {
  return { base: batch(work), subject: batch(() => createTask(work)) };
}

/** The same, one after the other. */
export function trivialSequence(): Pair {
  return { base: sequence(work), subject: sequence(() => createTask(work)) };
}
