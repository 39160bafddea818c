/**
 * Tells of code that keeps the event loop, tasks that ignore their
 * cancellation, and tasks that wait for each other.
 *
 * @module
 */

export { watch } from "./watchdog/watch.ts";
export type { WatchOptions } from "./watchdog/watch.ts";
export { formatFinding } from "./watchdog/finding.ts";
export type { Finding, FoundTask } from "./watchdog/finding.ts";
