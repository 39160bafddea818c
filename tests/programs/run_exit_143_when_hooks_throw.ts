import { createTask, run, sleep } from "../../mod.ts";

await run(async () => {
  void createTask(() => new Promise(() => {}), { name: "legacy" });
  // Holds the process, as a server does.
  setInterval(() => {}, 1_000);
  console.log("ready");
  await sleep(60_000);
}, {
  grace: 50,
  exitCode: 0,
  onSignal: () => {
    throw new Error("my notice is broken");
  },
  onStuck: () => {
    throw new Error("my reporter is broken");
  },
});
