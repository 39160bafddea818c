import { currentTask, run, sleep } from "../../mod.ts";

await run(async ({ shutdown }) => {
  console.log("ready");
  for (let job = 1; !shutdown.isSet; job++) {
    console.log(`job ${job} begins`);
    if (job === 2) await shutdown.wait();
    await sleep(20);
    console.log(`job ${job} is done`);
  }
  console.log("cancelled:", currentTask()!.cancelRequested);
}, { drain: 30_000 });
