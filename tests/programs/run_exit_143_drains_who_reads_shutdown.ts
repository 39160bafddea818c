import { run, sleep } from "../../mod.ts";

await run(async ({ shutdown }) => {
  console.log("ready");
  await shutdown.wait();
  await sleep(10);
  console.log("saved");
});
