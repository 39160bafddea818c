/**
 * What `@mdc/tasks` exports, and how each of it behaves: the one place where the
 * rules look that up. A test compares the names with the package itself.
 */
import type { SignalSlot } from "../../host/rule.ts";

/** A thing of `@mdc/tasks` that a variable or expression holds. */
export type MdcThing =
  | "task"
  | "tracker"
  | "group"
  | "scope"
  | "event"
  | "context";

/** Where the reason of a cancelling call goes. */
export interface ReasonSlot {
  /** Whether it is an argument, or `reason` of an options object. */
  readonly form: "argument" | "options";
  /** The index of that argument. */
  readonly index: 0 | 1;
}

/** How a function, method or class behaves; what isn't said, it doesn't do. */
export interface Behaviour {
  /**
   * Whether it returns a promise, and whether the caller has to look after it
   * (`"yours"`) or somebody does already (`"owned"`).
   */
  readonly promise?: "yours" | "owned";
  /** The index of the argument that is a body, or an array of bodies. */
  readonly body?: number;
  /** What the body is given, by the index of its parameter. */
  readonly gets?: readonly (MdcThing | undefined)[];
  /** Whether it keeps outer cancellation away from the body. */
  readonly shields?: true;
  /** Whether it waits under the current task's cancellation by itself. */
  readonly waits?: true;
  /** Whether it only lets time pass. */
  readonly sleeps?: true;
  /** Where it takes a signal. */
  readonly slot?: SignalSlot;
  /** Whether it makes or cancels work here: its author owns the cancelling. */
  readonly owns?: true;
  /** Whether it cancels, and where the reason goes. */
  readonly cancels?: ReasonSlot;
  /** What it makes: as a call, or as a class by `new`. */
  readonly makes?: MdcThing;
  /** What a value of that type is, where a variable is annotated with it. */
  readonly type?: MdcThing;
  /** Names that the core gains soon: they may be missing there. */
  readonly upcoming?: true;
}

const slot = (argument: number): SignalSlot => ({ argument, form: "options" });
const reason: ReasonSlot = { form: "argument", index: 0 };

/** A wait that ends with the current task. */
const WAIT: Behaviour = { promise: "yours", waits: true };
/** A limit or a scope around a body. */
const SCOPED: Behaviour = { ...WAIT, body: 1, gets: ["context"] };
/** Several bodies, of which each gets a context. */
const BODIES: Behaviour = { ...WAIT, body: 0, gets: ["context"] };
const NOTHING: Behaviour = {};

/** The exports of the package, by name. */
export const EXPORTS: { readonly [name: string]: Behaviour } = {
  // Errors and reasons.
  CancelledError: NOTHING,
  InvalidStateError: NOTHING,
  TimeoutError: NOTHING,
  isCancellation: NOTHING,
  rethrowCancellation: NOTHING,
  formatReason: NOTHING,
  errorLeaves: NOTHING,
  splitError: NOTHING,
  findError: NOTHING,
  StuckError: NOTHING,
  // Tasks.
  createTask: {
    promise: "yours",
    body: 0,
    gets: ["context"],
    slot: slot(1),
    owns: true,
    makes: "task",
  },
  Task: { type: "task" },
  allTasks: NOTHING,
  currentTask: NOTHING,
  bindTask: NOTHING,
  configure: NOTHING,
  run: { promise: "owned", body: 0, gets: ["context"] },
  formatStuck: NOTHING,
  formatSignal: NOTHING,
  formatAlive: NOTHING,
  // Waits.
  checkpoint: { ...WAIT, sleeps: true, slot: slot(0) },
  sleep: { ...WAIT, sleeps: true, slot: slot(1) },
  abortable: { ...WAIT, slot: slot(1) },
  once: { ...WAIT, slot: slot(2) },
  waitForOutcome: { ...WAIT, slot: slot(1) },
  waitWithCancellation: { ...WAIT, slot: slot(1) },
  cancelAndWait: {
    promise: "yours",
    owns: true,
    cancels: { form: "options", index: 1 },
  },
  cleanupLingeringTasks: { promise: "yours" },
  AsyncEvent: { makes: "event", type: "event" },
  // Owners.
  TaskTracker: { makes: "tracker", type: "tracker", owns: true },
  TaskGroup: { makes: "group", type: "group" },
  CancelScope: { makes: "scope", type: "scope", owns: true },
  propagateCancellation: NOTHING,
  // Scopes.
  failAfter: SCOPED,
  failAt: SCOPED,
  moveOnAfter: SCOPED,
  moveOnAt: SCOPED,
  shield: { promise: "yours", body: 0, gets: ["context"], shields: true },
  currentTime: NOTHING,
  timeLeft: NOTHING,
  // Several at once.
  all: BODIES,
  allSettled: BODIES,
  any: BODIES,
  race: BODIES,
  asCompleted: { waits: true, body: 0, gets: ["context"] },
  map: { ...WAIT, body: 1, gets: [undefined, "context"] },
  // Progress.
  Progress: NOTHING,
  aggregateProgress: NOTHING,
  progressOf: NOTHING,
};

/** Types without a value, by name. */
export const TYPES: { readonly [name: string]: Behaviour } = {
  TaskContext: { type: "context" },
  RunContext: { type: "context" },
};

/** The exports of `@mdc/tasks/testing`, by name. */
export const TESTING_EXPORTS: { readonly [name: string]: Behaviour } = {
  LeakError: NOTHING,
  Sequencer: NOTHING,
  checkLeaks: { promise: "yours" },
  untilIdle: { promise: "yours" },
  withVirtualClock: { promise: "yours" },
};

/** The exports of `@mdc/tasks/flow`, by name. */
export const FLOW_EXPORTS: { readonly [name: string]: Behaviour } = {
  Channel: NOTHING,
  ChannelClosedError: NOTHING,
  KeyedLimiter: NOTHING,
  Lock: NOTHING,
  Pool: NOTHING,
  RateLimiter: NOTHING,
  Semaphore: NOTHING,
  debounce: NOTHING,
  earlierErrors: NOTHING,
  every: { ...WAIT, body: 1, gets: ["context"], slot: slot(2) },
  resource: { ...WAIT, body: 0, gets: ["context"] },
  throttle: NOTHING,
  fastifyTasks: NOTHING,
  handleRequests: { ...WAIT, slot: slot(2) },
  honoTasks: NOTHING,
  httpStatusOf: NOTHING,
  merge: { waits: true },
  pipe: { ...WAIT, slot: slot(2) },
  select: { ...WAIT, slot: slot(1) },
  retry: { ...WAIT, body: 0, gets: ["context"], slot: slot(1) },
};

/** The exports of `@mdc/tasks/trace`, by name. */
export const TRACE_EXPORTS: { readonly [name: string]: Behaviour } = {
  formatTaskTree: NOTHING,
  printTasksOn: NOTHING,
  printable: NOTHING,
  subscribe: NOTHING,
  taskTree: NOTHING,
};

/** Methods, by the class or the kind of thing that they are called on. */
export const METHODS: { readonly [call: string]: Behaviour } = {
  "Task.from": { promise: "yours", owns: true, makes: "task" },
  "task.cancel": { owns: true, cancels: reason },
  "context.checkpoint": { ...WAIT, sleeps: true },
  "context.sleep": { ...WAIT, sleeps: true },
  "context.abortable": WAIT,
  "AsyncEvent.from": { makes: "event" },
  "AsyncEvent.any": { makes: "event" },
  "event.wait": { ...WAIT, slot: slot(0) },
  "tracker.spawn": {
    promise: "owned",
    body: 0,
    gets: ["context"],
    owns: true,
    makes: "task",
  },
  "tracker.add": { promise: "owned" },
  "tracker.cancelAll": {
    promise: "yours",
    owns: true,
    cancels: { form: "options", index: 0 },
  },
  "tracker.drain": { ...WAIT, slot: slot(0) },
  "TaskGroup.run": { ...WAIT, body: 0, gets: ["group", "context"] },
  "group.spawn": {
    promise: "owned",
    body: 0,
    gets: ["context"],
    owns: true,
    makes: "task",
  },
  "group.start": { promise: "yours", body: 0, gets: ["context"] },
  "group.join": { promise: "yours" },
  "group.cancel": { owns: true, cancels: reason },
  "scope.run": { ...WAIT, body: 0, gets: ["context"] },
  "scope.cancel": { owns: true, cancels: reason },
};

/** How the export or method behaves; undefined for what isn't the package's. */
export function getBehaviour(name: string | undefined): Behaviour | undefined {
  if (name === undefined) return undefined;
  for (
    const table of [
      EXPORTS,
      METHODS,
      TYPES,
      FLOW_EXPORTS,
      TESTING_EXPORTS,
      TRACE_EXPORTS,
    ]
  ) {
    if (Object.hasOwn(table, name)) return table[name];
  }
  return undefined;
}
