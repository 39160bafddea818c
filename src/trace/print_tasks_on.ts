import { optionsOf } from "../core/options.ts";
import { callable, unexpected } from "../core/validate.ts";
import { hostProcess } from "../run/host.ts";
import { signalNames } from "../run/signal_numbers.ts";
import { formatTaskTree } from "./format_task_tree.ts";
import { subscribe } from "./subscribe.ts";
import { taskTree } from "./task_tree.ts";

/** Options of {@linkcode printTasksOn}. */
export interface PrintTasksOptions {
  /** Where the text goes. The default is `console.error`. */
  write?: ((text: string) => void) | undefined;
}

/**
 * Prints the tree of tasks whenever the process gets a signal of the operating
 * system: for a program that hangs, and was started with this line. Then
 * `kill -USR2 <pid>` asks it. From the call on, ages and waits are recorded.
 *
 * @example
 * Ready to be asked
 * ```ts
 * import { printTasksOn } from "@mdc/tasks/trace";
 *
 * const printing = printTasksOn("SIGUSR2");
 * // … the program …
 * console.log(typeof printing[Symbol.dispose]); // "function"
 * printing[Symbol.dispose]();
 * ```
 *
 * @param signal The name of the signal.
 * @param options Where the text goes.
 * @returns What ends it; it is disposable.
 * @throws {TypeError} If the signal is unknown or can't be heard, an option is
 * wrong, or there is no process (in browsers).
 */
export function printTasksOn(
  signal: string,
  options?: PrintTasksOptions,
): Disposable {
  const { write = console.error } = optionsOf<PrintTasksOptions>(
    options,
    "printTasksOn()",
    ["write"],
  );
  callable(write, "write");
  const [name] = signalNames([signal]) as [string];
  const host = hostProcess();
  if (host === undefined) {
    throw unexpected("print tasks on a signal", "a process", host);
  }
  const subscription = subscribe({ waiting() {} });
  const print = () => write(formatTaskTree(taskTree()));
  host.on(name, print);
  return {
    [Symbol.dispose]() {
      host.off(name, print);
      subscription.unsubscribe();
    },
  };
}
