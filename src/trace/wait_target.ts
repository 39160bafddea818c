import { idOf, isShown, kindOf } from "./identity.ts";
import type { ObservedWait } from "./record.ts";
import type { WaitKind, WaitTarget } from "./events.ts";

/** What the waits that have no node are for. */
const KINDS: Readonly<Record<string, WaitKind>> = {
  "sleep()": "timer",
  "checkpoint()": "turn",
  "abortable()": "promise",
  "the next item of map()": "item",
};

/** What a wait is for. */
export function targetOf(
  { what, on }: Pick<ObservedWait, "what" | "on">,
): WaitTarget {
  if (!isShown(on)) return { kind: KINDS[what] ?? "event", what };
  const kind = kindOf(on) === "task" ? "task" : "group";
  return { kind, what, id: idOf(on) };
}
