import { createTask, run, sleep } from "../../mod.ts";

await run(() => {
  void createTask(async () => {
    try {
      await sleep(60_000);
    } finally {
      await new Promise((_, reject) => reject(new RangeError("can't close")));
    }
  }, { name: "writer" });
});
console.log("ended");
