/** Variables in reach that can take over a promise: trackers and groups. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { RuleContext, Scope, Variable } from "../../host/rule.ts";
import { getMdcThing } from "./calls.ts";
import { getOnlyDefinition } from "../names/variables.ts";

/** A variable that owns the tasks and promises given to it. */
export interface Owner {
  readonly kind: "tracker" | "group";
  readonly name: string;
}

/** The nearest tracker, or else the nearest group, visible at the node. */
export function findOwner(
  context: RuleContext,
  node: ES.Node,
): Owner | undefined {
  let group: Owner | undefined;
  let scope: Scope | null = context.sourceCode.getScope(node);
  for (; scope; scope = scope.upper) {
    for (const variable of scope.variables) {
      const kind = getKind(context, variable, node);
      if (kind === "tracker") return { kind, name: variable.name };
      if (kind === "group") group ??= { kind, name: variable.name };
    }
  }
  return group;
}

function getKind(
  context: RuleContext,
  variable: Variable,
  user: ES.Node,
): Owner["kind"] | undefined {
  const definition = getOnlyDefinition(variable);
  if (!definition || definition.name.range[1] > user.range[0]) return undefined;
  if (definition.type !== "Variable" && definition.type !== "Parameter") {
    return undefined;
  }
  const thing = getMdcThing(context, definition.name as ES.Identifier);
  if (thing === "tracker" || thing === "group") return thing;
  return /tracker$/i.test(variable.name) ? "tracker" : undefined;
}
