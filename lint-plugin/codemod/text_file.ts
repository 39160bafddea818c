import { readFile, realpath } from "node:fs/promises";

const BOM = "\uFEFF";

/** The text of a file, and what is needed to write it back. */
export interface TextFile {
  /** The file itself, where the path leads to it through a link. */
  readonly path: string;
  /** Its text without a byte order mark. */
  readonly text: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a file.
 *
 * @throws {TypeError} if its encoding isn't UTF-8: written back, it would be
 * another file
 */
export async function readTextFile(path: string): Promise<TextFile> {
  const file = await realpath(path);
  const bytes = await readFile(file);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const whole = decoder.decode(bytes);
  const text = whole.startsWith(BOM) ? whole.slice(1) : whole;
  return { path: file, text, bytes };
}

/** The bytes of another text for the file, with its byte order mark. */
export function encodeFor(file: TextFile, text: string): Uint8Array {
  const marked = file.bytes[0] === 0xef && file.bytes[1] === 0xbb &&
    file.bytes[2] === 0xbf;
  return new TextEncoder().encode(marked ? BOM + text : text);
}
