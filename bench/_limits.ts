import process from "node:process";

/** A figure that must not exceed a limit. */
export interface Limit {
  readonly what: string;
  readonly figure: number;
  readonly most: number;
  readonly unit: string;
}

/** Whether a figure is within its limit. */
export function holds({ figure, most }: Limit): boolean {
  return figure <= most;
}

/** A figure with its unit, for people to read. */
export function show(figure: number, unit: string): string {
  const digits = Number.isInteger(figure) ? `${figure}` : figure.toFixed(2);
  return unit === "" ? digits : `${digits} ${unit}`;
}

/** Prints the figures (`--json`: for a program); exits with 1 if one fails. */
export function report(limits: readonly Limit[]): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(limits));
  } else {
    for (const limit of limits) {
      const { what, figure, most, unit } = limit;
      console.log(
        `${holds(limit) ? "met    " : "NOT MET"} ${what}: ` +
          `${show(figure, unit)} (at most ${show(most, unit)})`,
      );
    }
  }
  if (!limits.every(holds)) process.exitCode = 1;
}
