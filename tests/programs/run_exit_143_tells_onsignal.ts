import { createTask, formatSignal, run, sleep } from "../../mod.ts";

await run(async function serve({ shutdown }) {
  void createTask(() => sleep(60_000), { name: "poller" });
  console.log("ready");
  await shutdown.wait();
  console.log("draining");
  await sleep(60_000);
}, {
  drain: 40_000,
  grace: 2_000,
  onSignal: (notice) => {
    const { signal, phase, drain, grace, tasks } = notice;
    const names = tasks.map(({ name }) => name);
    console.log([signal, phase, drain, grace, ...names].join(" "));
    console.log(formatSignal(notice));
  },
});
