import {
  AsyncEvent,
  createTask,
  propagateCancellation,
  type Task,
} from "../../mod.ts";
import { arrived, type Download, startDownload } from "./download.ts";
import { bytes, heading, KIB, line, reasonLines, verdict } from "./output.ts";
import type { Stage } from "./stage.ts";

/** One parent, several downloads: one event stops all. */
export async function propagationDemo(
  { server, folder }: Stage,
): Promise<void> {
  heading("Propagation", "One parent, three downloads: one event stops all.");
  const shutdown = new AsyncEvent();
  const downloads: Download[] = [];

  const mirror = createTask(async () => {
    for (const [index, name] of ["madrid", "oslo", "tokyo"].entries()) {
      const size = (index + 2) * 256 * KIB;
      const file = server.offer(`${name}.bin`, { size, allowed: size / 4 });
      // Created here, so they belong to this task and are cancelled with it.
      downloads.push(startDownload(file.url, { folder }));
    }
    await Promise.all(downloads.map(({ task }) => task));
  }, { name: "mirror" });
  line("parent", "mirror");
  line("children", downloads.map(({ name }) => name).join(", "));

  using link = propagateCancellation(shutdown, [mirror]);
  await Promise.all(
    downloads.map(({ progress }, i) => arrived(progress, (i + 2) * 64 * KIB)),
  );
  line("shutdown.set()", "everything is asked to stop, at once");
  shutdown.set();
  const asked = downloads.filter(({ task }) => task.cancelRequested).length;
  line("at once", `${asked} of ${downloads.length} downloads are cancelling`);
  line("link", (await link.done).status);

  const tasks: Task[] = [mirror, ...downloads.map(({ task }) => task)];
  await Promise.allSettled(tasks);
  explain(mirror, "");
  for (const { task, progress } of downloads) {
    const { completed, total = 0 } = progress;
    explain(task, ` at ${bytes(completed)} of ${bytes(total)}`);
  }
}

function explain(task: Task, where: string): void {
  verdict(task.cancelled ? "stopped" : "bad", {
    label: task.name,
    text: task.status + where,
    details: task.reason === undefined ? [] : reasonLines(task.reason),
  });
}
