import { currentTask, run, sleep } from "../../mod.ts";

await run(async ({ shutdown }) => {
  console.log("ready");
  await shutdown.wait();
  console.log("draining");
  try {
    await sleep(60_000);
  } finally {
    console.log("cancelled:", currentTask()!.reason!.kind);
  }
}, { drain: 50 });
