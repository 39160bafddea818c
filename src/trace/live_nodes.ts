import { type CancelNode, root } from "../core/node.ts";
import { isShown, type Shown } from "./identity.ts";

/** What hangs directly on a node and is shown, in order of creation. */
export function shownChildren(node: CancelNode): Shown[] {
  const found: Shown[] = [];
  const first = node.head;
  for (let child = first; child !== null;) {
    if (isShown(child)) found.push(child);
    child = child.next === first ? null : child.next;
  }
  return found;
}

/** Everything that runs, owners before what is theirs. */
export function liveNodes(): Shown[] {
  const found = shownChildren(root);
  for (let i = 0; i < found.length; i++) {
    for (const child of shownChildren(found[i]!)) found.push(child);
  }
  return found;
}
