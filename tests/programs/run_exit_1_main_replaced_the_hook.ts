import { configure, createTask, run } from "../../mod.ts";

await run(() => {
  configure({ onUnobservedFailure: ({ name }) => console.log("mine:", name) });
  const fail = () => Promise.reject(new Error("disk full"));
  void createTask(fail, { name: "writer", detached: true });
});
