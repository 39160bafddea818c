/**
 * What one run of one side measured, by the name of the quantity: nanoseconds
 * or bytes for each task, link, round or item.
 */
export type Figures = Readonly<Record<string, number>>;

/** Two ways to do the same: with the bare platform, and with this library. */
export interface Pair {
  readonly base: () => Promise<Figures>;
  readonly subject: () => Promise<Figures>;
}

/** Medians over all rounds. The ratio is the median of the rounds' ratios. */
export interface Comparison {
  readonly base: number;
  readonly subject: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

interface Host {
  gc?: () => void;
  process: {
    memoryUsage(): { heapUsed: number };
    cpuUsage(): { user: number; system: number };
  };
}

const host = globalThis as unknown as Host;

/** Collects garbage; the runtime must be started with `--expose-gc`. */
export function collect(): void {
  if (host.gc === undefined) {
    throw new Error("Cannot measure: start the runtime with --expose-gc");
  }
  host.gc();
  host.gc();
}

/** The bytes of the heap that are in use after a collection. */
export function heapInUse(): number {
  collect();
  return host.process.memoryUsage().heapUsed;
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/**
 * The milliseconds of CPU that this process has used, with its helper threads:
 * unlike the clock, it doesn't count the time of the machine's other users,
 * nor hide the part of a collection that ran beside the program.
 */
export function cpuTime(): number {
  const { user, system } = host.process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs something and tells how many milliseconds it took, by the clock. */
export async function timed<T>(
  run: () => T | Promise<T>,
): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await run();
  return { ms: performance.now() - start, value };
}

/** The nanoseconds that each of `count` took, of `ms` for all of them. */
export function nanosecondsEach(ms: number, count: number): number {
  return ms * 1e6 / count;
}

/** Throws if a case did not do the work that it measures. */
export function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`The case went wrong: ${what}`);
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Runs both sides in turns, in one process. Who goes first changes from round
 * to round, and each run begins after a collection in a fresh macrotask, so
 * that neither side pays for what the other left behind.
 */
export async function compare(
  pair: Pair,
  rounds: number,
  warmups: number,
): Promise<Record<string, Comparison>> {
  const base: Figures[] = [];
  const subject: Figures[] = [];
  for (let round = -warmups; round < rounds; round++) {
    const order = round % 2 === 0
      ? [{ run: pair.base, into: base }, { run: pair.subject, into: subject }]
      : [{ run: pair.subject, into: subject }, { run: pair.base, into: base }];
    for (const { run, into } of order) {
      collect();
      await macrotask();
      const figures = await run();
      if (round >= 0) into.push(figures);
    }
  }
  const result: Record<string, Comparison> = {};
  for (const quantity of Object.keys(base[0] ?? {})) {
    const of = (runs: Figures[]) => runs.map((run) => run[quantity] ?? NaN);
    const bases = of(base);
    const subjects = of(subject);
    const ratios = subjects.map((value, i) => value / (bases[i] ?? NaN));
    result[quantity] = {
      base: median(bases),
      subject: median(subjects),
      ratio: median(ratios),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
    };
  }
  return result;
}
