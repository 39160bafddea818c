/**
 * Builds the plugin's JavaScript, as npm gets it and oxlint needs it.
 *
 * `deno run -A lint-plugin/scripts/build.ts [folder]` writes the package to the
 * folder (default `.tools/eslint-plugin`).
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the plugin's sources. */
export const PLUGIN: string = fileURLToPath(new URL("..", import.meta.url));

/** Packs the plugin as an npm tarball. */
async function pack(tarball: string): Promise<void> {
  await run(Deno.execPath(), {
    args: ["pack", "--allow-dirty", "--no-source-maps", "-o", tarball],
    cwd: PLUGIN,
  });
}

/** Builds the package into the folder and returns the path of its `mod.js`. */
export async function build(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const tarball = join(folder, "plugin.tgz");
  await pack(tarball);
  await run("tar", { args: ["xzf", tarball, "-C", folder] });
  await Deno.remove(tarball);
  return join(folder, "package", "mod.js");
}

/** Runs a command to its end; throws with its output if it fails. */
export async function run(
  command: string,
  options: Deno.CommandOptions & { codes?: readonly number[] },
): Promise<string> {
  const { codes = [0], ...rest } = options;
  const output = await new Deno.Command(command, {
    ...rest,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const stdout = decoder.decode(output.stdout);
  if (codes.includes(output.code)) return stdout;
  throw new Error(
    `Cannot run ${command} ${rest.args?.join(" ")}: code ${output.code}\n` +
      stdout + decoder.decode(output.stderr),
  );
}

if (import.meta.main) {
  const folder = Deno.args[0] ?? join(PLUGIN, "..", ".tools", "eslint-plugin");
  console.log(await build(folder));
}
