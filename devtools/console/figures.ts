import type { ProgressSnapshot } from "@mdc/tasks";

/** What the units of progress are. */
export type Unit = "bytes" | "items";

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const DECIMAL = ["", "k", "M", "G", "T", "P"];

/** A number of units in a few characters. */
export function amount(units: number, unit: Unit): string {
  const [names, step] = unit === "bytes" ? [BINARY, 1024] : [DECIMAL, 1000];
  const most = names.length - 1;
  let power = 0;
  // 999.95 is shown as 1000: the next unit is for that as well.
  while (power < most && units / step ** power >= step * 0.9995) power++;
  const value = units / step ** power;
  const digits = Number.isInteger(value) || value >= 100 ? 0 : 1;
  const space = unit === "bytes" ? " " : "";
  return `${value.toFixed(digits)}${space}${names[power]}`;
}

/** Units a second, once there is something to tell. */
export function rateText({ rate }: ProgressSnapshot, unit: Unit): string {
  return rate > 0 && Number.isFinite(rate) ? `${amount(rate, unit)}/s` : "";
}

/** A time as on a clock: `0:07`, `12:30`, `1:02:03`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds >= 360_000) return "> 99 h";
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** How far it is: in percent, or what is done if there is no total. */
export function partText(
  { fraction, completed }: ProgressSnapshot,
  unit: Unit,
): string {
  return fraction === undefined
    ? completed === 0 ? "" : amount(completed, unit)
    : `${Math.floor(fraction * 100)} %`;
}
