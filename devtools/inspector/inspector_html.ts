import { INSPECTOR_SCRIPT, PAGE_STYLE } from "../page/built.ts";
import { escapeHtml } from "../text/escape_html.ts";

/** The page of the inspector, and what it may do. */
export function inspectorHtml(title: string): { html: string; policy: string } {
  const text = escapeHtml(title);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text}</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${text}</h1>
<p id="state" role="status">connecting</p>
<div id="notes"></div>
<div id="timeline"></div>
<script type="module">${INSPECTOR_SCRIPT}</script>
</body>
</html>
`;
  // Nothing but this server is asked, and nobody may show it in a frame.
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
  return { html, policy };
}
