import { createTask, run, sleep } from "../../mod.ts";

await run(async function serve() {
  void createTask(async function poller() {
    await sleep(5);
    await new Promise(() => {});
  });
  void createTask(() => new Promise(() => {}), { name: "legacy" });
  await sleep(20);
  console.log("ready");
  await sleep(60_000);
}, { grace: 100 });
