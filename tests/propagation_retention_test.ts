import { assert } from "@std/assert";
import { AsyncEvent, propagateCancellation } from "../mod.ts";
import { turns } from "./_bodies.ts";
import { garbageCollector } from "./_garbage.ts";
import { test } from "./_harness.ts";
import { withTask } from "./_probes.ts";

test("propagateCancellation() that was disposed of is no longer kept by its parent task", async () => {
  const collect = await garbageCollector();
  await withTask(async (parent) => {
    const disposed = () => {
      const propagation = propagateCancellation(parent, [new AsyncEvent()]);
      propagation[Symbol.dispose]();
      return new WeakRef(propagation);
    };
    const links = Array.from({ length: 10 }, disposed);
    for (let round = 0; round < 20; round++) {
      await turns(1);
      await collect();
      if (links.every((link) => link.deref() === undefined)) break;
    }
    // A conservative collector may take a word on the stack for one of them.
    assert(links.filter((link) => link.deref() !== undefined).length <= 2);
  });
});
