/** A highest ratio, on each runtime. */
export interface Budget {
  readonly node: number;
  readonly deno: number;
}

/** One line of the table: a quantity of a case, and what it may cost. */
export interface Row {
  readonly title: string;
  /** The name of the case in `case.ts`, and how it is run. */
  readonly run: string;
  readonly quantity: "time" | "spawn" | "cancel" | "bytes" | "link";
  /** Absent where the line is there for comparison. */
  readonly budget?: Budget;
  /** The highest figure of the subject itself. */
  readonly most?: number;
}

const SPAWN: Budget = { node: 0.4, deno: 0.9 };
const CANCEL: Budget = { node: 0.25, deno: 0.75 };
const BYTES: Budget = { node: 0.55, deno: 0.62 };
const CHAIN: Budget = { node: 0.08, deno: 0.08 };

function pending(how: string, mode: string): Row[] {
  const run = `pending${mode}`;
  return [
    {
      title: `100k pending tasks${how}: spawn`,
      run,
      quantity: "spawn",
      budget: SPAWN,
    },
    { title: "… cancel and join", run, quantity: "cancel", budget: CANCEL },
    {
      title: "… memory of each",
      run,
      quantity: "bytes",
      budget: BYTES,
      most: 1024,
    },
  ];
}

/** The budgets, in the order of the table, and floors beside them. */
export const ROWS: readonly Row[] = [
  {
    title: "100k tasks at once",
    run: "trivialBatch",
    quantity: "time",
    budget: { node: 2.5, deno: 4.2 },
  },
  {
    title: "… without context",
    run: "trivialBatch no-context",
    quantity: "time",
    budget: { node: 1.8, deno: 3 },
  },
  {
    title: "… floor: a bare tracked promise",
    run: "trackedBatch",
    quantity: "time",
  },
  {
    title: "… floor: `AsyncLocalStorage.run`",
    run: "contextBatch",
    quantity: "time",
  },
  {
    title: "100k tasks, one after the other",
    run: "trivialSequence",
    quantity: "time",
    budget: { node: 4, deno: 5 },
  },
  {
    title: "… without context",
    run: "trivialSequence no-context",
    quantity: "time",
    budget: { node: 3, deno: 3 },
  },
  {
    title: "… floor: a bare tracked promise",
    run: "trackedSequence",
    quantity: "time",
  },
  {
    title: "… floor: `AsyncLocalStorage.run`",
    run: "contextSequence",
    quantity: "time",
  },
  ...pending("", ""),
  ...pending(" without context", " no-context"),
  {
    title: "… floor: a bare promise to reject: spawn",
    run: "rejectablePending",
    quantity: "spawn",
  },
  { title: "… cancel and join", run: "rejectablePending", quantity: "cancel" },
  { title: "… memory of each", run: "rejectablePending", quantity: "bytes" },
  {
    title: "one parent, 100k children: link",
    run: "wide",
    quantity: "link",
    budget: { node: 0.03, deno: 0.09 },
  },
  {
    title: "… cancel",
    run: "wide",
    quantity: "cancel",
    budget: { node: 0.05, deno: 0.08 },
  },
  {
    title: "chain of 10k parents: link",
    run: "chain",
    quantity: "link",
    budget: CHAIN,
  },
  { title: "… cancel", run: "chain", quantity: "cancel", budget: CHAIN },
  {
    title: "event ping-pong, 1M rounds",
    run: "pingPong",
    quantity: "time",
    budget: { node: 1.1, deno: 1.1 },
  },
  {
    title: "… in tasks, whose cancellation ends each wait",
    run: "pingPongInTasks",
    quantity: "time",
  },
  {
    title: "`map` of 100k items, 16 at a time",
    run: "mapping",
    quantity: "time",
    budget: { node: 2.5, deno: 2.5 },
  },
  {
    title: "… without context",
    run: "mapping no-context",
    quantity: "time",
    budget: { node: 2.5, deno: 2.5 },
  },
];
