import { parse } from "yaml";
import { codeBlocks, readText } from "../_markdown.ts";

/** A step of a GitHub job that runs in a shell, or uses an action. */
interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}

const page = readText("docs/ci.md");

/** The blocks of docs/ci.md that are files: all but shell commands. */
const blocks = codeBlocks(page).filter(({ info }) => info !== "sh");

/** How many files docs/ci.md offers. */
export const fileCount: number = blocks.length;

/** The files that docs/ci.md offers, by the paths that stand above them. */
export function readCiFiles(): Map<string, string> {
  const lines = page.split("\n");
  return new Map(blocks.flatMap(({ code, line }) => {
    // Above the code are its fence, an empty line and the path.
    const [, path] = /^`([^`]+)`:$/.exec(lines[line - 4] ?? "") ?? [];
    return path === undefined ? [] : [[path, code] as const];
  }));
}

/** The steps of a workflow's jobs. */
export function stepsOf(workflow: string): Step[] {
  const { jobs } = parse(workflow) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** A workflow's commands as one script, as the host's shell runs each. */
export function scriptOf(workflow: string): string {
  const commands = stepsOf(workflow).flatMap(({ run }) => run ?? []);
  return ["set -eo pipefail", ...commands].join("\n");
}
