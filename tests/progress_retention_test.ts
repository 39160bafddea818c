import { assertEquals, assertLess } from "@std/assert";
import { aggregateProgress, Progress } from "../mod.ts";
import { garbageCollector } from "./_garbage.ts";
import { test } from "./_harness.ts";
import { turn } from "./_probes.ts";

const collect = await garbageCollector();

/** Collects, and lets those go who were told of it. */
async function collectGarbage(): Promise<void> {
  await turn();
  await collect();
  await turn();
}

test("aggregateProgress() that is dropped leaves nothing on a part", async () => {
  const part = new Progress({ total: 10 });
  let subscribed = 0;
  const { subscribe } = part;
  part.subscribe = (observer) => {
    subscribed++;
    const unsubscribe = subscribe.call(part, observer);
    return () => {
      subscribed--;
      unsubscribe();
    };
  };
  for (let i = 0; i < 1_000; i++) aggregateProgress([part]);
  assertEquals(subscribed, 1_000);
  for (let i = 0; i < 20 && subscribed > 10; i++) await collectGarbage();
  assertLess(subscribed, 11);
});

test("aggregateProgress() goes on for its observers though the whole was dropped", async () => {
  const part = new Progress({ total: 10 });
  const seen: number[] = [];
  aggregateProgress([part]).subscribe(({ completed }) => seen.push(completed));
  const iterated: number[] = [];
  const iteration = (async () => {
    for await (const { completed } of aggregateProgress([part])) {
      iterated.push(completed);
    }
  })();
  await collectGarbage();
  part.advance(4);
  await collectGarbage();
  part.advance(6);
  part.finish();
  await iteration;
  assertEquals([seen[0], seen.at(-1)], [4, 10]);
  assertEquals(iterated.at(-1), 10);
});
