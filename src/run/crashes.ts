import { isKnownCancellation } from "../core/cancellation.ts";
import { looksAborted } from "../core/shapes.ts";
import type { HostProcess } from "./host.ts";

/** How an error came to nobody's catch block. */
export type CrashKind = "exception" | "rejection";

function causeOf(error: unknown): unknown {
  try {
    return (error as { cause?: unknown } | null | undefined)?.cause;
  } catch {
    return undefined;
  }
}

/**
 * Whether a rejection that nobody handled is a cancellation that the kernel
 * delivered: it, or an abort error that a platform function made of it.
 */
function isDelivered(error: unknown): boolean {
  return isKnownCancellation(error) || isKnownCancellation(causeOf(error));
}

/**
 * Tells `crashed` of exceptions and rejections that nobody caught, in place of
 * the runtime, which would end the process at once.
 *
 * @param isEnding Whether everything is cancelled: then abort errors that say
 * nothing of their origin are no failures either.
 * @returns What gives it back to the runtime.
 */
export function onCrash(
  host: HostProcess | undefined,
  isEnding: () => boolean,
  crashed: (kind: CrashKind, error: unknown) => void,
): () => void {
  const exception = (error: unknown) => crashed("exception", error);
  const rejection = (error: unknown) => {
    if (isDelivered(error) || (isEnding() && looksAborted(error))) return;
    crashed("rejection", error);
  };
  host?.on("uncaughtException", exception);
  host?.on("unhandledRejection", rejection);
  return () => {
    host?.off("uncaughtException", exception);
    host?.off("unhandledRejection", rejection);
  };
}
