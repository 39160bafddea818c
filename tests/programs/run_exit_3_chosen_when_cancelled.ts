import { run } from "../../mod.ts";

await run(async ({ sleep }) => {
  console.log("ready");
  await sleep(60_000);
}, { exitCode: 3 });
