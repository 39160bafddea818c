/**
 * Runs the portable tests in pages of a headless Chromium, a page a file, and
 * writes a JUnit report.
 *
 *     deno run -A tools/browser.ts <report>
 *
 * @module
 */
import { build } from "esbuild";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Browser } from "playwright-core";
import type { PageResult } from "./browser/page.ts";
import { browserTests } from "./browser/tests.ts";
import { launchBrowser } from "./launch_browser.ts";
import { root, workspaceEntries } from "./workspace.ts";

const PLATFORM = join(root, "tools", "browser", "platform.ts");

/** One script with the tests of a file and what they use. */
async function bundle(file: string): Promise<string> {
  const entries = workspaceEntries();
  const { outputFiles } = await build({
    stdin: {
      contents: `import "./${file}";
        import { runTests } from "./tools/browser/page.ts";
        globalThis.runTests = runTests;`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    // Messages name the classes.
    keepNames: true,
    target: "es2022",
    write: false,
    define: { "process.env": "{}" },
    logLevel: "error",
    plugins: [{
      name: "page",
      setup(build) {
        build.onResolve({ filter: /^node:/ }, () => ({ path: PLATFORM }));
        build.onResolve({ filter: /^@(mdc|std)\// }, ({ path }) => {
          const url = entries.get(path);
          return url === undefined ? null : { path: new URL(url).pathname };
        });
      },
    }],
  });
  return outputFiles[0]!.text;
}

async function runFile(browser: Browser, file: string): Promise<PageResult[]> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${error.stack ?? error}`));
  try {
    await page.goto("about:blank");
    const content = await bundle(file);
    await page.addScriptTag({ content, type: "module" });
    await page.waitForFunction("globalThis.runTests", undefined, {
      timeout: 5_000,
    }).catch(() => {
      throw new Error(`Cannot load ${file} in a page: ${errors.join("\n")}`);
    });
    const results: PageResult[] = await page.evaluate("runTests()");
    const outside = errors.map((message) => ({
      name: "no error outside of the tests",
      message,
    }));
    return [...results, ...outside];
  } finally {
    await page.close();
  }
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}

function report(file: string, results: readonly PageResult[]): string {
  const cases = results.map(({ name, obstacle, message }) =>
    `<testcase name="${escape(name)}" classname="${file}">` +
    (obstacle === undefined ? "" : `<skipped message="${obstacle}"/>`) +
    (message === undefined ? "" : `<failure>${escape(message)}</failure>`) +
    `</testcase>\n`
  );
  return `<testsuite name="${file}">\n${cases.join("")}</testsuite>\n`;
}

const browser = await launchBrowser();
let failed = 0;
try {
  let xml = "";
  for (const file of browserTests()) {
    const results = await runFile(browser, file);
    const broken = results.filter(({ message }) => message !== undefined);
    failed += broken.length;
    const skipped = results.filter(({ obstacle }) => obstacle !== undefined);
    const passed = results.length - broken.length - skipped.length;
    console.log(`${file}: ${passed} passed, ${skipped.length} skipped`);
    for (const { name, message } of broken) {
      console.log(`  ${name}: ${message}`);
    }
    xml += report(file, results);
  }
  const path = process.argv[2];
  if (path !== undefined) {
    writeFileSync(path, `<testsuites>\n${xml}</testsuites>\n`);
  }
} finally {
  await browser.close();
}
// esbuild's service would keep the process alive.
process.exit(failed > 0 ? 1 : 0);
