import type { TraceKind, WaitKind } from "@mdc/tasks/trace";
import type { ErrorText } from "../text/describe_error.ts";
import type { ReasonLink } from "../text/reason_chain.ts";

/** A wait of a task. Times are milliseconds since the recording began. */
export interface WaitSpan {
  /** What it waits for: a timer, an event, a task, … */
  readonly kind: WaitKind;
  /** The wait in words: `sleep()`. */
  readonly what: string;
  /** The id of the task or group that is waited for, if it is one. */
  readonly on?: string;
  /** When it began. */
  readonly begin: number;
  /** Absent while it goes on. */
  end?: number;
}

/** A task, scope or group over its time. */
export interface Span {
  /** Unique in the process; that of a task is its `id` as text. */
  readonly id: string;
  /** What it is. */
  readonly kind: TraceKind;
  /** Its name. */
  name: string;
  /** The id of what it belongs to. */
  readonly owner?: string;
  /** When it started, in milliseconds since the recording began. */
  readonly begin: number;
  /** Whether it ran before the recording began. */
  readonly earlier: boolean;
  /** When it ended; absent while it runs. */
  end?: number;
  /** Whether it is the scope of a `shield()`. */
  readonly shielded: boolean;
  /** Running, asked to stop, or how it ended. */
  status: "running" | "cancelling" | "completed" | "failed" | "cancelled";
  /** When it was asked to stop. */
  cancelledAt?: number;
  /** Why, the nearest first. */
  reason?: readonly ReasonLink[];
  /** What a task failed with. */
  error?: ErrorText;
  /** Where it was created, as lines of a stack, if that is known. */
  readonly place?: string;
  /** Its last waits, in the order in which they began. */
  readonly waits: WaitSpan[];
  /** How many earlier waits were dropped. */
  droppedWaits: number;
}
