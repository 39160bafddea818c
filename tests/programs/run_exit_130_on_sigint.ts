import { currentTask, formatReason, run, shield, sleep } from "../../mod.ts";

await run(async function serve({ sleep: nap }) {
  console.log("ready");
  try {
    await nap(60_000);
  } finally {
    const { kind, message } = currentTask()!.reason!;
    console.log(`${kind}: ${message}`);
    console.log(formatReason(currentTask()!.reason!));
    await shield(() => sleep(10));
    console.log("cleaned up");
  }
});
console.log("never printed");
