/** Random programs: what they are made of. */
import fc from "fast-check";

/** What a cancellation is asked with. A signal takes any of them. */
export type ReasonKind =
  | "none"
  | "text"
  | "error"
  | "subclass"
  | "abort"
  | "abort text"
  | "abort object";

/** When something is cancelled, and with what. */
export interface Request {
  at: number;
  reason: ReasonKind;
}

/** Which function a wait is written with; `by` picks one of the contexts. */
export interface WaitStep {
  kind: "wait";
  what: "sleep" | "abortable";
  ms: number;
  by: number;
}

/** One step of a generated program; `copy` takes the second copy, if any. */
export type Step =
  | WaitStep
  /** A wait that begins now and is awaited after `steps`, or never. */
  | { kind: "later"; wait: WaitStep; steps: Step[]; awaited: boolean }
  | { kind: "throw" }
  /** `steps` in a loop whose catch block keeps only its own cancellation. */
  | { kind: "retry"; steps: Step[]; rounds: number; by: number; copy: boolean }
  /** A callback on the end of the task that registers it. */
  | { kind: "oneself"; copy: boolean }
  | {
    kind: "finally";
    steps: Step[];
    ms: number;
    grace: number;
    fails: boolean;
    copy: boolean;
  }
  | {
    kind: "scope";
    steps: Step[];
    cancel?: Request;
    deadline?: number;
    shield: boolean;
    copy: boolean;
  }
  | {
    kind: "failAfter" | "moveOnAfter";
    ms: number;
    steps: Step[];
    copy: boolean;
  }
  | { kind: "shield"; steps: Step[]; grace: number; copy: boolean }
  | {
    kind: "spawn";
    steps: Step[];
    cancel?: Request;
    /** Whether it is cancelled by a signal of its own. */
    bySignal: boolean;
    join: boolean;
    copy: boolean;
  }
  | {
    kind: "group";
    children: { steps: Step[]; service: boolean; cancel?: Request }[];
    steps: Step[];
    cancel?: Request;
    copy: boolean;
  };

/** A program, and when it is cancelled from outside, if ever. */
export interface Program {
  steps: Step[];
  cancel?: Request;
  /** Whether signals are handed on also where they needn't be. */
  hands: boolean;
}

const ms = fc.integer({ min: 0, max: 20 });
const by = fc.integer({ min: 0, max: 4 });
const copy = fc.boolean();
const maybe = fc.option(ms, { nil: undefined, freq: 2 });
const reason = fc.constantFrom<ReasonKind>(
  "text",
  "none",
  "error",
  "subclass",
  "abort",
  "abort text",
  "abort object",
);
const request = fc.option(fc.record({ at: ms, reason }), {
  nil: undefined,
  freq: 2,
});
const wait = fc.record({
  kind: fc.constant("wait"),
  what: fc.constantFrom("sleep", "abortable"),
  ms,
  by,
});

/** A wait for what is soon cancelled by somebody else. */
const others = fc.record({
  kind: fc.constant("spawn"),
  steps: fc.constant<Step[]>([{ kind: "wait", what: "sleep", ms: 20, by: 0 }]),
  cancel: fc.record({ at: fc.integer({ min: 0, max: 5 }), reason }),
  bySignal: fc.boolean(),
  join: fc.constant(true),
  copy,
});

const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => {
  const inner = tie("steps");
  return {
    steps: fc.array(tie("step"), { maxLength: 3 }),
    step: fc.oneof(
      { depthSize: "small", maxDepth: 4 },
      wait,
      wait,
      fc.record({ kind: fc.constant("throw") }),
      fc.record({ kind: fc.constant("oneself"), copy }),
      fc.record({
        kind: fc.constant("later"),
        wait,
        steps: inner,
        awaited: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant("retry"),
        steps: inner,
        rounds: fc.integer({ min: 1, max: 3 }),
        by,
        copy,
      }),
      fc.record({
        kind: fc.constant("finally"),
        steps: inner,
        ms,
        grace: ms,
        fails: fc.boolean(),
        copy,
      }),
      fc.record({
        kind: fc.constant("scope"),
        steps: inner,
        cancel: request,
        deadline: maybe,
        shield: fc.boolean(),
        copy,
      }),
      fc.record({
        kind: fc.constantFrom("failAfter", "moveOnAfter"),
        ms,
        steps: inner,
        copy,
      }),
      fc.record({
        kind: fc.constant("shield"),
        steps: inner,
        grace: ms,
        copy,
      }),
      fc.record({
        kind: fc.constant("spawn"),
        steps: inner,
        cancel: request,
        bySignal: fc.boolean(),
        join: fc.boolean(),
        copy,
      }),
      others,
      // The same where one's own comes first, but doesn't reach.
      fc.record({
        kind: fc.constantFrom("failAfter", "moveOnAfter"),
        ms: fc.integer({ min: 0, max: 4 }),
        steps: fc.tuple(fc.record({
          kind: fc.constant("shield"),
          steps: fc.tuple(others),
          grace: fc.constant(20),
          copy,
        })),
        copy,
      }),
      fc.record({
        kind: fc.constant("group"),
        children: fc.array(
          fc.record({ steps: inner, service: fc.boolean(), cancel: request }),
          { maxLength: 3 },
        ),
        steps: inner,
        cancel: request,
        copy,
      }),
    ) as fc.Arbitrary<Step>,
  };
});

/** Random programs. */
export const programs: fc.Arbitrary<Program> = fc.record({
  steps,
  cancel: request,
  hands: fc.boolean(),
}) as fc.Arbitrary<Program>;
