/**
 * Tools to see what tasks do: recordings with a timeline, lines for a logger,
 * and a watchdog.
 *
 * @module
 */

export * from "./log.ts";
export * from "./recording.ts";
export * from "./watchdog.ts";
