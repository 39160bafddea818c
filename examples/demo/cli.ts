import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options<Name extends string> {
  /** The only part to show; all of them without it. */
  only?: Name;
  debug: boolean;
  help: boolean;
  /** Not in the usage: leaves a download behind, for the test of the check. */
  plantLeak: boolean;
}

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line. */
export function parseOptions<Name extends string>(
  args: string[],
  names: readonly Name[],
): Options<Name> {
  const { only, debug, help, ...hidden } = parse(args);
  const options = { debug, help, plantLeak: hidden["plant-leak"] };
  if (only === undefined) return options;
  const known = names.find((name) => name === only);
  if (known === undefined) {
    throw new UsageError(
      `Cannot show "${only}": expected one of ${names.join(", ")}`,
    );
  }
  return { ...options, only: known };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string" },
        debug: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        "plant-leak": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** How to call the demo. */
export function usage(names: readonly string[]): string {
  return `Usage: task_management_demo.ts [--only <part>] [--debug] [--help]

Downloads files from a local server and shows how tasks are cancelled,
tracked, watched and cleaned up.

  --only <part>  show one part: ${names.join(", ")}
  --debug        tell on stderr what each download is doing
  -h, --help     show this text`;
}
