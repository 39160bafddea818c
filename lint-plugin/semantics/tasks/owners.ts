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
    for (const { kind, name, start } of getOwners(context, scope)) {
      if (start > node.range[0]) continue;
      if (kind === "tracker") return { kind, name };
      group ??= { kind, name };
    }
  }
  return group;
}

interface ScopedOwner extends Owner {
  /** From where on it is visible. */
  readonly start: number;
}

const owners = new WeakMap<Scope, readonly ScopedOwner[]>();

/** The owners that the scope declares: asked for at each promise in it. */
function getOwners(
  context: RuleContext,
  scope: Scope,
): readonly ScopedOwner[] {
  let known = owners.get(scope);
  if (!known) {
    known = scope.variables.flatMap((variable) => {
      const kind = getKind(context, variable);
      const start = variable.defs[0]?.name.range[1] ?? 0;
      return kind ? [{ kind, name: variable.name, start }] : [];
    });
    owners.set(scope, known);
  }
  return known;
}

function getKind(
  context: RuleContext,
  variable: Variable,
): Owner["kind"] | undefined {
  const definition = getOnlyDefinition(variable);
  if (!definition) return undefined;
  if (definition.type !== "Variable" && definition.type !== "Parameter") {
    return undefined;
  }
  const thing = getMdcThing(context, definition.name as ES.Identifier);
  if (thing === "tracker" || thing === "group") return thing;
  return /tracker$/i.test(variable.name) ? "tracker" : undefined;
}
