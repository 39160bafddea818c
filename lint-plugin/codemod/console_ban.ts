/** Whether a project's own lint forbids `console`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ESLINT = /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.\w+)?)$/;
/** `"no-console": "error"`, `'no-console': ['error', …]`, `no-console: 2`. */
const ON = /no-console["']?\s*:\s*\[?\s*["']?(?:error|warn|[12]\b)/;

const known = new Map<string, boolean>();

/**
 * By the nearest deno.json or ESLint config that says something about it. Read as
 * text: nothing of the project is run, and what it shares is not seen.
 */
export function forbidsConsole(path: string): boolean {
  const folder = dirname(path);
  let answer = known.get(folder);
  if (answer === undefined) {
    answer = ask(folder) ??
      (dirname(folder) === folder ? false : forbidsConsole(folder));
    known.set(folder, answer);
  }
  return answer;
}

function ask(folder: string): boolean | undefined {
  if (!existsSync(folder)) return undefined;
  for (const name of readdirSync(folder)) {
    const isDeno = /^deno\.jsonc?$/.test(name);
    if (!isDeno && !ESLINT.test(name)) continue;
    const text = readFileSync(join(folder, name), "utf8");
    if (!text.includes("no-console")) continue;
    return isDeno ? includes(text) : ON.test(text);
  }
  return undefined;
}

/** Whether the rule stands in `include`, not in `exclude`. */
function includes(text: string): boolean {
  return /"include"\s*:\s*\[[^\]]*"no-console"/.test(text);
}
