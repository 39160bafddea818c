/** What the library uses of a process, where there is one. */
export interface HostProcess {
  on(event: string, listener: (value?: unknown) => void): unknown;
  off(event: string, listener: (value?: unknown) => void): unknown;
  exit(code: number): never;
  exitCode?: number | string | undefined | null;
  readonly platform?: string;
  getActiveResourcesInfo?(): string[];
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
