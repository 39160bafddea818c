import { cancelTree } from "../../src/core/cancel_tree.ts";
import {
  CallbackListener,
  CancelNode,
  link,
  listen,
} from "../../src/core/node.ts";
import { fromArgument } from "../../src/core/cancellation.ts";
import {
  check,
  type Figures,
  nanosecondsEach,
  type Pair,
} from "../_measure.ts";

const CHILDREN = 100_000;
const LEVELS = 10_000;
const DEEP = 100_000;
const REASON = new Error("stop");

class Child extends CancelNode {
  override get origin(): undefined {
    return undefined;
  }
}

/**
 * One link of each kind that outlives the rounds, as in any program that runs:
 * where none is left, a collection throws the optimised code away with them.
 */
const KEPT: Linked[] = [];

type Shape = "wide" | "chain";

interface Linked {
  readonly keep: unknown;
  cancel(): number;
}

function anySignals(shape: Shape, count: number): Linked {
  const parent = new AbortController();
  const keep: AbortSignal[] = [];
  let seen = 0;
  let above = parent.signal;
  for (let i = 0; i < count; i++) {
    const child = AbortSignal.any([above]);
    child.addEventListener("abort", () => {
      seen++;
    }, { once: true });
    keep.push(child);
    if (shape === "chain") above = child;
  }
  return {
    keep,
    cancel() {
      parent.abort(REASON);
      return seen;
    },
  };
}

function nodes(shape: Shape, count: number): Linked {
  const parent = new Child();
  let seen = 0;
  let above: CancelNode = parent;
  for (let i = 0; i < count; i++) {
    const child = new Child();
    link(above, child);
    listen(
      child,
      new CallbackListener(() => {
        seen++;
      }),
    );
    if (shape === "chain") above = child;
  }
  return {
    keep: parent,
    cancel() {
      cancelTree(parent, fromArgument(REASON, undefined));
      return seen;
    },
  };
}

function side(
  make: (shape: Shape, count: number) => Linked,
  shape: Shape,
  count: number,
): () => Promise<Figures> {
  return () => {
    const t0 = performance.now();
    const linked = make(shape, count);
    const t1 = performance.now();
    const seen = linked.cancel();
    const t2 = performance.now();
    check(seen === count, `${seen} of ${count} saw the cancellation`);
    return Promise.resolve({
      link: nanosecondsEach(t1 - t0, count),
      cancel: nanosecondsEach(t2 - t1, count),
    });
  };
}

/** One parent to 100,000 children ÷ an `AbortSignal.any` for each. */
export function wide(): Pair {
  KEPT.push(nodes("wide", 1));
  return {
    base: side(anySignals, "wide", CHILDREN),
    subject: side(nodes, "wide", CHILDREN),
  };
}

/** A chain of 10,000 parents ÷ a chain of `AbortSignal.any`. */
export function chain(): Pair {
  KEPT.push(nodes("chain", 1));
  return {
    base: side(anySignals, "chain", LEVELS),
    subject: side(nodes, "chain", LEVELS),
  };
}

/** Links and cancels a chain too deep for any recursion; no base can. */
export function deepChain(): void {
  const seen = nodes("chain", DEEP).cancel();
  check(seen === DEEP, `${seen} of ${DEEP} saw the cancellation`);
}
