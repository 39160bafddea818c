import type { CancelNode } from "./node.ts";
import { shared } from "./shared.ts";

/** A wait in this library that somebody observes. */
export interface ObservedWait {
  /** The wait in words: `sleep()`, `task "b"`. */
  readonly what: string;
  /** The task or scope that is waited for, if it is one. */
  readonly on: CancelNode | undefined;
  /** The task or scope whose code waits. */
  readonly by: CancelNode;
}

/** Who is told what happens in the tree; see `trace/`. */
export interface KernelObserver {
  /** It hangs in the tree; its body has not been started. */
  started(node: CancelNode): void;
  waiting(wait: ObservedWait): void;
  resumed(wait: ObservedWait): void;
  /** Its cancellation was requested; everything that follows from it is marked. */
  cancelling(node: CancelNode): void;
  /** It has ended and is linked nowhere. */
  ended(node: CancelNode): void;
}

/**
 * Who observes the kernel of this process, if anybody does. The kernel asks
 * with one read at each of the five points, and does nothing else for nobody.
 * An observer never throws: whoever puts one here sees to that.
 */
export const observed: { by: KernelObserver | undefined } =
  /* @__PURE__ */ shared("observed", () => ({ by: undefined }));
