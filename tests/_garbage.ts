/** The part of Bun that is used here. */
interface Bun {
  gc(force: boolean): void;
}

/** What collects garbage, in the runtime of the tests. */
export async function garbageCollector(): Promise<() => Promise<void>> {
  const { Bun: bun } = globalThis as { Bun?: Bun };
  if (bun !== undefined) {
    return async () => {
      // Its collector takes whatever lies on the stack for a reference; a timer
      // has the stack written over.
      await new Promise((resolve) => setTimeout(resolve, 5));
      bun.gc(true);
    };
  }
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  return () => Promise.resolve(gc());
}
