import type { CancelNode } from "./node.ts";
import { shared } from "./shared.ts";

/** A task that failed and that nobody looked at. */
export interface UnobservedFailure {
  /** The task's name. */
  readonly name: string;
  /** The task's id. */
  readonly id: number;
  /** What it failed with. */
  readonly error: unknown;
  /**
   * Where the task was created, as lines of a stack. Only known with
   * `configure({ creationSites: true })`.
   */
  readonly place?: string;
}

/** A call that belongs to nobody, because its task isn't known. */
export interface LostContext {
  /** What was called: `"sleep()"`. */
  readonly what: string;
  /** Where, as lines of a stack. */
  readonly place: string;
}

/** Records places in the code while creation sites are on. */
export interface Recorder {
  placeOf(entry: unknown): { readonly place: string };
  creation(task: object, entry: unknown): void;
  checkpoint(
    source: CancelNode | AbortSignal | undefined,
    what: string,
    on: CancelNode | undefined,
  ): void;
  /** Where the task of `node` waited last, as lines that follow a stack. */
  lastWait(node: CancelNode): string | undefined;
}

/**
 * What `configure()` has put in force, for the whole process. The kernel reads
 * it. What is `undefined` is the default, or off: so that only those carry the
 * code of a recorder and of the default hooks who can need it.
 */
export interface InForce {
  taskContext: boolean;
  /** Records creation sites, while they are on. */
  recorder: Recorder | undefined;
  onUnobservedFailure: ((failure: UnobservedFailure) => void) | undefined;
  onLostContext: ((lost: LostContext) => void) | undefined;
  /** How many lost contexts the hook was told. */
  lost: number;
  /** How many failures were told, whatever hook was in place. */
  failures: number;
}

/** The settings in force, one for all copies of the package. */
export const inForce: InForce = /* @__PURE__ */ shared<InForce>(
  "settings",
  () => ({
    taskContext: true,
    recorder: undefined,
    onUnobservedFailure: undefined,
    onLostContext: undefined,
    lost: 0,
    failures: 0,
  }),
);
