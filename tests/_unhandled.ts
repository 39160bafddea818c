/**
 * What the platform reports as unhandled rejections while something runs.
 *
 * @module
 */
import { turn } from "./_probes.ts";

/** Runs `body` and returns the reasons of unhandled rejections, each once. */
export async function unhandledIn(
  body: () => unknown,
): Promise<unknown[]> {
  const seen = new Set<unknown>();
  const note = (event: Event) => {
    event.preventDefault();
    seen.add((event as PromiseRejectionEvent).reason);
  };
  const noteInNode = (reason: unknown) => seen.add(reason);
  const listens = "addEventListener" in globalThis;
  const { default: process } = await import("node:process");
  // A runner of tests listens too, and fails the test that is running.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  if (listens) globalThis.addEventListener("unhandledrejection", note);
  process.on("unhandledRejection", noteInNode);
  try {
    await body();
    await turn();
    await turn();
  } finally {
    process.off("unhandledRejection", noteInNode);
    for (const other of others) process.on("unhandledRejection", other);
    if (listens) globalThis.removeEventListener("unhandledrejection", note);
  }
  return [...seen];
}
