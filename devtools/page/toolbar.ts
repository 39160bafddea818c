/// <reference lib="dom" />
import { element } from "./element.ts";
import { LEGEND } from "./words.ts";

/** What the toolbar asks for. */
export interface ToolbarActions {
  search(text: string, step: 0 | 1 | -1): void;
  zoom(factor: number): void;
  pan(part: number): void;
  fit(): void;
  foldAll(folded: boolean): void;
}

function button(
  text: string,
  label: string,
  action: () => void,
): HTMLButtonElement {
  const made = element("button", { type: "button", title: label }, text);
  made.setAttribute("aria-label", label);
  made.onclick = action;
  return made;
}

/** Search, zoom, folding, and what the signs mean. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  readonly #found: HTMLElement;

  constructor(actions: ToolbarActions) {
    this.search = element("input", {
      type: "search",
      placeholder: "Search names, errors, reasons",
      "aria-label": "Search names, errors, reasons",
    });
    this.search.oninput = () => actions.search(this.search.value, 0);
    this.search.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      actions.search(this.search.value, event.shiftKey ? -1 : 1);
    };
    this.#found = element("output", { class: "found" });
    const legend = LEGEND.map(([status, { sign, word }]) =>
      element("li", {}, element("span", { class: status }, sign), ` ${word}`)
    );
    this.root = element(
      "div",
      { class: "toolbar" },
      this.search,
      this.#found,
      element(
        "div",
        { role: "group", "aria-label": "Time" },
        button("+", "Zoom in", () => actions.zoom(0.5)),
        button("−", "Zoom out", () => actions.zoom(2)),
        button("◀", "Earlier", () => actions.pan(-0.25)),
        button("▶", "Later", () => actions.pan(0.25)),
        button("Fit", "Fit the whole time", () => actions.fit()),
      ),
      element(
        "div",
        { role: "group", "aria-label": "Rows" },
        button("▸ all", "Fold all", () => actions.foldAll(true)),
        button("▾ all", "Unfold all", () => actions.foldAll(false)),
      ),
      element("ul", { class: "legend", "aria-label": "Signs" }, ...legend),
    );
  }

  /** Says how many rows a search has found, and which is shown. */
  found(index: number, count: number): void {
    this.#found.textContent = this.search.value.trim() === ""
      ? ""
      : count === 0
      ? "none found"
      : `${index + 1} of ${count}`;
  }
}
