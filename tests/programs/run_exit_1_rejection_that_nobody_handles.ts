import { run, sleep } from "../../mod.ts";

await run(async () => {
  setTimeout(() => void Promise.reject(new RangeError("lost")), 5);
  try {
    await sleep(60_000);
  } finally {
    console.log("cleaned up");
  }
});
