import type { Placed } from "../recording/in_tree_order.ts";
import { inTreeOrder } from "../recording/in_tree_order.ts";
import type { Span } from "../recording/span.ts";

/** A row of the timeline. */
export interface Row extends Placed {
  /** The row of its owner. */
  readonly owner: Row | undefined;
  readonly children: Row[];
  /** Where it is among the children of its owner, from 1 on. */
  readonly position: number;
}

/** What is shown: all rows, which of them are folded, and which are seen. */
export class Model {
  #rows: readonly Row[] = [];
  #byId: ReadonlyMap<string, Row> = new Map();
  readonly #folded = new Set<string>();
  #visible: readonly Row[] = [];
  #index: ReadonlyMap<string, number> = new Map();
  /** How long the recording is, in milliseconds. */
  elapsed = 0;

  /** Takes new data; what is folded stays folded. */
  update(spans: readonly Span[], elapsed: number): void {
    this.elapsed = Math.max(elapsed, 1);
    const rows: Row[] = [];
    const path: Row[] = [];
    for (const { span, depth } of inTreeOrder(spans)) {
      path.length = depth;
      const owner = path[depth - 1];
      const position = (owner?.children.length ?? 0) + 1;
      const row: Row = { span, depth, owner, children: [], position };
      owner?.children.push(row);
      path.push(row);
      rows.push(row);
    }
    this.#rows = rows;
    this.#byId = new Map(rows.map((row) => [row.span.id, row]));
    this.#refresh();
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }
  /** The rows that are not in a folded subtree, from above to below. */
  get visible(): readonly Row[] {
    return this.#visible;
  }
  row(id: string | undefined): Row | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }
  /** Where a row is among the visible ones, or -1. */
  indexOf(row: Row): number {
    return this.#index.get(row.span.id) ?? -1;
  }

  isFolded(row: Row): boolean {
    return this.#folded.has(row.span.id);
  }
  fold(row: Row, folded: boolean): void {
    if (folded && row.children.length > 0) this.#folded.add(row.span.id);
    else this.#folded.delete(row.span.id);
    this.#refresh();
  }
  foldAll(folded: boolean): void {
    this.#folded.clear();
    for (const { span, children } of folded ? this.#rows : []) {
      if (children.length > 0) this.#folded.add(span.id);
    }
    this.#refresh();
  }
  /** Unfolds everything above a row, so that it is seen. */
  reveal(row: Row): void {
    for (let at = row.owner; at !== undefined; at = at.owner) {
      this.#folded.delete(at.span.id);
    }
    this.#refresh();
  }

  /** The rows whose name, error or reason has the text, from above to below. */
  search(text: string): Row[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return [];
    return this.#rows.filter(({ span }) =>
      [span.name, span.error?.message, span.reason?.[0]?.message]
        .some((each) => each?.toLowerCase().includes(wanted))
    );
  }

  #refresh(): void {
    const visible: Row[] = [];
    let hiddenBelow = Infinity;
    for (const row of this.#rows) {
      if (row.depth > hiddenBelow) continue;
      visible.push(row);
      hiddenBelow = this.isFolded(row) ? row.depth : Infinity;
    }
    this.#visible = visible;
    this.#index = new Map(visible.map((row, i) => [row.span.id, i]));
  }
}
