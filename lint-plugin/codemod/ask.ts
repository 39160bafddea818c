import picocolors from "picocolors";
import { colorDiff, diffOf, riskOf } from "./report_text.ts";
import type { Decide, Decision } from "./review.ts";

/** Asks the person at the terminal about each edit. */
export async function askPerson(): Promise<Decide> {
  const { isCancel, log, select } = await import("@clack/prompts");
  return async (finding, texts) => {
    const { rule, message, line, edit } = finding;
    const diff = diffOf({ path: `line ${line}`, ...texts });
    log.message(
      `${picocolors.bold(`mdc/${rule}`)} ${message}\n` +
        `${edit ? `${riskOf(edit, picocolors)}\n` : ""}` +
        colorDiff(diff.split("\n").slice(2).join("\n"), picocolors),
    );
    const answer = await select<Decision>({
      message: edit?.description ?? "Make this edit?",
      options: [
        { value: "accept", label: "accept" },
        { value: "skip", label: "skip" },
        { value: "quit", label: "quit", hint: "keeps what was accepted" },
      ],
    });
    return isCancel(answer) ? "quit" : answer;
  };
}
