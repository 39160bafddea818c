import { CancelScope, createTask, run } from "../../mod.ts";

const fail = () => Promise.reject(new Error("disk full"));

await run(() => {
  void createTask(async () => {
    void createTask(fail, { name: "writer" });
    await new CancelScope().run(async () => {
      void createTask(fail, { name: "logger" });
      await new Promise(() => {});
    });
  }, { name: "stuck" });
}, { grace: 50, onStuck: () => console.log("stuck") });
