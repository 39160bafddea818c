/**
 * Makes the tarballs for npm: what `deno pack` writes, with a complete
 * manifest.
 *
 *     deno run -A tools/pack.ts [folder]
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ENGINES, facts, REPOSITORY } from "./package_facts.ts";
import { ownPackages, type Package, root } from "./workspace.ts";

/** Packs a package into a folder; returns the path of the tarball. */
export function pack({ name, folder }: Package, target: string): string {
  const temporary = mkdtempSync(join(tmpdir(), "mdc-pack-"));
  try {
    const raw = join(temporary, "raw.tgz");
    execFileSync(
      Deno.execPath(),
      ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "-o", raw],
      { cwd: join(root, folder), stdio: "pipe" },
    );
    execFileSync("tar", ["xzf", raw, "-C", temporary]);
    const unpacked = join(temporary, "package");
    const path = join(unpacked, "package.json");
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    const complete = completeManifest(name, folder, manifest);
    writeFileSync(path, `${JSON.stringify(complete, null, 2)}\n`);
    for (const file of globSync("**/*.d.ts", { cwd: unpacked })) {
      const declarations = join(unpacked, file);
      const text = readFileSync(declarations, "utf8");
      writeFileSync(declarations, withLibraries(text));
    }
    for (const [command, module] of commandsOf(name)) {
      writeFileSync(join(unpacked, binOf(command)), programOf(module));
    }
    mkdirSync(target, { recursive: true });
    const output = execFileSync(
      "npm",
      ["pack", "--json", "--pack-destination", resolve(target), unpacked],
      { stdio: "pipe", encoding: "utf8" },
    );
    return join(target, fileName(output));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** A manifest of `deno pack`, and what it leaves out. */
export function completeManifest(
  name: string,
  folder: string,
  manifest: Record<string, unknown>,
): Record<string, unknown> {
  const known = facts[name];
  if (known === undefined) {
    throw new TypeError(`Cannot pack ${name}: it has no facts for npm`);
  }
  const { description, keywords, peerDependencies = {}, requiredPeers = {} } =
    known;
  const peers = Object.keys(peerDependencies);
  const dependencies = Object.entries(manifest.dependencies ?? {})
    .filter(([dependency]) => !peers.includes(dependency));
  const bin = commandsOf(name).map(([command]) => [command, binOf(command)]);
  const directory = folder === "." ? {} : { directory: folder };
  const url = `git+${REPOSITORY}.git`;
  return {
    ...manifest,
    description,
    keywords,
    repository: { type: "git", url, ...directory },
    engines: ENGINES,
    // A bundler may leave out every module of which nothing is used.
    sideEffects: false,
    ...(bin.length > 0 && { bin: Object.fromEntries(bin) }),
    dependencies: dependencies.length > 0
      ? Object.fromEntries(dependencies)
      : undefined,
    ...(peers.length + Object.keys(requiredPeers).length > 0 && {
      peerDependencies: { ...requiredPeers, ...peerDependencies },
    }),
    ...(peers.length > 0 && {
      peerDependenciesMeta: Object.fromEntries(
        peers.map((peer) => [peer, { optional: true }]),
      ),
    }),
  };
}

/**
 * Declarations, and what they need beyond a user's `lib`. JSR refuses such
 * lines in sources.
 */
export function withLibraries(declarations: string): string {
  return /\b(Async)?Disposable\b|\bSymbol\.(d|asyncD)ispose\b/
      .test(declarations)
    ? `/// <reference lib="esnext.disposable" />\n${declarations}`
    : declarations;
}

function commandsOf(name: string): [command: string, module: string][] {
  return Object.entries(facts[name]?.commands ?? {});
}

function binOf(command: string): string {
  return `./${command}.js`;
}

/** `import.meta.main` came with Node 24.2; a command works on all. */
function programOf(module: string): string {
  return `#!/usr/bin/env node
import process from "node:process";
import { main } from "${module}";

process.exitCode = await main(process.argv.slice(2));
`;
}

/** npm 12 gives an object by package, earlier ones an array. */
function fileName(json: string): string {
  const [packed] = Object.values(JSON.parse(json)) as { filename: string }[];
  return packed!.filename;
}

if (import.meta.main) {
  for (const each of ownPackages()) {
    console.log(pack(each, Deno.args[0] ?? join(root, ".tools", "packed")));
  }
}
