import type { CancelNode } from "./node.ts";
import { shared } from "./shared.ts";

/** Who is told what happens in the tree; see `trace/`. */
export interface KernelObserver {
  /** It hangs in the tree; its body has not been started. */
  started(node: CancelNode): void;
  /** A wait of the task of `source`; returns what tells that it is over. */
  waiting(
    source: CancelNode | AbortSignal | undefined,
    what: string,
    on: CancelNode | undefined,
  ): (() => void) | undefined;
  /** Its cancellation was requested; everything that follows from it is marked. */
  cancelling(node: CancelNode): void;
  /** It has ended and is linked nowhere. */
  ended(node: CancelNode): void;
}

/**
 * Who observes the kernel of this process, if anybody does. The kernel asks
 * with one read at each of the four points, and does nothing else for nobody.
 * An observer never throws: whoever puts one here sees to that.
 */
export const observed: { by: KernelObserver | undefined } =
  /* @__PURE__ */ shared("observed", () => ({ by: undefined }));
