import { Cancellation, recordOfError } from "./_cancellation.ts";
import { CANCELLING, CancelNode, cancelTree, DONE } from "./_node.ts";
import { CancelledError, InvalidStateError, isCancellation } from "./errors.ts";
import type { CancelKind, CancelOrigin } from "./reason.ts";

let scopes = 0;

/** Whether `error` is the cancellation of `record`, at whatever level below. */
function isOf(error: unknown, record: Cancellation): boolean {
  if (error === record.error) return true;
  if (!(error instanceof CancelledError)) return isCancellation(error);
  let at = recordOfError(error);
  while (at !== undefined && at !== record) at = at.cause;
  return at === record;
}

/** A region of code in the tree of cancellation. */
export class ScopeNode extends CancelNode {
  readonly name: string;
  /** What its children are told; a group's say "group". */
  readonly #passes: CancelKind;
  /** Its own request, if that came before one from above. */
  own: Cancellation | null = null;
  constructor(name: string | undefined, kind: string, passes: CancelKind) {
    super();
    this.name = name ?? `${kind}-${++scopes}`;
    this.#passes = passes;
  }
  override get passes(): CancelKind {
    return this.#passes;
  }
  override get origin(): CancelOrigin | undefined {
    return this.up?.origin;
  }

  /** Cancels it in its own name, which it may swallow when it ends. */
  cancelOwn(record: Cancellation): void {
    if ((this.bits & (CANCELLING | DONE)) !== 0) return;
    this.own = record;
    cancelTree(this, record);
  }

  /** Whether `error` is this scope's own cancellation, at whatever level. */
  owns(error: unknown): boolean {
    return this.own !== null && isOf(error, this.own);
  }

  /** Whether `error` is a cancellation that came to it from outside. */
  inherits(error: unknown): boolean {
    return this.own === null && this.record !== null &&
      isOf(error, this.record);
  }

  /** A scope that was entered inside and has not ended, if there is one. */
  get inner(): ScopeNode | undefined {
    const first = this.head;
    let child = first;
    while (child !== null) {
      if (child instanceof ScopeNode) return child;
      child = child.next === first ? null : child.next;
    }
    return undefined;
  }

  /**
   * Ends it in disorder if a scope that was entered inside is still running:
   * that one has lost what it lies in.
   */
  misnested(): InvalidStateError | undefined {
    const { inner } = this;
    if (inner === undefined) return undefined;
    const error = new InvalidStateError(
      `Cannot leave scope "${this.name}": scope "${inner.name}" was entered in it and is still running; await it before the end of "${this.name}"`,
    );
    inner.cancelOwn(
      new Cancellation("parent", error.message, this.origin, undefined),
    );
    return error;
  }
}
