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

/** Where it stands; to be lowered with every saving until it is the budget. */
const LIMIT = 16_600;

interface Size {
  minified: number;
  compressed: number;
}

/** Bundles a module that lies in the root. */
async function measure(contents: string): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    plugins: [{
      // As the package.json of the tarball says.
      name: "no side effects",
      setup(build) {
        build.onResolve({ filter: /^\.\/mod\.ts$/ }, () => ({
          path: `${root}mod.ts`,
          sideEffects: false,
        }));
      },
    }],
  });
  const bytes = outputFiles[0]!.contents;
  return {
    minified: bytes.length,
    compressed: gzipSync(bytes, { level: 9 }).length,
  };
}

function tell(what: string, { minified, compressed }: Size): void {
  console.log(
    `${what.padEnd(14)} ${minified} B minified, ${compressed} B compressed`,
  );
}

const whole = await measure(`export * from "./mod.ts";`);
const event = await measure(`export { AsyncEvent } from "./mod.ts";`);
tell("@mdc/tasks", whole);
tell("AsyncEvent", event);
console.log(`limit ${LIMIT} B, budget ${BUDGET} B compressed`);
// esbuild's service would keep the process alive.
process.exit(whole.compressed > LIMIT ? 1 : 0);
