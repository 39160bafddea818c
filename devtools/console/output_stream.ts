/** What is used of a stream of Node: `process.stderr`, or what is like it. */
export interface OutputStream {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined;
  /** How wide it is, in columns. */
  readonly columns?: number | undefined;
  /** How high it is, in lines. */
  readonly rows?: number | undefined;
  /** Writes a text or bytes. */
  write(chunk: string | Uint8Array, ...more: never[]): boolean;
  /** Listens, for `resize`. */
  on?(event: "resize", listener: () => void): unknown;
  /** Listens no more. */
  off?(event: "resize", listener: () => void): unknown;
}

/** How large a terminal is; one that doesn't know is taken for a usual one. */
export function sizeOf(
  { columns, rows }: OutputStream,
): { columns: number; rows: number } {
  // Some pseudo terminals say 0.
  return { columns: columns || 80, rows: rows || 24 };
}
