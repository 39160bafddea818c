import { createTask, run } from "../../mod.ts";

await run(() => {
  void createTask(() => new Promise(() => {}), { name: "forgotten" });
  console.log("main has ended");
}, { grace: 50 });
console.log("never printed");
