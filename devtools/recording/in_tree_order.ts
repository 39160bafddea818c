import type { Span } from "./span.ts";

/** A span with its place in the tree of owners. */
export interface Placed {
  readonly span: Span;
  /** How many owners above it are known. */
  readonly depth: number;
}

/**
 * The spans with each owner before what belongs to it, in order of start. One
 * whose owner was dropped stands at the top.
 */
export function inTreeOrder(spans: readonly Span[]): Placed[] {
  const known = new Set(spans.map(({ id }) => id));
  const below = new Map<string | undefined, Span[]>();
  for (const span of spans) {
    const { owner } = span;
    const at = owner !== undefined && known.has(owner) ? owner : undefined;
    const list = below.get(at);
    if (list === undefined) below.set(at, [span]);
    else list.push(span);
  }
  const placed: Placed[] = [];
  const push = (rest: Placed[], owner: string | undefined, depth: number) => {
    for (const span of (below.get(owner) ?? []).toReversed()) {
      rest.push({ span, depth });
    }
  };
  // Without recursion: a chain of owners may be longer than the stack is deep.
  const rest: Placed[] = [];
  push(rest, undefined, 0);
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    placed.push(next);
    push(rest, next.span.id, next.depth + 1);
  }
  return placed;
}
