import { PAGE_SCRIPT, PAGE_STYLE } from "../page/built.ts";
import { escapeHtml } from "../text/escape_html.ts";
import { checkOptions } from "../text/options.ts";
import type { Span } from "./span.ts";
import type { RecordingFacts } from "./trace_events.ts";

/** Options of `recording.toTimelineHtml()`. */
export interface TimelineHtmlOptions {
  /** The title of the page. Default: `Tasks`. */
  title?: string | undefined;
}

/** What the page is given. */
export interface TimelineData extends RecordingFacts {
  readonly spans: readonly Span[];
  /** When the recording began, in milliseconds since the epoch. */
  readonly epoch: number;
}

/** JSON inside of a script element: nothing in it ends the element. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A page with a timeline. It loads nothing, and its own policy forbids it to:
 * only the script and the style that are in it run.
 */
export function timelineHtml(
  data: TimelineData,
  options?: TimelineHtmlOptions,
): string {
  const { title: given = "Tasks" } = checkOptions(
    options,
    "toTimelineHtml()",
    ["title"],
  );
  const title = escapeHtml(given);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<div id="timeline"></div>
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script type="module">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
