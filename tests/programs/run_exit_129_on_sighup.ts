import { run, sleep } from "../../mod.ts";

await run(async () => {
  console.log("ready");
  await sleep(60_000);
}, { signals: ["SIGHUP", "SIGHUP"] });
