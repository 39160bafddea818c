import { run, sleep } from "../../mod.ts";

await run(async () => {
  await sleep(1);
  throw new RangeError("main is broken");
});
