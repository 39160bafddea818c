import stringWidth from "string-width";

/** The colours of the picture, by the numbers of the terminal. */
const COLOURS: Readonly<Record<string, string>> = {
  "0": "#dcdfe4",
  "2": "#7f848e",
  "31": "#e06c75",
  "32": "#98c379",
  "33": "#e5c07b",
  "36": "#56b6c2",
};

const [WIDTH, HEIGHT, PADDING] = [8.4, 19, 14];

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The pieces of one line, each in one colour and at its column. */
function pieces(line: string): string {
  let [column, colour, out] = [0, COLOURS["0"], ""];
  // deno-lint-ignore no-control-regex
  for (const part of line.split(/(\u001b\[\d*m)/)) {
    // deno-lint-ignore no-control-regex
    const code = part.match(/^\u001b\[(\d*)m$/)?.[1];
    if (code !== undefined) colour = COLOURS[code || "0"];
    else {
      const width = stringWidth(part);
      if (part.trim() !== "") {
        const x = PADDING + column * WIDTH;
        const length = (width * WIDTH).toFixed(1);
        out += `<tspan x="${x.toFixed(1)}" textLength="${length}" ` +
          `fill="${colour}">${escape(part)}</tspan>`;
      }
      column += width;
    }
  }
  return out;
}

/** Lines of a terminal, with their colours, as a picture. */
export function terminalSvg(lines: readonly string[], columns: number): string {
  const width = Math.ceil(columns * WIDTH + 2 * PADDING);
  const height = lines.length * HEIGHT + 2 * PADDING;
  const rows = lines.map((line, i) =>
    `<text xml:space="preserve" y="${PADDING + (i + 0.75) * HEIGHT}">${
      pieces(line)
    }</text>`
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="#282c34"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}
