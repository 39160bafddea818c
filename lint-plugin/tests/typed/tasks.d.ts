// As much of the package as the typed cases need.
declare module "@mdc/tasks" {
  export interface Task extends PromiseLike<void> {
    cancel(): boolean;
  }
  export class TaskTracker {
    spawn(body: () => Promise<void>): Task;
    add(promise: PromiseLike<void>): Task;
    cancelAll(): Promise<void>;
  }
  export function sleep(
    ms: number,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
  export function run(main: () => Promise<void>): Promise<void>;
  export function createTask(body: () => Promise<void>): Task;
}
