import { run, sleep } from "../../mod.ts";

await run(async ({ shutdown }) => {
  console.log("ready");
  await shutdown.wait();
  console.log("draining");
  try {
    await sleep(60_000);
  } finally {
    console.log("never printed");
  }
}, { drain: 60_000, grace: 60_000 });
