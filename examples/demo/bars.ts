import process from "node:process";
import type { Progress } from "../../mod.ts";
import type { Download } from "./download.ts";

/** Shows the downloads as bars that move, for a person. */
export async function showBars(
  downloads: readonly Download[],
): Promise<Disposable> {
  const { showProgress } = await import("@mdc/devtools/console");
  return showProgress(downloads, {
    stream: process.stdout,
    live: true,
    unit: "bytes",
  });
}

/** Writes how far everything is, in one line. */
export function showLine(
  whole: Progress,
  downloads: readonly Download[],
): void {
  const parts = downloads.map(({ name, progress }) =>
    `${name.replace(".bin", "")} ${percent(progress).padStart(5)}`
  );
  console.log(`  all ${percent(whole).padStart(5)}   ${parts.join("   ")}`);
}

function percent({ fraction = 0 }: Progress): string {
  return `${Math.floor(fraction * 100)} %`;
}
