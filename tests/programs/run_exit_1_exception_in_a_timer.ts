import { currentTask, formatReason, run, shield, sleep } from "../../mod.ts";

await run(async ({ shutdown }) => {
  setTimeout(() => {
    throw new RangeError("timer is broken");
  }, 5);
  try {
    await sleep(60_000);
  } finally {
    console.log(formatReason(currentTask()!.reason!));
    console.log("shutdown:", shutdown.isSet);
    setTimeout(() => {
      throw new RangeError("cleanup is broken");
    }, 1);
    await shield(() => sleep(50));
    console.log("cleaned up");
  }
});
console.log("never printed");
