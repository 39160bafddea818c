import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../tools/workspace.ts";

/** A step of a GitHub job that runs in a shell, or uses an action. */
interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}

/** The files that docs/ci.md offers, by their paths. */
export function readCiFiles(): Map<string, string> {
  const text = readFileSync(join(root, "docs/ci.md"), "utf8");
  const named = /^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm;
  return new Map([...text.matchAll(named)].map(([, path, body]) => [
    path!,
    body!,
  ]));
}

/** How many blocks docs/ci.md has that are no shell commands. */
export function countCiBlocks(): number {
  const text = readFileSync(join(root, "docs/ci.md"), "utf8");
  return [...text.matchAll(/^```(?:yaml|json|js)$/gm)].length;
}

/** The steps of a workflow's only job. */
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
