import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createTask, shield, sleep, TaskGroup } from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import {
  instrument,
  type InstrumentOptions,
  taskContextManager,
} from "@mdc/devtools/otel";
import { context, SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { test } from "../../tests/_harness.ts";

context.setGlobalContextManager(
  taskContextManager(new AsyncLocalStorageContextManager().enable()),
);

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
const tracer = provider.getTracer("test");

/** Waits until the SDK has exported everything; its exporter takes a turn. */
async function exported(): Promise<void> {
  await provider.forceFlush();
  await new Promise((done) => setTimeout(done, 0));
}

/** The spans of `body` on the virtual clock, by name. */
async function spansOf(
  body: () => Promise<unknown>,
  options: InstrumentOptions = {},
): Promise<Map<string, ReadableSpan>> {
  exporter.reset();
  await withVirtualClock(async () => {
    const instrumentation = instrument({ tracer, ...options });
    try {
      await body();
    } finally {
      instrumentation.unsubscribe();
    }
  });
  await exported();
  const spans = exporter.getFinishedSpans();
  return new Map(spans.map((span) => [span.name, span]));
}

function parentOf(span: ReadableSpan | undefined): string | undefined {
  return span?.parentSpanContext?.spanId;
}

test("instrument() makes a span of each task, below that of its owner", async () => {
  const spans = await spansOf(() =>
    createTask(async () => {
      await TaskGroup.run((group) => {
        group.spawn(() => sleep(5), { name: "child" });
      });
    }, { name: "parent" }).then()
  );
  const [parent, child] = [spans.get("parent")!, spans.get("child")!];
  assertEquals(parentOf(parent), undefined);
  assertEquals(parentOf(child), parent.spanContext().spanId);
  assertEquals(child.attributes["mdc.status"], "completed");
  const [seconds, nanoseconds] = child.duration;
  assertEquals(Math.round(seconds * 1000 + nanoseconds / 1e6), 5);
});

test("instrument() makes spans of scopes and groups when it is told to", async () => {
  const spans = await spansOf(() =>
    createTask(async () => {
      await TaskGroup.run((group) => {
        group.spawn(() => sleep(5), { name: "child" });
      }, { name: "crew" });
    }, { name: "parent" }).then(), { kinds: ["group", "scope"] });
  assertEquals(
    parentOf(spans.get("child")),
    spans.get("crew")!.spanContext().spanId,
  );
});

test("instrument() puts the tasks of nobody below the span that was active", async () => {
  const spans = await spansOf(() =>
    tracer.startActiveSpan("request", async (span) => {
      await createTask(() => sleep(5), { name: "handler" });
      span.end();
    })
  );
  assertEquals(
    parentOf(spans.get("handler")),
    spans.get("request")!.spanContext().spanId,
  );
});

test("a span that is started in a task is a child of the task's span, also after an await", async () => {
  const spans = await spansOf(() =>
    createTask(async () => {
      await sleep(5);
      tracer.startSpan("query").end();
      await tracer.startActiveSpan("transaction", async (span) => {
        await sleep(5);
        tracer.startSpan("inner query").end();
        span.end();
      });
    }, { name: "task" }).then()
  );
  const id = (name: string) => spans.get(name)!.spanContext().spanId;
  assertEquals(parentOf(spans.get("query")), id("task"));
  assertEquals(parentOf(spans.get("transaction")), id("task"));
  assertEquals(parentOf(spans.get("inner query")), id("transaction"));
});

test("instrument() links a detached task to the one that started it", async () => {
  const spans = await spansOf(() =>
    createTask(async () => {
      await createTask(() => sleep(5), { name: "audit", detached: true });
    }, { name: "request" }).then()
  );
  const audit = spans.get("audit")!;
  assertEquals(parentOf(audit), undefined);
  assertEquals(
    audit.links.map((link) => link.context.spanId),
    [spans.get("request")!.spanContext().spanId],
  );
});

test("instrument() tells a cancellation as an event with the chain of reasons, and no error", async () => {
  const spans = await spansOf(async () => {
    const parent = createTask(async () => {
      await createTask(() => sleep(60), { name: "child" });
    }, { name: "parent" });
    await sleep(5);
    parent.cancel("stop");
    await parent.catch(() => {});
  });
  const child = spans.get("child")!;
  assertEquals(child.status.code, SpanStatusCode.UNSET);
  assertEquals(child.attributes["mdc.status"], "cancelled");
  const [event] = child.events;
  assertMatch(
    String(event?.attributes?.["mdc.reason"]),
    /cancelled with its parent "parent" <- cancelled.*stop/,
  );
});

test("instrument() tells a failure as the error of the span", async () => {
  const spans = await spansOf(() =>
    createTask(() => Promise.reject(new RangeError("disk full")), {
      name: "saver",
    }).catch(() => {})
  );
  const { status, events } = spans.get("saver")!;
  assertEquals(status, { code: SpanStatusCode.ERROR, message: "disk full" });
  assertEquals(events[0]?.attributes?.["exception.type"], "RangeError");
});

test("instrument() counts tasks by how they end, and measures how long they take", async () => {
  const metricExporter = new InMemoryMetricExporter(
    AggregationTemporality.CUMULATIVE,
  );
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 1_000_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  const meter = meters.getMeter("test");
  await withVirtualClock(async () => {
    const instrumentation = instrument({ tracer, meter, stuckAfter: 10 });
    await createTask(() => sleep(5));
    await createTask(() => Promise.reject(new Error("no"))).catch(() => {});
    const cancelled = createTask(() => sleep(60));
    cancelled.cancel();
    await cancelled.catch(() => {});
    const stuck = createTask(() => shield(() => sleep(100)));
    stuck.cancel();
    await sleep(20);
    await meters.forceFlush();
    await stuck.catch(() => {});
    instrumentation.unsubscribe();
  });
  const [first] = metricExporter.getMetrics();
  await meters.shutdown();
  await exported();
  const values = (name: string) =>
    first!.scopeMetrics[0]!.metrics
      .find(({ descriptor }) => descriptor.name === name)!
      .dataPoints.map(({ attributes, value }) => [attributes, value]);
  assertEquals(values("mdc.tasks.started"), [[{}, 4]]);
  assertEquals(values("mdc.tasks.running"), [[{}, 1]]);
  assertEquals(values("mdc.tasks.stuck"), [[{}, 1]]);
  assertEquals(
    values("mdc.tasks.ended").map(([attributes, value]) => [
      (attributes as Record<string, unknown>)["mdc.task.status"],
      value,
    ]),
    [["completed", 1], ["failed", 1], ["cancelled", 1]],
  );
  const [explicit] = values("mdc.tasks.cancel_requests");
  assertEquals(explicit, [{ "mdc.reason.kind": "explicit" }, 2]);
  const [completed] = values("mdc.task.duration");
  const { sum, count } = completed![1] as { sum: number; count: number };
  assertEquals([Math.round(sum * 1000), count], [5, 1]);
});

test("the spans of what still runs are ended when the instrumentation is", async () => {
  exporter.reset();
  await withVirtualClock(async () => {
    const instrumentation = instrument({ tracer });
    const task = createTask(() => sleep(60), { name: "running" });
    instrumentation[Symbol.dispose]();
    task.cancel();
    await task.catch(() => {});
  });
  await exported();
  const names = exporter.getFinishedSpans().map(({ name }) => name);
  assert(names.includes("running"), names.join());
});

test("instrument() refuses unknown options and bad times", () => {
  assertThrows(
    () => instrument({ trace: tracer } as never),
    TypeError,
    'unknown option "trace"',
  );
  assertThrows(
    () => instrument({ stuckAfter: -5 }),
    RangeError,
    "Cannot use stuckAfter: expected 0 or more, received -5",
  );
});
