import { TaskTracker, waitWithCancellation } from "../../mod.ts";
import { arrived, startDownload } from "./download.ts";
import {
  describeError,
  heading,
  KIB,
  line,
  reasonLines,
  took,
  verdict,
} from "./output.ts";
import type { Stage } from "./stage.ts";

/** A tracker knows what is running, ends it, and tells how it went. */
export async function trackingDemo({ server, folder }: Stage): Promise<void> {
  heading("Tracking", "Some downloads finish, cancelAll() ends the rest.");
  await using tracker = new TaskTracker();
  const offer = (name: string, size: number, allowed = size) => {
    const file = server.offer(name, {
      size: size * KIB,
      allowed: allowed * KIB,
    });
    return startDownload(file.url, { folder, tracker });
  };

  const done = [offer("small.bin", 128), offer("medium.bin", 256)];
  const held = [offer("large.bin", 512, 192), offer("huge.bin", 768, 192)];
  const missing = server.locate("missing.bin");
  const broken = startDownload(missing, { folder, tracker });
  line("tracked", `${tracker.size} downloads`);

  for (const { name, task } of done) {
    const { sha256 } = await task;
    verdict("good", { label: name, text: `sha256 ${sha256.slice(0, 16)}…` });
  }
  await Promise.all(held.map(({ progress }) => arrived(progress, 192 * KIB)));
  // A failure that is only waited for stays in the tracker's next report.
  await waitWithCancellation(broken.task);
  const names = [...tracker].map((task) => task.name);
  line("still tracked", `${tracker.size}: ${names.join(", ")}`);

  const report = await tracker.cancelAll({
    reason: "enough downloaded",
    timeout: 5_000,
  });
  const { succeeded, failed } = report;
  line("cancelAll()", `${succeeded} succeeded, ${failed} failed`);
  const tasks = [...held, broken].map(({ task }) => task);
  for (const { name, id, status, elapsed, error } of report.tasks) {
    const reason = tasks.find((task) => task.id === id)?.reason;
    verdict(status === "cancelled" ? "stopped" : "bad", {
      label: name,
      text: status + (status === "cancelled" ? took(elapsed) : ""),
      details: error !== undefined
        ? [describeError(error)]
        : reason === undefined
        ? []
        : reasonLines(reason),
    });
  }
  line("still tracked", `${tracker.size}`);
}
