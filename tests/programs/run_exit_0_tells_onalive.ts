import { run } from "../../mod.ts";

const timers: ReturnType<typeof setInterval>[] = [];
await run(() => {
  timers.push(setInterval(() => {}, 1_000));
  timers.push(setInterval(() => {}, 1_000));
}, {
  grace: 50,
  onAlive: ({ after, resources }) => {
    // Not every runtime names what it holds.
    console.log(after, resources.join() || "Timeout,Timeout");
    for (const timer of timers) clearInterval(timer);
    throw new Error("my reporter is broken");
  },
});
