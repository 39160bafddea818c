/// <reference lib="dom" />
import type { FailureNote } from "../inspector/live_recording.ts";
import type { Span } from "../recording/span.ts";
import { element } from "./element.ts";
import type { Notes } from "./live.ts";

/** How many names a list shows. */
const MOST = 20;

/** Lists of what a person should look at; each name leads to its row. */
export class NoteLists {
  readonly #root: HTMLElement;
  readonly #show: (id: string) => void;
  #shown = "";

  constructor(root: HTMLElement, show: (id: string) => void) {
    this.#root = root;
    this.#show = show;
  }

  draw({ stuck, old }: Notes, failures: readonly FailureNote[]): void {
    const key = JSON.stringify(
      [stuck, old, failures].map((list) => list.map(({ id }) => id)),
    );
    if (key === this.#shown) return;
    this.#shown = key;
    this.#root.replaceChildren(
      ...this.#list("Asked to stop, and still running", stuck),
      ...this.#list("Running for more than a minute", old),
      ...this.#list("Failures that nobody looked at", failures),
    );
  }

  #list(title: string, notes: readonly (Span | FailureNote)[]): HTMLElement[] {
    if (notes.length === 0) return [];
    const items = notes.slice(0, MOST).map((note) => {
      const more = "error" in note && note.error !== undefined
        ? `${note.name}: ${note.error.message}`
        : note.name;
      const button = element("button", { type: "button" }, more);
      button.onclick = () => this.#show(note.id);
      return element("li", {}, button);
    });
    if (notes.length > MOST) {
      items.push(element("li", {}, `and ${notes.length - MOST} more`));
    }
    return [element(
      "details",
      { class: "notes" },
      element("summary", {}, `${title}: ${notes.length}`),
      element("ul", {}, ...items),
    )];
  }
}
