/** Regions in which a signal may be aborted already. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  isFunction,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getHandledAbort } from "../../semantics/signals/abort_handlers.ts";
import { hasAwait } from "../../syntax/await.ts";
import {
  getAbortedField,
  getReceivingMethod,
  isAsyncDispose,
} from "../../semantics/cancellation/cleanup.ts";
import { getAbortedSignal } from "../../semantics/cancellation/known_aborted.ts";
import { getReferenceKey } from "../../semantics/names/reference.ts";
import { getCallerOf } from "../../semantics/cancellation/live_guards.ts";
import { findSignalAnywhere } from "../../semantics/signals/signal.ts";
import { isWaitedFor } from "../../semantics/promises/awaited.ts";

/** A region, and which signals are in doubt there. */
export interface Region {
  readonly node: ES.Node;
  /** Cleanup, a catch with a cleaning call, or where one signal is aborted. */
  readonly kind: "cleanup" | "catch" | "aborted";
  /** The key of that signal; elsewhere each that existed before is in doubt. */
  readonly key?: string;
  /** Whether only awaited calls are in doubt. */
  readonly isWaiting: boolean;
}

const CLEANUP =
  /^(?:roll_?back|close|clean_?up|release|dispose|unlock|destroy|tear_?down|disconnect|shut_?down|revert|undo)/i;

/**
 * The regions around the call, from inside to outside. A statement that throws by
 * itself counts like an awaited call.
 */
export function getRegions(
  context: RuleContext,
  call: ES.CallExpression,
  { waiting = isWaitedFor(context, call) }: { waiting?: boolean } = {},
): Region[] {
  const regions: Region[] = [];
  let node: ES.Node = call;
  for (;;) {
    const isDirect = node === call;
    // Nobody waits for what a callback of this call does.
    if (!isDirect && !isWaitedFor(context, node)) break;
    regions.push(...getOwnRegions(context, node, call, isDirect));
    const home = getEnclosingFunction(node);
    if (!home) break;
    regions.push(...getFunctionRegions(context, home, isDirect));
    const caller = getCallerOf(home);
    if (!caller || isEntry(home)) break;
    node = caller;
  }
  return regions.filter((each) => waiting || !each.isWaiting);
}

/** A function that is a region itself: what is around it runs at other times. */
function isEntry(home: FunctionNode): boolean {
  return /^(?:finally|defer|addEventListener)$/.test(
    getReceivingMethod(home) ?? "",
  );
}

function getFunctionRegions(
  context: RuleContext,
  home: FunctionNode,
  isDirect: boolean,
): Region[] {
  if (
    isAsyncDispose(home) ||
    /^(?:finally|defer)$/.test(getReceivingMethod(home) ?? "")
  ) return [{ node: home, kind: "cleanup", isWaiting: true }];
  const registration = getHandledAbort(context, home);
  if (!registration) return [];
  const key = getReferenceKey(context, registration.signal);
  return [{ node: home, kind: "aborted", key, isWaiting: !isDirect }];
}

/** The regions inside the function of the node. */
function getOwnRegions(
  context: RuleContext,
  node: ES.Node,
  call: ES.CallExpression,
  isDirect: boolean,
): Region[] {
  const regions: Region[] = [];
  const aborted = getAbortedSignal(context, node);
  if (aborted) {
    const key = getReferenceKey(context, aborted);
    regions.push({ node, kind: "aborted", key, isWaiting: !isDirect });
  }
  let inner = node;
  while (inner.parent && !isFunction(inner.parent)) {
    const { parent }: ES.Node = inner;
    if (parent.type === "TryStatement" && parent.finalizer === inner) {
      regions.push({ node: inner, kind: "cleanup", isWaiting: true });
    }
    if (
      parent.type === "TryStatement" && parent.handler === inner &&
      CLEANUP.test(getLastName(call.callee) ?? "") &&
      mayBeCancelled(context, parent.block)
    ) regions.push({ node: inner, kind: "catch", isWaiting: true });
    if (parent.type === "BlockStatement") {
      const key = getAbortedBefore(context, parent, inner);
      if (key !== undefined) {
        regions.push({ node: parent, kind: "aborted", key, isWaiting: true });
      }
    }
    inner = parent;
  }
  return regions;
}

function mayBeCancelled(context: RuleContext, block: ES.Node): boolean {
  return findSignalAnywhere(context, block) !== undefined &&
    hasAwait(context, block);
}

/** The signal of `this.….abort(…)` earlier in the block, unless renewed. */
function getAbortedBefore(
  context: RuleContext,
  block: ES.BlockStatement,
  statement: ES.Node,
): string | undefined {
  let key: string | undefined;
  for (const { end, aborted, renewed } of getAborts(context, block)) {
    if (end > statement.range[0]) break;
    if (aborted !== undefined) key = aborted;
    if (renewed !== undefined && renewed === key) key = undefined;
  }
  return key;
}

/** A statement after which a signal is aborted, or is another one. */
interface AbortMark {
  readonly end: number;
  readonly aborted?: string;
  readonly renewed?: string;
}

const aborts = new WeakMap<ES.BlockStatement, readonly AbortMark[]>();

/** What the statements of the block abort: asked for at each call in it. */
function getAborts(
  context: RuleContext,
  block: ES.BlockStatement,
): readonly AbortMark[] {
  const known = aborts.get(block);
  if (known) return known;
  const marks: AbortMark[] = [];
  for (const each of block.body) {
    if (each.type !== "ExpressionStatement") continue;
    const { expression, range: [, end] } = each;
    const field = getAbortedField(expression);
    if (field) {
      marks.push({ end, aborted: `${getReferenceKey(context, field)}.signal` });
    }
    // Before the first abort there is nothing to renew.
    if (marks.length > 0 && expression.type === "AssignmentExpression") {
      const renewed = `${getReferenceKey(context, expression.left)}.signal`;
      marks.push({ end, renewed });
    }
  }
  aborts.set(block, marks);
  return marks;
}
