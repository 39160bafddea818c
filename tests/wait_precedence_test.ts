import { assertEquals } from "@std/assert";
import { AsyncEvent, createTask, waitForOutcome } from "../mod.ts";
import { test } from "./_harness.ts";
import { ended } from "./_probes.ts";

/** What can end a wait, the stronger first, and how the wait then ends. */
const ENDINGS = {
  settled: "completed",
  cancel: "cancelled",
  completion: "signalled",
  timeout: "timed-out",
} as const;
type Cause = keyof typeof ENDINGS;
const CAUSES = Object.keys(ENDINGS) as Cause[];

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest])
  );
}

/** Every order of every set of causes: 64 in all. */
const ORDERS = Array.from({ length: 15 }, (_, bits) => bits + 1)
  .flatMap((bits) =>
    permutations(CAUSES.filter((_, i) => (bits & (1 << i)) !== 0))
  );

/**
 * Fires the causes in that order, without a turn in between. The timeout is
 * one of 0: it fires with the call, and what precedes it fires before.
 */
async function endingOf(order: readonly Cause[]): Promise<string> {
  const gate = Promise.withResolvers<void>();
  const cancelEvent = new AsyncEvent();
  const completionEvent = new AsyncEvent();
  const task = createTask(() => gate.promise);
  const fire: Record<Cause, () => void> = {
    settled: gate.resolve,
    cancel: () => cancelEvent.set(),
    completion: () => completionEvent.set(),
    timeout: () => {},
  };
  const call = order.indexOf("timeout");
  for (const cause of order.slice(0, Math.max(call, 0))) fire[cause]();
  const wait = waitForOutcome(task, {
    cancelEvent,
    completionEvent,
    onStop: "leave",
    timeout: call < 0 ? Infinity : 0,
  });
  for (const cause of order.slice(call + 1)) fire[cause]();
  try {
    return (await wait).status;
  } finally {
    gate.resolve();
    await ended(task);
  }
}

function strongest(order: readonly Cause[]): Cause {
  return CAUSES.find((cause) => order.includes(cause))!;
}

for (const order of ORDERS) {
  test(`waitForOutcome() decides on ${order.join(", ")} in one tick by rank`, async () => {
    assertEquals(await endingOf(order), ENDINGS[strongest(order)]);
  });
}
