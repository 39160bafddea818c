import { sleep, TaskTracker } from "../../mod.ts";
import { ProgressView } from "./bars.ts";
import { arrived, type Download, startDownload } from "./download.ts";
import { heading, isDebugging, KIB, line, terminal } from "./output.ts";
import { CHUNK } from "./server.ts";
import type { Stage } from "./stage.ts";

/** How far each download is, and how far all of them together are. */
export async function progressDemo({ server, folder }: Stage): Promise<void> {
  heading("Progress", "Four downloads, and all of them as one.");
  const tracker = new TaskTracker();
  const whole = tracker.progress;
  const files = [1, 2, 3, 4].map((n) =>
    server.offer(`part-${n}.bin`, { size: n * 4 * CHUNK, allowed: 0 })
  );

  // Bars are for a person: the network is slowed down so that they can be seen.
  const live = terminal && !isDebugging();
  const rounds = 16;
  {
    const downloads: Download[] = [];
    using view = new ProgressView({ whole, downloads, live });
    // Ends before the view does, so that the view shows every end.
    await using _owner = tracker;
    for (const file of files) {
      downloads.push(startDownload(file.url, { folder, tracker }));
    }
    tracker.close();
    for (let round = 1; round <= rounds; round++) {
      for (const file of files) file.allow(CHUNK);
      await Promise.all(
        downloads.map(({ progress }, i) =>
          arrived(progress, Math.min(round * CHUNK, files[i]!.size))
        ),
      );
      if (live) await sleep(60);
      else if (round % 4 === 0) view.show();
    }
    await arrived(whole, Infinity);
  }
  line("together", `${whole.status}, ${whole.completed / KIB} KiB`);
}
