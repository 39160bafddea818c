/**
 * The runtimes, compilers and test frameworks that the matrix runs on, at exact
 * versions, from npm; kept in `.tools`, apart from the project's own
 * dependencies.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "./workspace.ts";

/** Something that the matrix runs with. */
export interface Tool {
  /** The folder that it is installed in. */
  id: string;
  /** As users call it. */
  title: string;
  version: string;
  /** Its package for this machine, and its program in there. */
  package: string;
  program: string;
}

const os = process.platform === "win32" ? "win" : process.platform;
const node = `node-${os}-${process.arch}`;
const bun = `@oven/bun-${process.platform}-${
  process.arch === "arm64" ? "aarch64" : process.arch
}`;

/** The runtimes, the oldest Node first. */
export const runtimes: Readonly<
  Record<"node20" | "node22" | "node24" | "bun", Tool>
> = {
  node20: runtime("node20", "Node 20", "20.20.2", node),
  node22: runtime("node22", "Node 22", "22.23.3", node),
  node24: runtime("node24", "Node 24", "24.21.0", node),
  bun: runtime("bun", "Bun 1.4", "1.4.5", bun),
};

/**
 * The border that `engines` draws, in each line of Node: the oldest on which
 * `import` and `require()` of the packages work, and the newest that refuses
 * to `require()` them.
 */
export const borders: readonly { oldest: Tool; before: Tool }[] = [
  border("20", "20.19.0", "20.18.3"),
  border("22", "22.12.0", "22.11.0"),
];

/** The TypeScript versions that consumers are checked with. */
export const compilers: readonly Tool[] = [
  compiler("typescript-oldest", "5.4.5"),
  compiler("typescript-5", "5.9.3"),
  compiler("typescript-newest", "6.0.3"),
];

/** What consumers test with, beside the runners that runtimes bring. */
export const frameworks: Readonly<
  Record<"jest" | "vitest" | "fakeTimers", Tool>
> = {
  jest: framework("jest", "Jest 30", "30.5.2", "bin/jest.js"),
  vitest: framework("vitest", "Vitest 5", "5.1.1", "vitest.mjs"),
  fakeTimers: framework(
    "@sinonjs/fake-timers",
    "Sinon's fake timers 15",
    "15.5.0",
    "src/fake-timers-src.js",
  ),
};

/** Where a tool's program is once {@linkcode installTools} has been run. */
export function programOf({ id, program }: Tool): string {
  return join(folderOf({ id }), program);
}

/** The folder that a tool is installed in. */
export function folderOf({ id }: Pick<Tool, "id">): string {
  return join(modules, id);
}

/** The arguments for npm that install what is missing; none if nothing is. */
export function missingTools(): string[] {
  return [
    ...Object.values(runtimes),
    ...borders.flatMap(({ oldest, before }) => [oldest, before]),
    ...compilers,
    ...Object.values(frameworks),
  ]
    .filter((tool) => installedVersion(tool) !== tool.version)
    .map((tool) => `${tool.id}@npm:${tool.package}@${tool.version}`);
}

/** Makes the folder that npm installs into, and returns it. */
export function toolsFolder(): string {
  mkdirSync(folder, { recursive: true });
  // Without it npm would take the nearest package.json above for its own.
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  return folder;
}

const folder = join(root, ".tools");
const modules = join(folder, "node_modules");

function runtime(
  id: string,
  title: string,
  version: string,
  name: string,
): Tool {
  const program = id === "bun" ? "bin/bun" : "bin/node";
  return { id, title, version, package: name, program };
}

function compiler(id: string, version: string): Tool {
  const [major, minor] = version.split(".");
  const title = `TypeScript ${major}.${minor}`;
  return { id, title, version, package: "typescript", program: "bin/tsc" };
}

function border(
  line: string,
  oldest: string,
  before: string,
): { oldest: Tool; before: Tool } {
  const titled = (id: string, version: string) => {
    const title = `Node ${version.replace(/\.\d+$/, "")}`;
    return runtime(`node${line}-${id}`, title, version, node);
  };
  return {
    oldest: titled("oldest", oldest),
    before: titled("before", before),
  };
}

function framework(
  name: string,
  title: string,
  version: string,
  program: string,
): Tool {
  return { id: name, title, version, package: name, program };
}

function installedVersion({ id }: Tool): string | undefined {
  const manifest = join(modules, id, "package.json");
  if (!existsSync(manifest)) return undefined;
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}
