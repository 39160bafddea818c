/**
 * Spans and metrics of tasks for OpenTelemetry. It needs `@opentelemetry/api`,
 * which nothing else of the package does.
 *
 * @module
 */

export { instrument } from "./otel/instrument.ts";
export type { InstrumentOptions } from "./otel/instrument.ts";
export { taskContextManager } from "./otel/task_context_manager.ts";
