import { createTask, formatSignal, run, shield, sleep } from "../../mod.ts";

await run(({ shutdown }) => {
  void createTask(async () => {
    try {
      await shutdown.wait();
    } finally {
      console.log("cleaning up");
      await shield(() => sleep(200));
      console.log("cleaned up");
    }
  }, { name: "server" });
}, { onSignal: (notice) => console.log(formatSignal(notice)) });
