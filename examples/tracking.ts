// A tracker knows what is running, and ends it.
import { TaskTracker } from "../mod.ts";

const flush = () => Promise.reject(new Error("disk full"));

{
  await using tracker = new TaskTracker();
  const quick = tracker.spawn(() => 42, { name: "quick" });
  tracker.spawn(({ sleep }) => sleep(60_000), { name: "poller" });
  tracker.spawn(async ({ sleep }) => {
    try {
      await sleep(60_000);
    } finally {
      await flush();
    }
  }, { name: "writer" });

  console.log("value:", await quick);
  const names = [...tracker].map((task) => task.name);
  console.log("running:", names.join(", "));

  const report = await tracker.cancelAll({ reason: "end of day" });
  for (const { name, status, error } of report.tasks) {
    console.log(`${name}: ${status}${error ? `, ${error}` : ""}`);
  }
  console.log(report.succeeded, "succeeded,", report.failed, "failed");
  console.log("running:", tracker.size);
} // Whatever still ran would be cancelled here, and waited for.

// Output:
// value: 42
// running: poller, writer
// poller: cancelled
// writer: failed, Error: disk full
// 1 succeeded, 1 failed
// running: 0
