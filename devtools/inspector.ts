/**
 * A page on the loopback address that shows the tasks of a program live.
 *
 * @module
 */

export { inspect } from "./inspector/inspect.ts";
export type { InspectOptions, Inspector } from "./inspector/inspect.ts";
