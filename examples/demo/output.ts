import process from "node:process";
import { styleText } from "node:util";
import { type CancelReason, formatReason } from "../../mod.ts";

export const KIB = 1024;

type Style = Parameters<typeof styleText>[0];

/** Whether a person looks at the output: bars, times and colours are for them. */
export const terminal: boolean = Boolean(process.stdout.isTTY) &&
  process.env.TERM !== "dumb";
const coloured = terminal && !process.env.NO_COLOR;

let debugging = false;

/** Turns the lines of {@linkcode debug} on. */
export function showDebug(): void {
  debugging = true;
}

/** Whether debug lines are shown. */
export function isDebugging(): boolean {
  return debugging;
}

/** Writes a line for developers to stderr, if they asked for it. */
export function debug(text: string): void {
  if (!debugging) return;
  const line = `  debug  ${
    performance.now().toFixed(0).padStart(5)
  } ms  ${text}`;
  console.error(coloured ? styleText("gray", line) : line);
}

/** Colours text where colours are welcome. */
export function paint(style: Style, text: string): string {
  return coloured ? styleText(style, text) : text;
}

/** Begins a part of the demo. */
export function heading(title: string, subtitle: string): void {
  console.log(`\n${paint(["bold", "cyan"], title)}`);
  console.log(`${paint("gray", subtitle)}\n`);
}

/** Writes what happened. */
export function line(label: string, text: string): void {
  console.log(`  ${paint("gray", label.padEnd(16))}${text}`);
}

/** What a mark says; each is right after what happened as intended or not. */
const MARKS = {
  good: ["green", "✓"],
  stopped: ["yellow", "■"],
  bad: ["red", "✗"],
} as const;

/** Writes what became of something, with details below it. */
export function verdict(
  mark: keyof typeof MARKS,
  { label, text, details = [] }: {
    label: string;
    text: string;
    details?: readonly string[];
  },
): void {
  const [style, sign] = MARKS[mark];
  console.log(`  ${paint(style, sign)} ${label.padEnd(14)}${text}`);
  for (const detail of details) {
    console.log(`${" ".repeat(18)}${paint("gray", detail)}`);
  }
}

/** A chain of reasons, a line for each link. */
export function reasonLines(reason: CancelReason): string[] {
  return formatReason(reason).split(/ (?=<- )/);
}

/** An error and what caused it, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause === undefined ? message : `${message}: ${describeError(cause)}`;
}

/** A number of bytes. */
export function bytes(count: number): string {
  return count % KIB === 0 ? `${count / KIB} KiB` : `${count} B`;
}

/** How long something took; only for a person, because it differs each time. */
export function took(ms: number): string {
  return terminal ? paint("gray", ` (${ms.toFixed(1)} ms)`) : "";
}
