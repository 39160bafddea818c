import { createTask, run } from "../../mod.ts";

const value = await run(() => {
  const fail = () => Promise.reject(new Error("disk full"));
  void createTask(fail, { name: "writer", detached: true });
  return "value";
});
console.log(value);
