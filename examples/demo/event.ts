import { stat } from "node:fs/promises";
import { AsyncEvent, createTask, waitForOutcome } from "../../mod.ts";
import { arrived, startDownload } from "./download.ts";
import {
  bytes,
  heading,
  KIB,
  line,
  reasonLines,
  took,
  verdict,
} from "./output.ts";
import { exists, type Stage } from "./stage.ts";

/** A download that an event cancels midway. */
export async function eventDemo({ server, folder }: Stage): Promise<void> {
  heading("Event", "A download is cancelled midway, by an event.");
  const half = 384 * KIB;
  const file = server.offer("report.bin", { size: 2 * half, allowed: half });
  const stop = new AsyncEvent();

  const { task, progress, finished, partial } = startDownload(file.url, {
    folder,
  });
  line("download", `${file.name}, ${bytes(file.size)}`);
  const user = createTask(async () => {
    await arrived(progress, half);
    line("on disk", `${bytes((await stat(partial)).size)} in report.bin.part`);
    line("stop.set()", "the user has seen enough");
    stop.set();
  }, { name: "user" });

  const outcome = await waitForOutcome(task, {
    cancelEvent: stop,
    completionEvent: finished,
    timeout: 10_000,
    grace: 5_000,
  });
  await user;

  if (outcome.status !== "cancelled") {
    throw new Error(`Expected a cancelled download, it is ${outcome.status}`);
  }
  line("outcome", outcome.status + took(outcome.elapsed));
  for (const link of reasonLines(outcome.reason)) line("", link);
  verdict(task.cancelled ? "good" : "bad", {
    label: "task",
    text: `${task.status}, its own cleanup has run`,
  });
  verdict(finished.isSet ? "good" : "bad", {
    label: "event",
    text: `the completion event ${finished.isSet ? "is" : "is not"} set`,
  });
  const left = await exists(partial);
  verdict(left ? "bad" : "good", {
    label: "file",
    text: `the partial file ${left ? "was left behind" : "is removed"}`,
  });
}
