import { followsAwait } from "./current.ts";
import { tellLostContext } from "./lost_context.ts";
import { CancelNode } from "./node.ts";

/** A node in which code runs: a task, or a scope in it. */
export class CodeNode extends CancelNode {
  override lost(what: string, above: unknown): void {
    if (!followsAwait()) tellLostContext(what, above);
  }
}
