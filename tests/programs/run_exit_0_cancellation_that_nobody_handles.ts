import { setTimeout as nodeSleep } from "node:timers/promises";
import { createTask, run, sleep } from "../../mod.ts";

await run(async () => {
  const reasons = [undefined, "text", new RangeError("database is gone")];
  for (const reason of reasons) {
    const task = createTask(async ({ signal }) => {
      // Derived promises, which the library can't mark as handled.
      void sleep(60_000).then(() => {});
      void sleep(60_000).finally(() => {});
      void nodeSleep(60_000, undefined, { signal }).then(() => {});
      await sleep(60_000);
    });
    await sleep(1);
    task.cancel(reason);
    await task.catch(() => {});
  }
  await sleep(10);
  console.log("still running");
});
