/** Objects whose waiters a method of the same class lets go. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getKeyName, type Maybe } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { mentionsSettling } from "./settled.ts";

const CLOSES =
  /^(?:close|stop|abort|cancel|shutdown|destroy|dispose|disconnect|terminate|end)$/i;

/**
 * Whether another method of the class, by whose name it ends the object, signals
 * the same subject: then nobody waits for ever.
 */
export function isEndedByClose(
  context: RuleContext,
  call: ES.Node,
  key: string,
): boolean {
  if (!key.startsWith("this.")) return false;
  let node: ES.Node = call;
  let around: Maybe<ES.Node> = node.parent;
  while (around && around.type !== "ClassBody") {
    node = around;
    around = around.parent;
  }
  const method = node;
  return around?.body.some((member) =>
    member !== method && member.type === "MethodDefinition" &&
    CLOSES.test(getKeyName(member.key, member.computed) ?? "") &&
    mentionsSettling(context, member.value, key)
  ) ?? false;
}
