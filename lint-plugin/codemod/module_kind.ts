/** Whether a file is CommonJS, where nothing can be awaited at the top. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const DECIDED = /\.([cm])[jt]sx?$/;

/**
 * By its extension, else by the nearest package.json, as Node does. A file that
 * belongs to no package, or is written in TypeScript or JSX, is a module: what
 * becomes of it is a bundler's decision.
 */
export function isCommonJs(path: string): boolean {
  const kind = DECIDED.exec(path)?.[1];
  if (kind !== undefined) return kind === "c";
  if (!path.endsWith(".js")) return false;
  const text = readText(path);
  if (/^\s*(?:import|export)\b/m.test(text)) return false;
  if (/\brequire\(|\bmodule\.exports\b|\bexports\.\w+ =/.test(text)) {
    return true;
  }
  const type = getPackageType(dirname(path));
  return type !== undefined && type !== "module";
}

/** `"type"` of the nearest package.json; undefined if there is none. */
function getPackageType(folder: string): string | undefined {
  for (;;) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      try {
        const { type = "commonjs" } = JSON.parse(readText(file));
        return String(type);
      } catch {
        // Not ours to complain about.
        return "commonjs";
      }
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
