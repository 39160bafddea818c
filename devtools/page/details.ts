/// <reference lib="dom" />
import type { ReasonLink } from "../text/reason_chain.ts";
import { element } from "./element.ts";
import type { Model, Row } from "./model.ts";
import { timeText } from "./time_window.ts";
import { durationOf, lookOf } from "./words.ts";

/** How many waits are listed. */
const MOST_WAITS = 20;

function reasonText({ kind, message, source }: ReasonLink): string {
  const by = source === undefined ? "" : ` by "${source.name}"`;
  return `${kind}${by}${message === undefined ? "" : `: ${message}`}`;
}

/** All that is known of the selected row. */
export class Details {
  readonly root: HTMLElement;
  readonly #show: (row: Row) => void;
  readonly #form: (row: Row) => HTMLElement | undefined;
  #shown = "";
  #formOf: { readonly id: string; readonly form: HTMLElement } | undefined;
  #list = element("dl");

  /**
   * @param show Shows another row.
   * @param form What can be done with a row, if anything.
   */
  constructor(
    show: (row: Row) => void,
    form: (row: Row) => HTMLElement | undefined,
  ) {
    this.#show = show;
    this.#form = form;
    this.root = element("section", {
      class: "details",
      "aria-label": "Details",
      "aria-live": "polite",
      tabindex: "0",
    });
    this.draw(undefined, undefined);
  }

  /** Draws anew if the row has changed: whoever writes in it isn't disturbed. */
  update(model: Model, row: Row | undefined): void {
    const now = JSON.stringify(row?.span) ?? "";
    if (now === this.#shown) return;
    this.#shown = now;
    this.draw(model, row);
  }

  draw(model: Model | undefined, row: Row | undefined): void {
    if (model === undefined || row === undefined) {
      const hint = "Click a row, or move with the arrow keys.";
      this.#formOf = undefined;
      this.root.replaceChildren(element("p", {}, hint));
      return;
    }
    const { span, owner } = row;
    const list = element("dl");
    const add = (term: string, ...what: (Node | string)[]) =>
      list.append(element("dt", {}, term), element("dd", {}, ...what));
    add("What", `${span.kind} ${span.kind === "task" ? `#${span.id}` : ""}`);
    add("Status", lookOf(span).word);
    const since = span.earlier ? " (before the recording)" : "";
    add("Started", `${timeText(span.begin)}${since}`);
    add("Took", timeText(durationOf(span, model.elapsed)));
    if (owner !== undefined) add("Owner", this.#link(owner));
    if (row.children.length > 0) add("Owns", `${row.children.length}`);
    if (span.reason !== undefined) {
      const links = span.reason.map((each) =>
        element("li", {}, reasonText(each))
      );
      add("Cancelled because", element("ol", {}, ...links));
    }
    if (span.cancelledAt !== undefined) {
      add("Cancelled at", timeText(span.cancelledAt));
      const source = model.row(span.reason?.[0]?.source?.id);
      if (source !== undefined) add("Cancelled by", this.#link(source));
    }
    if (span.error !== undefined) {
      const { name, message, stack } = span.error;
      add("Error", element("pre", {}, stack ?? `${name}: ${message}`));
    }
    if (span.place !== undefined) add("Place", element("pre", {}, span.place));
    if (span.waits.length > 0) add("Waits", this.#waits(row, model));
    // A form that somebody may be writing in stays as long as it is of use.
    const isSame = this.#formOf?.id === span.id && span.end === undefined;
    const form = isSame ? this.#formOf!.form : this.#form(row);
    this.#formOf = form === undefined ? undefined : { id: span.id, form };
    if (isSame) this.#list.replaceWith(list);
    else {
      this.root.replaceChildren(
        element("h2", {}, span.name),
        ...(form === undefined ? [] : [form]),
        list,
      );
    }
    this.#list = list;
  }

  #waits({ span }: Row, model: Model): HTMLElement {
    const waits = span.waits.slice(-MOST_WAITS);
    const items = waits.map(({ what, begin, end, on }) => {
      const took = (end ?? span.end ?? model.elapsed) - begin;
      const going = end === undefined && span.end === undefined;
      const time = `${going ? "since" : "for"} ${timeText(took)}`;
      const target = model.row(on);
      return element(
        "li",
        {},
        `${what} ${time} `,
        ...(target === undefined ? [] : [this.#link(target)]),
      );
    });
    const earlier = span.waits.length - waits.length + span.droppedWaits;
    if (earlier > 0) items.unshift(element("li", {}, `${earlier} earlier`));
    return element("ul", {}, ...items);
  }

  #link(row: Row): HTMLElement {
    const button = element("button", { type: "button" }, row.span.name);
    button.onclick = () => this.#show(row);
    return button;
  }
}
