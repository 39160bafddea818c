/**
 * Progress in the terminal: bars that move below what a program prints, or
 * plain lines where nobody looks.
 *
 * @module
 */

export { showProgress } from "./console/show_progress.ts";
export type {
  ProgressDisplay,
  ShowProgressOptions,
} from "./console/show_progress.ts";
export type {
  NamedProgress,
  Showable,
  ShownSource,
} from "./console/sources.ts";
export type { OutputStream } from "./console/output_stream.ts";
export type { Unit } from "./console/figures.ts";
