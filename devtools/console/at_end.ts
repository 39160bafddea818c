import process from "node:process";
import { onExit } from "signal-exit";

/** What browsers and Deno tell of an error that nobody catches. */
const FATAL = ["error", "unhandledrejection", "unload"] as const;

/**
 * Calls back when the program ends without having said so: by a signal that
 * nobody else handles, by `exit()`, by an error that nobody catches, or because
 * there is nothing left to do. It may go on after an error, and call back again.
 *
 * @returns What takes it back.
 */
export function atEnd(callback: () => void): () => void {
  // It agrees with other copies of itself on who ends the process.
  const forget = onExit(() => callback());
  // Bun tells of its end without calling what that listens to.
  process.on("exit", callback);
  // Deno ends without telling its process when an error isn't caught.
  const target = globalThis as Partial<
    Pick<EventTarget, "addEventListener" | "removeEventListener">
  >;
  for (const type of FATAL) target.addEventListener?.(type, callback);
  return () => {
    forget();
    process.off("exit", callback);
    for (const type of FATAL) target.removeEventListener?.(type, callback);
  };
}
