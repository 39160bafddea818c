import { run } from "../../mod.ts";

await run(async () => {
  try {
    await run(() => {});
  } catch (error) {
    console.log(`${error}`);
  }
});
await run(() => console.log("one after the other"));
