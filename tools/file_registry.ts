/**
 * A folder that serves as a JSR registry: `JSR_URL=file:///…/ deno run …`.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ownPackages, readConfig, root } from "./workspace.ts";

/**
 * Puts every own package into the folder: exactly the files that
 * `deno publish` would send, with their import map applied, as publishing
 * does.
 */
export function writeRegistry(registry: string): void {
  const shared = readConfig(".").imports ?? {};
  for (const { name, folder } of ownPackages()) {
    const { version, exports, imports } = readConfig(folder);
    const home = join(registry, name);
    for (const path of publishList(folder)) {
      const target = join(home, version, path);
      mkdirSync(dirname(target), { recursive: true });
      const text = readFileSync(join(root, folder, path), "utf8");
      const sent = path.endsWith(".ts")
        ? applyImports(text, { ...shared, ...imports })
        : text;
      writeFileSync(target, sent);
    }
    const [scope = "", bare = ""] = name.slice(1).split("/");
    const versions = { [version]: {} };
    writeJson(join(home, "meta.json"), {
      scope,
      name: bare,
      latest: version,
      versions,
    });
    writeJson(join(home, `${version}_meta.json`), { manifest: {}, exports });
  }
}

/** The files that `deno publish` would send, relative to the folder. */
export function publishList(folder: string): string[] {
  const home = join(root, folder);
  const output = execFileSync(
    "sh",
    ["-c", '"$1" publish --dry-run --allow-dirty 2>&1', "sh", Deno.execPath()],
    {
      cwd: home,
      encoding: "utf8",
      env: { ...Deno.env.toObject(), NO_COLOR: "1" },
    },
  );
  return [...output.matchAll(/^ +(file:\S+) \(/gm)]
    .map(([, url = ""]) => relative(home, fileURLToPath(url)));
}

/** Replaces names of the import map by what they stand for. */
export function applyImports(
  text: string,
  imports: Readonly<Record<string, string>>,
): string {
  return text.replaceAll(
    /(^(?:import|export|\}) ?(?:.* )?from |^import |\bimport\()"([^"]+)"/gm,
    (whole, before, name) =>
      imports[name] === undefined ? whole : `${before}"${imports[name]}"`,
  );
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}
