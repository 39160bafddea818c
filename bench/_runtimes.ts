/** A runtime, as a command that runs a file. */
export interface Runtime {
  readonly name: "deno" | "node";
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

const NODE_VERSION = "24.21.0";

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  if (!success) {
    throw new Error(
      `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`,
    );
  }
  return new TextDecoder().decode(stdout).trim();
}

/** The Deno that runs this program. */
export function denoRuntime(): Runtime {
  return {
    name: "deno",
    title: `Deno ${Deno.version.deno}`,
    command: Deno.execPath(),
    args: ["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc"],
  };
}

/** Node 24, which runs TypeScript as it is; from npm, kept in `.tools`. */
export async function nodeRuntime(root: URL): Promise<Runtime> {
  const os = Deno.build.os === "windows" ? "win" : Deno.build.os;
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  const name = `node-${os}-${arch}`;
  const folder = new URL(`.tools/node-${NODE_VERSION}/`, root).pathname;
  const command = `${folder}node_modules/${name}/bin/node`;
  try {
    await Deno.stat(command);
  } catch {
    await Deno.mkdir(folder, { recursive: true });
    // Without it npm would take the nearest package.json above for its own.
    await Deno.writeTextFile(`${folder}package.json`, '{ "private": true }\n');
    const spec = `${name}@${NODE_VERSION}`;
    await output("npm", ["install", "--prefix", folder, "--no-audit", spec]);
  }
  const version = await output(command, ["--version"]);
  return {
    name: "node",
    title: `Node ${version.slice(1)}`,
    command,
    args: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
  };
}

/** Runs a file of this folder in a process of its own; tells what it printed. */
export async function runFile(
  runtime: Runtime,
  root: URL,
  file: string,
  args: readonly string[],
): Promise<unknown> {
  const { stdout } = await new Deno.Command(runtime.command, {
    args: [...runtime.args, `bench/${file}`, ...args],
    cwd: root,
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  // A violated limit exits with 1 but prints its figures; a crash doesn't.
  if (text === "") {
    throw new Error(`${file} ${args.join(" ")} failed on ${runtime.title}`);
  }
  return JSON.parse(text);
}
