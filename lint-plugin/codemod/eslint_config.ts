import { resolve } from "node:path";
import type { Rule } from "../host/rule.ts";
import type { EslintHost } from "./eslint_host.ts";
import type { LintOptions } from "./lint.ts";

/** What is used of ESLint's computed config. */
interface ComputedConfig {
  readonly settings?: { readonly [name: string]: unknown };
  readonly languageOptions?: { readonly [name: string]: unknown };
  readonly rules?: { readonly [name: string]: unknown };
}

/** How the project's ESLint config looks at a file; undefined: not at all. */
export type ConfigOf = (path: string) => Promise<LintOptions | undefined>;

/** Reads an ESLint config file. */
export function readConfig(
  { ESLint }: EslintHost,
  path: string,
  { cwd, rules }: {
    readonly cwd: string;
    readonly rules: { readonly [name: string]: Rule };
  },
): ConfigOf {
  const eslint = new ESLint({ cwd, overrideConfigFile: resolve(cwd, path) });
  return async (file) => {
    if (await eslint.isPathIgnored(file)) return undefined;
    const config: ComputedConfig | undefined = await eslint
      .calculateConfigForFile(file);
    if (!config) return undefined;
    const chosen: Record<string, Rule> = {};
    const ruleOptions: Record<string, readonly unknown[]> = {};
    for (const [name, rule] of Object.entries(rules)) {
      const entry = config.rules?.[`mdc/${name}`];
      if (entry === undefined) continue;
      const [severity, ...given] = Array.isArray(entry) ? entry : [entry];
      if (severity === 0 || severity === "off") continue;
      chosen[name] = rule;
      ruleOptions[name] = given;
    }
    return {
      rules: chosen,
      ruleOptions,
      ...(config.settings && { settings: config.settings }),
      ...(config.languageOptions &&
        { languageOptions: config.languageOptions }),
    };
  };
}
