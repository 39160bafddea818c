/** One line of the table: a quantity of a case, and what it may cost. */
export interface Row {
  readonly title: string;
  /** The name of the case in `case.ts`, and how it is run. */
  readonly run: string;
  readonly quantity: string;
  /** The highest ratio; absent where the line is there for comparison. */
  readonly budget?: { readonly node: number; readonly deno: number };
  /** The highest figure of the subject itself. */
  readonly most?: number;
}

/** The budgets, in the order of the table. */
export const ROWS: readonly Row[] = [
  {
    title: "100k tasks at once",
    run: "trivialBatch",
    quantity: "ms",
    budget: { node: 2.5, deno: 4.2 },
  },
  {
    title: "  without context",
    run: "trivialBatch no-context",
    quantity: "ms",
    budget: { node: 1.8, deno: 3 },
  },
  {
    title: "  floor: barest tracked promise",
    run: "trackedBatch no-context",
    quantity: "ms",
  },
  {
    title: "100k tasks in turn",
    run: "trivialSequence",
    quantity: "ms",
    budget: { node: 4, deno: 5 },
  },
  {
    title: "  without context",
    run: "trivialSequence no-context",
    quantity: "ms",
    budget: { node: 3, deno: 3 },
  },
  {
    title: "  floor: barest tracked promise",
    run: "trackedSequence no-context",
    quantity: "ms",
  },
  {
    title: "  floor: AsyncLocalStorage.run",
    run: "storageRun no-context",
    quantity: "ms",
  },
  {
    title: "100k pending tasks: spawn",
    run: "pending",
    quantity: "spawn",
    budget: { node: 0.4, deno: 0.9 },
  },
  {
    title: "  cancel and join",
    run: "pending",
    quantity: "cancel",
    budget: { node: 0.25, deno: 0.75 },
  },
  {
    title: "  bytes each",
    run: "pending",
    quantity: "bytes",
    budget: { node: 0.55, deno: 0.62 },
    most: 1024,
  },
  {
    title: "  without context: spawn",
    run: "pending no-context",
    quantity: "spawn",
    budget: { node: 0.4, deno: 0.9 },
  },
  {
    title: "  without context: cancel and join",
    run: "pending no-context",
    quantity: "cancel",
    budget: { node: 0.25, deno: 0.75 },
  },
  {
    title: "  without context: bytes each",
    run: "pending no-context",
    quantity: "bytes",
    budget: { node: 0.55, deno: 0.62 },
    most: 1024,
  },
  {
    title: "1 parent, 100k children: link",
    run: "wide",
    quantity: "link",
    budget: { node: 0.03, deno: 0.09 },
  },
  {
    title: "  cancel",
    run: "wide",
    quantity: "cancel",
    budget: { node: 0.05, deno: 0.08 },
  },
  {
    title: "chain of 10k parents: link",
    run: "chain",
    quantity: "link",
    budget: { node: 0.08, deno: 0.08 },
  },
  {
    title: "  cancel",
    run: "chain",
    quantity: "cancel",
    budget: { node: 0.08, deno: 0.08 },
  },
  {
    title: "event ping-pong, 1M rounds",
    run: "pingPong",
    quantity: "ms",
    budget: { node: 1.1, deno: 1.1 },
  },
  {
    title: "map, 100k items, 16 at a time",
    run: "mapping",
    quantity: "ms",
    budget: { node: 2.5, deno: 2.5 },
  },
];
