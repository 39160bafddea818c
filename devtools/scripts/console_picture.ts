import { sleep, TaskTracker } from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import { showProgress } from "@mdc/devtools/console";
import process from "node:process";
import { terminalSvg } from "./terminal_svg.ts";

const COLUMNS = 88;

const FILES = ["debian.iso", "日本語.pdf", "notes.txt", "film.mkv", "map.png"];

/** Downloads, each slower than the one before it; one fails. */
function download(
  tracker: TaskTracker,
  number: number,
  log: (line: string) => void,
): void {
  const name = FILES[number]!;
  tracker.spawn(async ({ progress }) => {
    progress.update({ total: 4e6 * (number + 1), stage: "connect" });
    await sleep(600 * number);
    progress.update({ stage: "download" });
    for (let part = 1; part <= 40; part++) {
      await sleep(50 + 10 * number);
      if (number === 2 && part === 7) throw new Error("connection lost");
      progress.advance(1e5 * (number + 1));
    }
    progress.update({ stage: "verify" });
    await sleep(60_000);
  }, { name }).catch((error) => log(`${name}: ${error.message}`));
}

/** Bars while downloads are under way, with what else the program wrote. */
export async function consolePicture(): Promise<string> {
  process.env["FORCE_COLOR"] = "1";
  const above: string[] = [];
  const shown: string[] = [];
  let last = "";
  const stream = {
    isTTY: true,
    columns: COLUMNS,
    rows: 24,
    write(chunk: string | Uint8Array): boolean {
      if (String(chunk).includes("\n")) last = String(chunk);
      return true;
    },
  };
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    for (const number of FILES.keys()) {
      download(tracker, number, (line) => above.push(line));
    }
    const options = { stream, live: true, unit: "bytes" } as const;
    const display = showProgress(tracker, options);
    await clock.advance(2_600);
    display.stop();
    shown.push("$ deno run -A fetch.ts", ...above);
    await tracker.cancelAll();
  });
  // deno-lint-ignore no-control-regex
  const frame = last.replaceAll(/\r|\u001b\[(?:\d*[AKJ]|\?25[lh])/g, "");
  const lines = frame.trimEnd().split("\n");
  return terminalSvg([...shown, ...lines], COLUMNS);
}
