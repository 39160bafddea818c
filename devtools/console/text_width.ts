import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many columns a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A text in at most so many columns; what is cut ends with an ellipsis. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [kept, width] = ["", 0];
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** A text in exactly so many columns. */
export function column(text: string, columns: number): string {
  const short = fit(text, columns);
  return short + " ".repeat(Math.max(0, columns - widthOf(short)));
}

/** The same, with the text at the right. */
export function columnRight(text: string, columns: number): string {
  const short = fit(text, columns);
  return " ".repeat(Math.max(0, columns - widthOf(short))) + short;
}

/** In which column a terminal is after a text that began in column `from`. */
export function columnAfter(text: string, from: number): number {
  const line = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
  let at = line < 0 ? from : 0;
  for (const [i, part] of text.slice(line + 1).split("\t").entries()) {
    if (i > 0) at = (Math.floor(at / 8) + 1) * 8;
    at += widthOf(part);
  }
  return at;
}
