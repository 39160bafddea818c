/** What the library uses of a process, where there is one. */
export interface HostProcess {
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
  exit(code: number): never;
  exitCode?: number | string | undefined | null;
}

/** The process that the program runs in; a browser has none. */
export function hostProcess(): HostProcess | undefined {
  const { process } = globalThis as unknown as {
    process?: Partial<HostProcess>;
  };
  return typeof process?.on === "function" && typeof process.exit === "function"
    ? process as HostProcess
    : undefined;
}
