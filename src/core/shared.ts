/** The shape of what copies share. A copy of another shape keeps to itself. */
const PROTOCOL = 1;

/** The version of this copy; a test compares it with the package's. */
export const VERSION = "0.1.0";

interface Registry {
  readonly protocol: number;
  readonly version: string;
  /** Where the copy was loaded from that made it. */
  readonly place: string;
  readonly parts: Record<string, object>;
}

let registry: Registry | undefined;

/**
 * The registry of the process. The first copy of the package makes it; a copy
 * of the same protocol joins it, so that all of them have one tree of tasks.
 */
function open(): Registry {
  const key = Symbol.for("@mdc/tasks");
  const host = globalThis as unknown as Record<symbol, Registry | undefined>;
  const own: Registry = {
    protocol: PROTOCOL,
    version: VERSION,
    place: import.meta.url,
    parts: Object.create(null),
  };
  const there = host[key];
  if (there === undefined) {
    Object.defineProperty(host, key, { value: own });
    return own;
  }
  if (there.protocol === PROTOCOL) return there;
  console.error(
    `Two copies of @mdc/tasks that don't fit were loaded: ${there.version} (${there.place}) and ${VERSION} (${own.place}). Tasks, limits and cancellation of one are unknown to the other.`,
  );
  return own;
}

/** What is counted for the whole process. */
export const census: { lastId: number; started: boolean } =
  /* @__PURE__ */ shared("census", () => ({ lastId: -1, started: false }));

/**
 * A part of the state of the kernel, one for all copies of the package in this
 * process: data of a known shape, never code.
 */
export function shared<T extends object>(name: string, make: () => T): T {
  registry ??= open();
  return (registry.parts[name] ??= make()) as T;
}
