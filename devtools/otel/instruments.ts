import type { EndedEvent } from "@mdc/tasks/trace";
import type { Meter } from "@opentelemetry/api";

/** The metrics of tasks. */
export interface Instruments {
  started(): void;
  cancelling(kind: string): void;
  ended(event: EndedEvent, elapsed: number): void;
  /** Gives the instruments back. */
  stop(): void;
}

/**
 * Makes the metrics: counters of what was started, was asked to stop and
 * ended, the number of those that run, and of those that were asked to stop
 * and run on for too long, and how long tasks take.
 */
export function makeInstruments(
  meter: Meter,
  { stuck }: { stuck: () => number },
): Instruments {
  const started = meter.createCounter("mdc.tasks.started", {
    description: "Tasks that were started",
  });
  const cancelled = meter.createCounter("mdc.tasks.cancel_requests", {
    description: "Tasks that were asked to stop, by the kind of the reason",
  });
  const ended = meter.createCounter("mdc.tasks.ended", {
    description: "Tasks that have ended, by how",
  });
  const running = meter.createUpDownCounter("mdc.tasks.running", {
    description: "Tasks that run",
  });
  const duration = meter.createHistogram("mdc.task.duration", {
    description: "How long tasks take",
    unit: "s",
  });
  const stuckNow = meter.createObservableGauge("mdc.tasks.stuck", {
    description: "Tasks that were asked to stop and still run",
  });
  const observe = (result: { observe(value: number): void }) =>
    result.observe(stuck());
  stuckNow.addCallback(observe);
  return {
    started() {
      started.add(1);
      running.add(1);
    },
    cancelling: (kind) => cancelled.add(1, { "mdc.reason.kind": kind }),
    ended({ status }, elapsed) {
      running.add(-1);
      ended.add(1, { "mdc.task.status": status });
      duration.record(elapsed / 1000, { "mdc.task.status": status });
    },
    stop: () => stuckNow.removeCallback(observe),
  };
}
