import process from "node:process";
import { createTask, run } from "../../mod.ts";

await run(() => {
  process.exitCode = 5;
  void createTask(() => Promise.reject(new Error("disk full")));
});
