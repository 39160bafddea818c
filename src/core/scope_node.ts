import { InvalidStateError } from "../errors.ts";
import type { CancelKind, CancelOrigin } from "../reason.ts";
import { isOf } from "./asked.ts";
import { CodeNode } from "./code_node.ts";
import { cancelTree } from "./cancel_tree.ts";
import { passedOn } from "./follow.ts";
import { Cancellation } from "./cancellation.ts";
import {
  CANCELLING,
  type CancelNode,
  childrenOf,
  CLOSED,
  DONE,
  isNode,
  isWithin,
  root,
  SHIELDED,
} from "./node.ts";
import type { Source } from "./source.ts";

let scopes = 0;

/** Whether something is the node of a scope, of whatever copy. */
export function isScopeNode(value: unknown): value is ScopeNode {
  return isNode(value) && value["~kind"] === "scope";
}

/** The outermost scope that is due when `node` is. */
function outermostDue(node: ScopeNode): ScopeNode {
  let outermost = node;
  let at: CancelNode = node;
  while ((at.bits & SHIELDED) === 0 && at.up !== null) {
    at = at.up;
    if (isScopeNode(at) && at.deadline <= node.deadline) outermost = at;
  }
  return outermost;
}

/** A region of code in the tree of cancellation. */
export class ScopeNode extends CodeNode {
  readonly name: string;
  override readonly passes: CancelKind | undefined;
  /** Set when it is linked, and anew when it is handed over. */
  override origin: CancelOrigin | undefined = undefined;
  /** Its own request, if that came before one from above. */
  own: Cancellation | null = null;
  /** Whether it was asked to cancel, even if that changed nothing. */
  called = false;
  /** When it cancels itself, on the clock. */
  deadline: number = Infinity;
  /** When the grace of a shield is over, on the clock, once it has begun. */
  graceEnds: number = Infinity;
  /** Whether `own` is the work of the deadline. */
  expired = false;

  constructor(name: string | undefined, kind: string) {
    super();
    this.name = name ?? `${kind}-${++scopes}`;
    this.passes = kind === "group" ? kind : undefined;
  }
  override get "~kind"(): "scope" {
    return "scope";
  }

  /** Cancels it in its own name, which it may swallow when it ends. */
  cancelOwn(record: Cancellation): void {
    if ((this.bits & DONE) !== 0) return;
    this.called = true;
    if ((this.bits & CANCELLING) !== 0) return;
    this.own = record;
    cancelTree(this, record);
  }

  /**
   * Its deadline has come. Timers for the same moment fire in any order; the
   * outermost scope that is due as well is the one that cancels.
   */
  due(): void {
    outermostDue(this).expire();
    this.expire();
  }

  expire(): void {
    this.expired ||= (this.bits & CLOSED) === 0;
    const message = `deadline of "${this.name}"`;
    this.cancelOwn(
      new Cancellation("timeout", message, this.origin),
    );
  }

  /**
   * The cancellation of what it lies in, if there is one. It goes before its
   * own: only the outermost scope that is cancelled may swallow.
   */
  get outer(): Cancellation | undefined {
    return (this.bits & SHIELDED) !== 0
      ? undefined
      : passedOn(this.up ?? undefined);
  }

  /** Whether `error` is this scope's own cancellation, at whatever level. */
  owns(error: unknown): boolean {
    return this.own !== null && isOf(error, this.own);
  }

  /** The scopes that were entered inside and have not ended. */
  get inner(): ScopeNode[] {
    return childrenOf(this).filter(isScopeNode);
  }

  /**
   * Ends it in disorder if scopes that were entered inside are still running:
   * they have lost what they lie in. All but the shielded ones are cancelled.
   */
  misnested(): InvalidStateError | undefined {
    const { inner } = this;
    const [first] = inner;
    if (first === undefined) return undefined;
    const error = new InvalidStateError(
      `Cannot leave scope "${this.name}": scope "${first.name}" was entered in it and is still running; await it before the end of "${this.name}"`,
    );
    const { message } = error;
    const record = new Cancellation("parent", message, this.origin);
    for (const scope of inner) {
      if ((scope.bits & SHIELDED) === 0) scope.cancelOwn(record);
    }
    return error;
  }
}

/**
 * What a scope or a task lies in: the current node, or a given source that is
 * below it, or that takes its place where the current one isn't known.
 */
export function parentFor(
  current: CancelNode | undefined,
  source: Source | undefined,
): CancelNode {
  if (!hangs(source)) return current ?? root;
  return current === undefined || isWithin(source, current) ? source : current;
}

/** Whether a source is a task or a scope that runs. */
export function hangs(source: Source | undefined): source is CancelNode {
  return isNode(source) && isWithin(source, root) &&
    (source.bits & DONE) === 0;
}
