/** What a file imports from `@mdc/tasks`. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getProgram } from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { lookUp } from "../semantics/names/variables.ts";
import { isPackage } from "../semantics/tasks/calls.ts";

/** An entry of `@mdc/tasks`. */
export type Entry = "." | "./flow";

/** The package. */
export const PACKAGE = "@mdc/tasks";

/** A name as a file writes it, and whether it has to be imported for that. */
export interface FoundName {
  readonly local: string;
  readonly isNew: boolean;
}

/** How the file writes an export at that place. */
export function findName(
  context: RuleContext,
  { name, entry, at }: {
    readonly name: string;
    readonly entry: Entry;
    readonly at: ES.Node;
  },
): FoundName {
  for (const { specifiers } of getDeclarations(context, at, entry)) {
    for (const specifier of specifiers) {
      const { local } = specifier;
      if (lookUp(context, local.name, at)?.defs[0]?.node !== specifier) {
        continue;
      }
      if (specifier.type === "ImportNamespaceSpecifier") {
        return { local: `${local.name}.${name}`, isNew: false };
      }
      if (
        specifier.type === "ImportSpecifier" &&
        specifier.importKind !== "type" &&
        specifier.imported.type === "Identifier" &&
        specifier.imported.name === name
      ) return { local: local.name, isNew: false };
    }
  }
  const isTaken = isDeclaredAnywhere(context, name, at);
  const own = `mdc${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { local: isTaken ? own : name, isNew: true };
}

/** Whether some scope of the file has that name: then it could hide the import. */
function isDeclaredAnywhere(
  context: RuleContext,
  name: string,
  at: ES.Node,
): boolean {
  if (lookUp(context, name, at)) return true;
  const program = getProgram(at);
  return lookUp(context, name, program.body[0] ?? program) !== undefined;
}

/** The file's imports of values from the entry. */
export function getDeclarations(
  context: RuleContext,
  at: ES.Node,
  entry: Entry,
): ES.ImportDeclaration[] {
  return getProgram(at).body.filter((
    statement,
  ): statement is ES.ImportDeclaration =>
    statement.type === "ImportDeclaration" &&
    statement.importKind !== "type" &&
    isPackage(context, statement.source.value) &&
    /\/flow$/.test(statement.source.value) === (entry === "./flow") &&
    !/\/testing$/.test(statement.source.value)
  );
}

/** Whether the file gets what it needs by `require`. */
export function isCommonJs(program: ES.Program): boolean {
  const isModule = program.body.some(({ type }) =>
    type.startsWith("Import") || type.startsWith("Export")
  );
  if (isModule) return false;
  return program.body.some((statement) =>
    statement.type === "VariableDeclaration" &&
      statement.declarations.some(({ init }) =>
        init?.type === "CallExpression" && init.callee.type === "Identifier" &&
        init.callee.name === "require"
      ) ||
    statement.type === "ExpressionStatement" &&
      statement.expression.type === "AssignmentExpression" &&
      statement.expression.left.type === "MemberExpression" &&
      statement.expression.left.object.type === "Identifier" &&
      /^(?:module|exports)$/.test(statement.expression.left.object.name)
  );
}
