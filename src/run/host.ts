/** One of the outputs of a process. */
interface Output {
  ref?(): unknown;
  unref?(): unknown;
}

/** What the library uses of a process, where there is one. */
export interface HostProcess {
  on(event: string, listener: (value?: unknown) => void): unknown;
  off(event: string, listener: (value?: unknown) => void): unknown;
  exit(code: number): never;
  exitCode?: number | string | undefined | null;
  readonly platform?: string;
  readonly stdout?: Output;
  readonly stderr?: Output;
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

/**
 * What holds the process, in the runtime's own words. Its outputs are listed
 * by some runtimes as well, but hold nothing.
 */
export function activeResources(host: HostProcess): string[] {
  const outputs = [host.stdout, host.stderr];
  for (const output of outputs) output?.unref?.();
  try {
    return host.getActiveResourcesInfo?.() ?? [];
  } finally {
    for (const output of outputs) output?.ref?.();
  }
}
