/**
 * Runs the demo of the core while it is recorded, writes its timeline as a
 * page and as a file for Perfetto, and prints the path of the page last.
 *
 *     deno task demo:timeline
 *
 * @module
 */
import { record } from "@mdc/devtools/recording";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "mdc-timeline-"));
const recording = record();
// The demo runs when it is imported, and ends with everything it started.
await import("../../examples/task_management_demo.ts");
recording.stop();
const trace = join(folder, "trace.json");
const page = join(folder, "timeline.html");
writeFileSync(trace, JSON.stringify(recording.toTraceEvents()));
writeFileSync(page, recording.toTimelineHtml({ title: "The demo" }));
console.log(`\nFor Perfetto or chrome://tracing: ${trace}`);
console.log(`Open in a browser: ${page}`);
