/** Lints a folder in each of the three hosts, as a list of `file:line rule`. */
import { ESLint, type Linter } from "eslint";
import * as parser from "@typescript-eslint/parser";
import { isAbsolute, join, relative } from "node:path";
import plugin from "../mod.ts";
import manifest from "../deno.json" with { type: "json" };
import { PLUGIN, run } from "./build.ts";

/** The version that the parity is tested with. */
export const OXLINT = "oxlint@1.94.0";

const RULES = Object.fromEntries(
  Object.keys(plugin.rules).map((rule) => [`mdc/${rule}`, "error"] as const),
);

function line(folder: string, file: string, at: number, rule: string): string {
  const path = isAbsolute(file) ? relative(folder, file) : file;
  return `${path}:${at} ${rule}`;
}

/** ESLint with the TypeScript parser, the plugin from its sources. */
export async function lintWithEslint(folder: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [{
      files: ["**/*.ts", "**/*.tsx"],
      plugins: { mdc: plugin as unknown as ESLint.Plugin },
      languageOptions: {
        parser: parser as unknown as Linter.Parser,
        parserOptions: { ecmaFeatures: { jsx: true } },
      },
      linterOptions: { reportUnusedDisableDirectives: "off" },
      rules: RULES,
    }],
  });
  const results = await eslint.lintFiles(["."]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map((each) => {
      if (!each.ruleId) throw new Error(`${filePath}: ${each.message}`);
      return line(folder, filePath, each.line, each.ruleId);
    })
  ).sort();
}

/**
 * oxlint's command line on the built JavaScript. It refuses some code that the
 * other hosts parse; the names of such files go into `refused`.
 */
export async function lintWithOxlint(
  folder: string,
  built: string,
  refused: Set<string> = new Set(),
): Promise<string[]> {
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        jsPlugins: [{ name: "mdc", specifier: built }],
        categories: { correctness: "off" },
        rules: RULES,
      }),
    );
    const output = await run("npx", {
      args: ["-y", OXLINT, "-c", config, "--format", "json", "."],
      cwd: folder,
      codes: [0, 1],
    });
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: {
        message: string;
        code?: string;
        filename: string;
        labels: { span: { line: number } }[];
      }[];
    };
    return diagnostics.flatMap((each) => {
      const rule = /^mdc\((.+)\)$/.exec(each.code ?? "")?.[1];
      if (!rule) {
        if (/running JS plugin/.test(each.message)) {
          throw new Error(`${each.filename}: ${each.message}`);
        }
        refused.add(each.filename);
        return [];
      }
      const at = each.labels[0]?.span.line ?? 0;
      return line(folder, each.filename, at, `mdc/${rule}`);
    }).sort();
  } finally {
    await Deno.remove(config);
  }
}

/** `deno lint` with the entry of all tiers from its sources. */
export async function lintWithDeno(folder: string): Promise<string[]> {
  const config = join(await Deno.makeTempDir(), "deno.json");
  try {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        imports: manifest.imports,
        nodeModulesDir: "none",
        lock: false,
        lint: {
          plugins: [join(PLUGIN, "deno", "all.ts")],
          rules: { tags: [] },
        },
      }),
    );
    const output = await run(Deno.execPath(), {
      args: ["lint", "--json", "-c", config, folder],
      // The plugin's own imports are only known inside of its workspace.
      cwd: PLUGIN,
      codes: [0, 1],
    });
    const { diagnostics, errors } = JSON.parse(output) as {
      diagnostics: {
        code: string;
        filename: string;
        range: { start: { line: number } };
      }[];
      errors: { file_path: string; message: string }[];
    };
    for (const each of errors) {
      throw new Error(`${each.file_path}: ${each.message}`);
    }
    return diagnostics.map((each) =>
      line(
        folder,
        each.filename.replace(/^file:\/\//, ""),
        each.range.start.line,
        each.code,
      )
    ).sort();
  } finally {
    await Deno.remove(config);
  }
}
