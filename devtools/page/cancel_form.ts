/// <reference lib="dom" />
import { element } from "./element.ts";
import type { Row } from "./model.ts";

/** Asks the program to cancel a task. */
export type CancelTask = (id: string, reason: string) => Promise<string>;

/** A form that cancels the task of a row, if it still runs. */
export function cancelForm(
  { span }: Row,
  cancel: CancelTask,
): HTMLElement | undefined {
  if (span.kind !== "task" || span.end !== undefined) return undefined;
  const reason = element("input", {
    "aria-label": "Reason",
    placeholder: "Reason",
  });
  const said = element("output");
  const form = element(
    "form",
    { class: "cancel" },
    reason,
    element("button", { type: "submit" }, "Cancel task"),
    said,
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    cancel(span.id, reason.value).then(
      (text) => said.textContent = text,
      (error) => said.textContent = String(error),
    );
  };
  return form;
}
