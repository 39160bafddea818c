/**
 * Builds the page of the timeline into `page/built.ts`, so that the package
 * carries it; with `--check` it compares the file with its sources instead.
 *
 * @module
 */
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../page/", import.meta.url));
const target = `${page}built.ts`;

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [page + entry],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    charset: "ascii",
    legalComments: "none",
  });
  return outputFiles[0]!.text.trim();
}

/** A "</script" in the code would end the element that it stands in. */
async function scriptOf(entry: string): Promise<string> {
  return (await bundle(entry)).replaceAll("</script", "<\\/script");
}

const script = await scriptOf("main.ts");
const inspector = await scriptOf("inspector_main.ts");
const style = await bundle("style.css");
const text = `// Written by scripts/build_page.ts; don't edit.
// deno-fmt-ignore-file
/** The script of the page. */
export const PAGE_SCRIPT: string = ${JSON.stringify(script)};
/** The script of the page of the inspector. */
export const INSPECTOR_SCRIPT: string = ${JSON.stringify(inspector)};
/** The style of the page. */
export const PAGE_STYLE: string = ${JSON.stringify(style)};
`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("devtools/page/built.ts differs: deno task build:page");
    process.exit(1);
  }
} else writeFileSync(target, text);
// esbuild's service would keep the process alive.
process.exit(0);
