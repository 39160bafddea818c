import { sleep, TaskTracker } from "../../mod.ts";
import { showBars, showLine } from "./bars.ts";
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
    using views = new DisposableStack();
    // Ends before the bars do, so that they show every end.
    await using _owner = tracker;
    const downloads: Download[] = files.map(({ url }) =>
      startDownload(url, { folder, tracker })
    );
    tracker.close();
    if (live) views.use(await showBars(downloads));
    for (let round = 1; round <= rounds; round++) {
      for (const file of files) file.allow(CHUNK);
      await Promise.all(
        downloads.map(({ progress }, i) =>
          arrived(progress, Math.min(round * CHUNK, files[i]!.size))
        ),
      );
      if (live) await sleep(60);
      else if (round % 4 === 0) showLine(whole, downloads);
    }
    await arrived(whole, Infinity);
  }
  line("together", `${whole.status}, ${whole.completed / KIB} KiB`);
}
