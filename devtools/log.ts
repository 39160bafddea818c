/**
 * Events of tasks for a logger.
 *
 * @module
 */

export { logTasks } from "./log/log_tasks.ts";
export type {
  LoggedEvent,
  Logger,
  LogLevel,
  LogTasksOptions,
} from "./log/log_tasks.ts";
