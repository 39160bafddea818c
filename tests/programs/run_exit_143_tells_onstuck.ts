import { createTask, run, sleep } from "../../mod.ts";

await run(async () => {
  void createTask(() => new Promise(() => {}), { name: "legacy" });
  console.log("ready");
  await sleep(60_000);
}, {
  grace: 50,
  diagnostics: false,
  onStuck: ({ signal, grace, tasks }) => {
    const names = tasks.map((task) => Object.keys(task).join() + task.name);
    console.log([signal, grace, ...names].join(" "));
  },
});
