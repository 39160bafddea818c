/** A program that uses each entry of the devtools but `otel`, with pipes. */
export const DEVTOOLS = `
import process from "node:process";
import { createTask, sleep } from "@mdc/tasks";
import * as all from "@mdc/devtools";
import { showProgress } from "@mdc/devtools/console";
import { inspect } from "@mdc/devtools/inspector";
import { logTasks } from "@mdc/devtools/log";
import { main } from "@mdc/devtools/ps";
import { record } from "@mdc/devtools/recording";
import { watch } from "@mdc/devtools/watchdog";

console.log(Object.keys(all).sort().join());

const recording = record();
const lines = [];
const write = (_fields, message) => lines.push(message);
const logging = logTasks({ debug: write, info: write, warn: write, error: write });
const findings = [];
const watching = watch({ blocked: 50, onFinding: (each) => findings.push(each) });
const progress = showProgress(undefined, { stream: process.stdout });

await createTask(async (context) => {
  context.progress.update({ stage: "copy", total: 2, completed: 1 });
  await sleep(5);
  const end = performance.now() + 80;
  while (performance.now() < end);
  await sleep(1);
}, { name: "work" });
// The watchdog tells after the turn.
await new Promise((done) => setTimeout(done, 20));
progress.stop();
watching.unsubscribe();
logging.unsubscribe();
recording.stop();
console.log(lines.join(" | "));
console.log(findings.some(({ status }) => status === "blocked"));
console.log(recording.toTimelineHtml().startsWith("<!doctype html>"));
console.log(recording.toTraceEvents().traceEvents.length > 0);

const inspector = await inspect();
const poller = createTask(() => sleep(60_000), { name: "poller" });
const code = await main([inspector.url]);
poller.cancel();
await poller.catch(() => {});
await inspector.close();
console.log(code);
`;

/** What it prints; the times and ids in it differ. */
export const DEVTOOLS_PRINTED: RegExp = new RegExp(
  [
    "^Recording,formatFinding,logTasks,record,watch",
    "work: copy, 50 %.*",
    "work: completed, 1 in 0\\.\\d s",
    'task "work" started \\| task "work" completed',
    "true",
    "true",
    "true",
    "1 task runs",
    "poller \\(#\\d+, .*\\)",
    "0\n$",
  ].join("\n"),
);

/** A program with the entry that needs `@opentelemetry/api`. */
export const OTEL = `
import { createTask } from "@mdc/tasks";
import { instrument } from "@mdc/devtools/otel";

const instrumentation = instrument();
console.log(await createTask(() => "traced"));
instrumentation.unsubscribe();
`;
