/** After this long, in milliseconds, a run is long enough for a bar. */
const PATIENCE = 1000;

/** Shows how far a run is, if it takes long. */
export interface ProgressBar {
  /** Takes note of a file. */
  update(done: number, total: number): void;
  /** Removes the bar. */
  stop(): void;
}

/** The part of cli-progress that is used. */
interface Bar {
  start(total: number, start: number): void;
  update(value: number): void;
  stop(): void;
}

/** A bar on the standard error stream. */
export async function progressBar(): Promise<ProgressBar> {
  const { default: progress } = await import("cli-progress");
  const bar: Bar = new progress.SingleBar({
    format: "{bar} {value}/{total} files, {eta_formatted}",
    clearOnComplete: true,
    hideCursor: null,
    // Files are handled without a pause, in which a timer could draw.
    synchronousUpdate: true,
  }, progress.Presets.shades_classic);
  const start = performance.now();
  let isShown = false;
  return {
    update(done, total) {
      if (!isShown && performance.now() - start > PATIENCE) {
        isShown = true;
        bar.start(total, done);
      }
      if (isShown) bar.update(done);
    },
    stop() {
      if (isShown) bar.stop();
    },
  };
}
