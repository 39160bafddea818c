import { run } from "../../mod.ts";

await run(async ({ sleep }) => {
  setInterval(() => {}, 1_000);
  console.log("ready");
  await sleep(60_000);
}, { exitCode: () => 256 });
