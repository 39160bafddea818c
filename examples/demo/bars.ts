import process from "node:process";
import type { Progress } from "../../mod.ts";
import type { Download } from "./download.ts";
import { paint } from "./output.ts";

/** Options of {@linkcode ProgressView}. */
export interface ProgressViewOptions {
  whole: Progress;
  downloads: readonly Download[];
  /** Whether to redraw bars in place; otherwise `show()` writes a line. */
  live: boolean;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

/** Progress as bars that move, or as lines. */
export class ProgressView implements Disposable {
  readonly #options: ProgressViewOptions;
  readonly #unsubscribe: () => void = () => {};
  #drawn = 0;

  constructor(options: ProgressViewOptions) {
    this.#options = options;
    if (!options.live) return;
    process.stdout.write(HIDE_CURSOR);
    this.#draw();
    // It changes with every change of a part.
    this.#unsubscribe = options.whole.subscribe(() => this.#draw());
  }

  /** Writes how far everything is, in one line. */
  show(): void {
    const { whole, downloads } = this.#options;
    const parts = downloads.map(({ name, progress }) =>
      `${name.replace(".bin", "")} ${percent(progress).padStart(5)}`
    );
    console.log(`  all ${percent(whole).padStart(5)}   ${parts.join("   ")}`);
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
    if (!this.#options.live) return;
    this.#draw();
    process.stdout.write(SHOW_CURSOR);
  }

  #draw(): void {
    const { whole, downloads } = this.#options;
    const lines = downloads.map(({ name, progress }) => bar(name, progress));
    lines.push(bar("all", whole));
    // To the first column, because the terminal may have echoed a Ctrl-C.
    const up = this.#drawn === 0 ? "" : `\r\x1b[${this.#drawn}A`;
    process.stdout.write(up + lines.map((line) => `${line}\x1b[K\n`).join(""));
    this.#drawn = lines.length;
  }
}

function percent({ fraction = 0 }: Progress): string {
  return `${Math.floor(fraction * 100)} %`;
}

function bar(name: string, progress: Progress): string {
  const { fraction = 0, rate, status, stage = status } = progress;
  const width = Math.max(10, Math.min(40, (process.stdout.columns ?? 80) - 50));
  const full = Math.round(fraction * width);
  const done = paint(fraction === 1 ? "green" : "cyan", "━".repeat(full));
  const rest = paint("gray", "─".repeat(width - full));
  const speed = `${(rate / 1024).toFixed(0)} KiB/s`;
  const word = status === "running" ? stage : status;
  return `  ${name.padEnd(12)}${done}${rest} ${percent(progress).padStart(5)}` +
    paint("gray", `  ${speed.padStart(10)}  ${word}`);
}
