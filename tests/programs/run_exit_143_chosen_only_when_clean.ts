import { createTask, run } from "../../mod.ts";

await run(async ({ shutdown }) => {
  console.log("ready");
  await shutdown.wait();
  void createTask(() => Promise.reject(new Error("lost")), { name: "save" });
}, { exitCode: 0 });
