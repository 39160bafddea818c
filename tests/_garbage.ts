/** The part of Bun that is used here. */
interface Bun {
  gc(force: boolean): void;
}

/** What collects garbage at once, in the runtime of the tests. */
export async function garbageCollector(): Promise<() => void> {
  const { Bun: bun } = globalThis as { Bun?: Bun };
  if (bun !== undefined) return () => bun.gc(true);
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
