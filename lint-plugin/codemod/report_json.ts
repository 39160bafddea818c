import type { Judgement } from "./baseline.ts";
import type { CodemodReport } from "./file_report.ts";
import { diffOf } from "./report_text.ts";

/** What programs read: one JSON document. */
export function reportJson(
  report: CodemodReport,
  judgement: Judgement,
): string {
  const { mode, risk, rules, unread, unchecked, leftovers, elapsed } = report;
  const files = report.files.map((file) => {
    const { path, status } = file;
    switch (file.status) {
      case "unparsable":
        return { path, status, problem: file.problem };
      case "failed":
        return { path, status, message: file.error.message };
      case "done": {
        const { before, after, written, found, applied } = file;
        const { remaining, dropped } = file;
        return {
          path,
          status,
          written,
          ...(file.leftOut && { leftOut: file.leftOut }),
          found,
          applied,
          remaining,
          dropped,
          ...(before !== after && { diff: diffOf(file) }),
        };
      }
    }
  });
  const { findings, accepted, stale } = judgement;
  const about = { mode, risk, rules, elapsed, unread, unchecked, leftovers };
  const { installation } = report;
  const result = { ...about, installation, files };
  return `${
    JSON.stringify({ ...result, findings, accepted, stale }, null, 2)
  }\n`;
}
