import { run, sleep } from "../../mod.ts";

await run(async function serve() {
  console.log("ready");
  await sleep(60_000).catch(() => {});
  throw new RangeError("can't close");
});
