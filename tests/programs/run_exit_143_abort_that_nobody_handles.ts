import { run } from "../../mod.ts";

await run(async ({ sleep }) => {
  console.log("ready");
  try {
    await sleep(60_000);
  } finally {
    // As libraries do that make an abort error of their own.
    void Promise.reject(new DOMException("aborted", "AbortError"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log("cleaned up");
  }
});
