import { printable } from "@mdc/tasks/trace";

/** A task that a finding names. */
export interface FoundTask {
  /** Its id, as text. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** The names of its owners, the outermost first, and its own. */
  readonly path: readonly string[];
  /** Where it was created, as lines of a stack, if that is known. */
  readonly place?: string;
}

/** What a watchdog has found. */
export type Finding =
  | {
    readonly status: "blocked";
    /** Whose code most probably ran. */
    readonly task: FoundTask;
    /** How long nothing else had its turn, in milliseconds. */
    readonly elapsed: number;
  }
  | {
    readonly status: "ignoring";
    readonly task: FoundTask;
    /** How long ago it was asked to stop, in milliseconds. */
    readonly elapsed: number;
  }
  | {
    readonly status: "deadlock";
    /** Each waits for the next, the last for the first. */
    readonly tasks: readonly FoundTask[];
  };

const quoted = ({ path, id }: FoundTask): string =>
  `"${path.map(printable).join(" > ")}" (#${id})`;

/** A finding in words. */
export function formatFinding(finding: Finding): string {
  if (finding.status === "deadlock") {
    const names = finding.tasks.map(quoted);
    return `Tasks wait for each other: ${names.join(" -> ")} -> ${names[0]}`;
  }
  const { status, task, elapsed } = finding;
  const time = `${Math.round(elapsed)} ms`;
  const words = status === "blocked"
    ? `ran ${time} without a checkpoint`
    : `ignores its cancellation for ${time}`;
  const where = task.place === undefined ? "" : `\ncreated\n${task.place}`;
  return `Task ${quoted(task)} ${words}${where}`;
}
