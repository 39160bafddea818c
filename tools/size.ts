/**
 * Measures what the core adds to a bundle, minified and compressed, against
 * its budget.
 *
 * @module
 */
import { build } from "esbuild";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { root } from "./workspace.ts";

/** What is aimed at, in bytes. */
const BUDGETS: Readonly<Record<string, number>> = {
  "*": 19 * 1024,
  AsyncEvent: 3.3 * 1024,
  "createTask, sleep, failAfter": 8 * 1024,
};

/** What is measured: a name that an entry exports, or all of them. */
interface Measured {
  /** Relative to the root. */
  readonly entry: string;
  readonly name: string;
  /** In bytes, minified and compressed. */
  readonly limit: number;
}

/**
 * Where the whole stands, and what is imported by name with nothing else: with
 * a little head room, to be lowered with every saving until it is the budget.
 */
const LIMITS: Readonly<Record<string, number>> = {
  "*": 27_500,
  AsyncEvent: 4_945,
  CancelScope: 10_425,
  Progress: 5_015,
  createTask: 10_710,
  "createTask, sleep, failAfter": 12_255,
  formatReason: 400,
  sleep: 4_540,
};

/**
 * The same for the entry of everyday tools, with what it takes of the core.
 */
const FLOW_LIMITS: Readonly<Record<string, number>> = {
  Channel: 8_500,
  RateLimiter: 9_500,
  Semaphore: 7_500,
  retry: 12_500,
};

const MEASURED: readonly Measured[] = [
  ...rows("./mod.ts", LIMITS),
  ...rows("./flow.ts", FLOW_LIMITS),
];

function rows(
  entry: string,
  limits: Readonly<Record<string, number>>,
): Measured[] {
  return Object.entries(limits).map(([name, limit]) => ({
    entry,
    name,
    limit,
  }));
}

interface Size {
  minified: number;
  compressed: number;
}

/**
 * Bundles what is imported from the root. Modules are told to have no side
 * effects by nothing but their code, as for a bundler that reads the sources;
 * the manifest of the npm package says so as well.
 */
async function measure({ name, entry }: Measured): Promise<Size> {
  const what = name === "*" ? name : `{ ${name} }`;
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${what} from "${entry}";`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const bytes = outputFiles[0]!.contents;
  return {
    minified: bytes.length,
    compressed: gzipSync(bytes, { level: 9 }).length,
  };
}

let failed = false;
for (const row of MEASURED) {
  const { name, limit } = row;
  const { minified, compressed } = await measure(row);
  const over = compressed > limit;
  failed ||= over;
  console.log(
    `${name.padEnd(28)} ${minified} B minified, ${compressed} B compressed, ` +
      (over ? `which is over the limit of ${limit}` : `limit ${limit}`),
  );
}
for (const [name, budget] of Object.entries(BUDGETS)) {
  console.log(`budget of ${name}: ${Math.floor(budget)} B compressed`);
}
// esbuild's service would keep the process alive.
process.exit(failed ? 1 : 0);
