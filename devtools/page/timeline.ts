/// <reference lib="dom" />
import type { TimelineData } from "../recording/timeline_html.ts";
import { AXIS_HEIGHT, Bars, ROW_HEIGHT } from "./bars.ts";
import { cancelForm, type CancelTask } from "./cancel_form.ts";
import { Details } from "./details.ts";
import { element } from "./element.ts";
import { listenToGestures } from "./gestures.ts";
import { Labels } from "./labels.ts";
import { Model, type Row } from "./model.ts";
import { TimeWindow } from "./time_window.ts";
import { Toolbar } from "./toolbar.ts";
import { rowAfterKey } from "./tree_keys.ts";

/** What a page that is connected to its program can do. */
export interface Connected {
  readonly cancel: CancelTask;
  canCancel(): boolean;
}

/** The timeline in a page: rows, bars, details, and what moves them. */
export class Timeline {
  readonly #model = new Model();
  readonly #time = new TimeWindow();
  readonly #toolbar: Toolbar;
  readonly #labels: Labels;
  readonly #bars: Bars;
  readonly #details: Details;
  readonly #scroller: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #facts: HTMLElement;
  #selected: Row | undefined;
  #found: readonly Row[] = [];
  #foundAt = 0;
  #frame = 0;

  constructor(root: HTMLElement, connected?: Connected) {
    this.#toolbar = new Toolbar({
      search: (text, step) => this.#search(text, step),
      zoom: (factor) => this.#move(() => this.#time.zoom(factor)),
      pan: (part) => this.#move(() => this.#time.pan(part)),
      fit: () => this.#move(() => this.#time.fit()),
      foldAll: (folded) => this.#move(() => this.#model.foldAll(folded)),
    });
    this.#labels = new Labels({
      select: (row) => this.select(row),
      toggle: (row) => this.#toggle(row),
    });
    const canvas = element("canvas", { "aria-hidden": "true" });
    this.#bars = new Bars(canvas);
    this.#details = new Details(
      (row) => this.show(row),
      (row) =>
        connected?.canCancel() ? cancelForm(row, connected.cancel) : undefined,
    );
    this.#spacer = element("div", { class: "spacer" });
    const layer = element("div", { class: "layer" }, this.#labels.root, canvas);
    this.#scroller = element(
      "div",
      { class: "scroller" },
      layer,
      this.#spacer,
    );
    this.#facts = element("p", { class: "facts" });
    root.replaceChildren(
      this.#facts,
      this.#toolbar.root,
      element("div", { class: "main" }, this.#scroller, this.#details.root),
    );
    this.#listen(canvas);
  }

  /** Takes the data; what is selected, folded and shown stays so. */
  update({ spans, elapsed, dropped }: TimelineData): void {
    this.#model.update(spans, elapsed);
    this.#time.setAll(this.#model.elapsed);
    this.#selected = this.#model.row(this.#selected?.span.id);
    const gone = dropped > 0 ? `, ${dropped} older ones were dropped` : "";
    this.#facts.textContent = `${spans.length} tasks, scopes and groups${gone}`;
    this.#details.update(this.#model, this.#selected);
    this.#redraw();
  }

  /** Selects a row, and scrolls so that it is seen. */
  select(row: Row): void {
    this.#selected = row;
    this.#model.reveal(row);
    this.#details.draw(this.#model, row);
    const top = this.#model.indexOf(row) * ROW_HEIGHT;
    const { scrollTop } = this.#scroller;
    const height = this.#height();
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + height) {
      this.#scroller.scrollTop = top + ROW_HEIGHT - height;
    }
    this.#redraw();
  }

  /** Selects a row and zooms to its time. */
  show(row: Row): void {
    const { begin, end = this.#model.elapsed } = row.span;
    this.#time.show(begin, end);
    this.select(row);
  }

  /** The same, by its id; nothing if it is known no more. */
  showId(id: string): void {
    const row = this.#model.row(id);
    if (row !== undefined) this.show(row);
  }

  #height(): number {
    return Math.max(ROW_HEIGHT, this.#scroller.clientHeight - AXIS_HEIGHT);
  }

  #move(change: () => void): void {
    change();
    this.#redraw();
  }

  #toggle(row: Row): void {
    this.#move(() => this.#model.fold(row, !this.#model.isFolded(row)));
  }

  #search(text: string, step: 0 | 1 | -1): void {
    this.#found = this.#model.search(text);
    const count = this.#found.length;
    this.#foundAt = step === 0 || count === 0
      ? 0
      : (this.#foundAt + step + count) % count;
    this.#toolbar.found(this.#foundAt, count);
    const row = this.#found[this.#foundAt];
    if (row !== undefined) this.select(row);
  }

  #rowAt(y: number): Row | undefined {
    const top = y - AXIS_HEIGHT + this.#scroller.scrollTop;
    return y < AXIS_HEIGHT
      ? undefined
      : this.#model.visible[Math.floor(top / ROW_HEIGHT)];
  }

  #listen(canvas: HTMLCanvasElement): void {
    const withRow = (y: number, action: (row: Row) => void) => {
      const row = this.#rowAt(y);
      if (row !== undefined) action(row);
    };
    listenToGestures(canvas, {
      zoom: (factor, at) => this.#move(() => this.#time.zoom(factor, at)),
      pan: (part) => this.#move(() => this.#time.pan(part)),
      click: (_, y) => withRow(y, (row) => this.select(row)),
      open: (_, y) => withRow(y, (row) => this.show(row)),
    });
    this.#scroller.addEventListener("scroll", () => this.#redraw());
    this.#labels.root.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#redraw()).observe(this.#scroller);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.#redraw());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target === this.#toolbar.search) return;
      event.preventDefault();
      this.#toolbar.search.focus();
    });
  }

  #key(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const row = this.#selected;
    const acted = this.#timeKey(key, shiftKey) || this.#foldKey(key, row);
    if (!acted) {
      const page = Math.floor(this.#height() / ROW_HEIGHT);
      const next = rowAfterKey(key, this.#model, row, page);
      if (next === undefined) return;
      this.select(next);
    }
    event.preventDefault();
  }

  #timeKey(key: string, shift: boolean): boolean {
    const actions: Record<string, () => void> = {
      "+": () => this.#time.zoom(0.5),
      "=": () => this.#time.zoom(0.5),
      "-": () => this.#time.zoom(2),
      "0": () => this.#time.fit(),
      ...(shift
        ? {
          ArrowLeft: () => this.#time.pan(-0.25),
          ArrowRight: () => this.#time.pan(0.25),
        }
        : {}),
    };
    if (!Object.hasOwn(actions, key)) return false;
    this.#move(actions[key]!);
    return true;
  }

  /** Folds or unfolds, where the key does that on this row. */
  #foldKey(key: string, row: Row | undefined): boolean {
    if (row === undefined || row.children.length === 0) return false;
    const folded = this.#model.isFolded(row);
    const does = key === "Enter" || key === " " ||
      (key === "ArrowRight" && folded) || (key === "ArrowLeft" && !folded);
    if (does) this.#toggle(row);
    return does;
  }

  /** Draws once in the next frame, however often it is asked. */
  #redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const model = this.#model;
    const top = this.#scroller.scrollTop;
    const height = this.#height();
    this.#spacer.style.height = `${
      model.visible.length * ROW_HEIGHT - height
    }px`;
    this.#labels.draw(model, top, height, this.#selected);
    const { canvas } = this.#bars;
    this.#bars.resize(canvas.clientWidth, this.#scroller.clientHeight);
    this.#bars.draw({
      model,
      time: this.#time,
      top,
      selected: this.#selected,
    });
  }
}
