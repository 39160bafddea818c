/// <reference lib="dom" />
import { ROW_HEIGHT } from "./bars.ts";
import { element } from "./element.ts";
import type { Model, Row } from "./model.ts";
import { lookOf, rowLabel } from "./words.ts";

/** How far a level is indented, in pixels, and up to which level. */
const INDENT = 14;
const MOST_INDENTED = 12;

/** What the labels tell the timeline. */
export interface LabelActions {
  select(row: Row): void;
  toggle(row: Row): void;
}

/**
 * The names of the rows as a tree that can be read and used without seeing the
 * bars. Only the rows that are seen are in the page, and the selected one.
 */
export class Labels {
  readonly root: HTMLElement;
  readonly #actions: LabelActions;
  readonly #made = new Map<string, HTMLElement>();

  constructor(actions: LabelActions) {
    this.#actions = actions;
    this.root = element("div", {
      role: "tree",
      tabindex: "0",
      class: "labels",
      "aria-label": "Tasks, scopes and groups",
    });
  }

  draw(model: Model, top: number, height: number, selected?: Row): void {
    const first = Math.max(0, Math.floor(top / ROW_HEIGHT));
    const last = Math.ceil((top + height) / ROW_HEIGHT);
    const rows = model.visible.slice(first, last + 1);
    if (selected !== undefined && !rows.includes(selected)) rows.push(selected);
    const wanted = new Set<string>();
    for (const row of rows) {
      const index = model.indexOf(row);
      if (index < 0) continue;
      wanted.add(row.span.id);
      const label = this.#labelOf(row, model);
      const y = index * ROW_HEIGHT - top;
      // A row that isn't seen is there for the selection only.
      const seen = y > -ROW_HEIGHT && y < height;
      label.style.transform = `translateY(${seen ? y : -2 * ROW_HEIGHT}px)`;
      label.setAttribute("aria-selected", String(row === selected));
    }
    for (const [id, label] of this.#made) {
      if (wanted.has(id)) continue;
      label.remove();
      this.#made.delete(id);
    }
    if (selected === undefined) {
      this.root.removeAttribute("aria-activedescendant");
    } else {
      this.root.setAttribute(
        "aria-activedescendant",
        `row-${selected.span.id}`,
      );
    }
  }

  #labelOf(row: Row, model: Model): HTMLElement {
    const { span, depth, owner, children, position } = row;
    let label = this.#made.get(span.id);
    if (label === undefined) {
      label = element("div", { role: "treeitem", id: `row-${span.id}` });
      label.className = "row";
      this.#made.set(span.id, label);
      this.root.append(label);
    }
    const folded = model.isFolded(row);
    const look = lookOf(span);
    const text = `${look.sign} ${span.name}`;
    const key = `${text}|${folded}|${children.length}`;
    if (label.dataset["key"] === key) return label;
    label.dataset["key"] = key;
    const siblings = owner === undefined
      ? model.rows.filter((each) => each.owner === undefined).length
      : owner.children.length;
    const attributes: Record<string, string> = {
      "aria-level": String(depth + 1),
      "aria-setsize": String(siblings),
      "aria-posinset": String(position),
      "aria-label": rowLabel(span, model.elapsed),
      title: rowLabel(span, model.elapsed),
    };
    if (children.length > 0) attributes["aria-expanded"] = String(!folded);
    else label.removeAttribute("aria-expanded");
    for (const [name, value] of Object.entries(attributes)) {
      label.setAttribute(name, value);
    }
    label.style.paddingLeft = `${Math.min(depth, MOST_INDENTED) * INDENT}px`;
    const toggle = element("span", { class: "toggle", "aria-hidden": "true" });
    toggle.textContent = children.length === 0 ? "" : folded ? "▸" : "▾";
    const name = element("span", { class: `name ${span.status}` }, text);
    label.replaceChildren(toggle, name);
    label.onclick = (event) => {
      this.#actions.select(row);
      if (event.target === toggle) this.#actions.toggle(row);
    };
    label.ondblclick = () => this.#actions.toggle(row);
    return label;
  }
}
