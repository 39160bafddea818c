/** What state a piece of work is in, as far as its progress tells. */
export type ProgressStatus = "running" | "completed" | "failed" | "cancelled";

/** One look at a {@linkcode Progress}. */
export interface ProgressSnapshot {
  /** Running, or how it ended. */
  readonly status: ProgressStatus;
  /** What is being done. */
  readonly stage: string | undefined;
  /** How many units are done. */
  readonly completed: number;
  /** How many units there are, if that is known. */
  readonly total: number | undefined;
  /** `completed / total`, between 0 and 1, if the total is known. */
  readonly fraction: number | undefined;
  /** Units per second since the start, without those done before. */
  readonly rate: number;
  /** Milliseconds until the end at this rate, if that can be known. */
  readonly eta: number | undefined;
  /** Milliseconds since the start, up to the end. */
  readonly elapsed: number;
}

/** What `new Progress()` and `progress.update()` can set. */
export interface ProgressValues {
  /** What is being done. */
  stage?: string | undefined;
  /** How many units are done; never less than before. */
  completed?: number | undefined;
  /** How many units there are. */
  total?: number | undefined;
}
