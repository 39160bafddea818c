import { formatTime } from "../run/words.ts";
import { printable } from "./printable.ts";
import { reasonWords } from "./reason_links.ts";
import type { TaskTreeNode } from "./task_tree.ts";

function progressOf({ progress }: TaskTreeNode): string | undefined {
  if (progress === undefined) return undefined;
  const { stage, completed, total, fraction } = progress;
  const part = total === undefined
    ? `${completed}`
    : `${completed}/${total} (${Math.floor((fraction ?? 0) * 100)} %)`;
  return stage === undefined ? part : `${printable(stage)} ${part}`;
}

/** What is said of a node beside its name, in the order of interest. */
export function nodeWords(node: TaskTreeNode): string[] {
  const { status, reason, age, waits, timeLeft, ignored } = node;
  const parts: (string | undefined)[] = [
    status === "running" ? undefined : status,
    reason === undefined ? undefined : printable(reasonWords(reason)),
    node.shielded ? "shielded" : undefined,
    node.lingering ? "has outlived its owner" : undefined,
    age === undefined ? undefined : `for ${formatTime(age)}`,
    timeLeft === undefined
      ? undefined
      : timeLeft < 0
      ? `${formatTime(-timeLeft)} past its deadline`
      : `${formatTime(timeLeft)} left`,
    progressOf(node),
    ...waits.map(({ what, elapsed }) =>
      `waits for ${printable(what)} since ${formatTime(elapsed)}`
    ),
    ignored === undefined
      ? undefined
      : `has ignored its cancellation ${ignored} times`,
  ];
  return parts.filter((part) => part !== undefined);
}
