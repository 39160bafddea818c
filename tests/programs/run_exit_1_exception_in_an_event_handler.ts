import { run, sleep } from "../../mod.ts";

await run(async () => {
  const target = new EventTarget();
  target.addEventListener("message", () => {
    throw new RangeError("handler is broken");
  });
  setTimeout(() => target.dispatchEvent(new Event("message")), 5);
  try {
    await sleep(60_000);
  } finally {
    console.log("cleaned up");
  }
});
