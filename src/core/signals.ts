import { cancelTree } from "./cancel_tree.ts";
import { type Cancellation, fromAbortReason } from "./cancellation.ts";
import { CancelNode, listen, type Listener, unlisten } from "./node.ts";
import { shared } from "./shared.ts";

/**
 * The one listener that the library has on a platform signal. Everything that
 * waits for the signal hangs on this node, because adding and removing
 * listeners on the signal itself costs time in proportion to their number.
 */
class SignalNode extends CancelNode {
  readonly #signal: AbortSignal;
  readonly #relay = (): void => {
    // Anybody can dispatch an event of this name; it is no abort.
    if (!this.#signal.aborted) return;
    this.detach();
    cancelTree(this, fromAbortReason(this.#signal.reason));
  };

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }
  attach(): void {
    if (this.#signal.aborted) return this.#relay();
    this.#signal.addEventListener("abort", this.#relay);
  }
  override detach(): void {
    this.#signal.removeEventListener("abort", this.#relay);
  }
}

const nodes: WeakMap<AbortSignal, SignalNode> = /* @__PURE__ */ shared(
  "signals",
  () => new WeakMap(),
);

/** Adds a listener to a signal that is not aborted. */
export function listenToSignal(signal: AbortSignal, listener: Listener): void {
  let node = nodes.get(signal);
  if (node === undefined) {
    node = new SignalNode(signal);
    nodes.set(signal, node);
  }
  const first = node.listeners === null;
  listen(node, listener);
  if (first) node.attach();
}

/** Removes a listener, from a signal or from a node. */
export function stopListening(listener: Listener): void {
  const host = listener.host;
  if (host === null) return;
  unlisten(listener);
  if (host.listeners === null) host.detach?.();
}

/** The cancellation of an aborted signal. */
export function signalRecord(signal: AbortSignal): Cancellation | undefined {
  if (!signal.aborted) return undefined;
  return nodes.get(signal)?.record ?? fromAbortReason(signal.reason);
}
