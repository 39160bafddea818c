import { run } from "../../mod.ts";

await run(async ({ sleep }) => {
  void Promise.reject(new DOMException("not ours", "AbortError"));
  try {
    await sleep(60_000);
  } finally {
    console.log("cleaned up");
  }
});
