import { run } from "../../mod.ts";

await run(async ({ shutdown, sleep }) => {
  setInterval(() => {}, 1_000);
  console.log("ready");
  await shutdown.wait();
  await sleep(10);
  console.log("drained");
}, { exitCode: (signal) => signal === "SIGTERM" ? 0 : 3 });
