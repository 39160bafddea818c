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

const BUDGET = 8 * 1024;

/**
 * Where the whole stands, to be lowered with every saving until it is the
 * budget, and what single primitives may cost with nothing else imported.
 */
const LIMITS: Readonly<Record<string, number>> = {
  "*": 27_700,
  AsyncEvent: 5_700,
  CancelScope: 10_500,
  Progress: 5_700,
  createTask: 10_800,
  formatReason: 500,
  sleep: 5_100,
};

interface Size {
  minified: number;
  compressed: number;
}

/**
 * Bundles what is imported from the root. Modules are told to have no side
 * effects by nothing but their code, as for a bundler that reads the sources;
 * the manifest of the npm package says so as well.
 */
async function measure(name: string): Promise<Size> {
  const what = name === "*" ? name : `{ ${name} }`;
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${what} from "./mod.ts";`,
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
for (const [name, limit] of Object.entries(LIMITS)) {
  const { minified, compressed } = await measure(name);
  const over = compressed > limit;
  failed ||= over;
  console.log(
    `${name.padEnd(12)} ${minified} B minified, ${compressed} B compressed, ` +
      (over ? `which is over the limit of ${limit}` : `limit ${limit}`),
  );
}
console.log(`budget of the whole: ${BUDGET} B compressed`);
// esbuild's service would keep the process alive.
process.exit(failed ? 1 : 0);
