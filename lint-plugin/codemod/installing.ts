/** How the project gets the package that edited files import. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE } from "./select_recipes.ts";

const FOR_DENO = `deno add jsr:${PACKAGE}`;
const FOR_NODE = `npx jsr add ${PACKAGE}, or npm install ${PACKAGE}`;

/** The commands; undefined if the project has the package. */
export function getInstallation(folder: string): string | undefined {
  for (let current = folder;;) {
    const deno = read(current, "deno.json") ?? read(current, "deno.jsonc");
    const node = read(current, "package.json");
    if (deno !== undefined || node !== undefined) {
      if (`${deno}${node}`.includes(`"${PACKAGE}"`)) return undefined;
      return deno === undefined ? FOR_NODE : FOR_DENO;
    }
    const parent = dirname(current);
    if (parent === current) return `${FOR_DENO}, ${FOR_NODE}`;
    current = parent;
  }
}

function read(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
