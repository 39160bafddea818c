/** Writing a name of `@mdc/tasks` into a file that imports the package. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getProgram } from "../syntax/nodes.ts";
import type { Edit, Fixer, RuleContext } from "../host/rule.ts";
import { isPackage } from "../semantics/tasks/calls.ts";
import { lookUp } from "../semantics/names/variables.ts";

/** How a suggestion writes the name, and what it adds to the imports. */
export interface MdcReference {
  readonly text: string;
  addImport(fixer: Fixer): Edit[];
}

/**
 * The export as the file writes it (renamed, through its namespace); a missing
 * one is added to the existing import. Undefined when the file has none, or when
 * the name means something else at that place.
 */
export function getMdcReference(
  context: RuleContext,
  name: string,
  at: ES.Node,
): MdcReference | undefined {
  const declarations = getProgram(at).body.filter((statement) =>
    statement.type === "ImportDeclaration" &&
    statement.importKind !== "type" &&
    isPackage(context, statement.source.value)
  ) as ES.ImportDeclaration[];
  const specifiers = declarations.flatMap((each) => each.specifiers);
  for (const specifier of specifiers) {
    if (specifier.type === "ImportNamespaceSpecifier") {
      return { text: `${specifier.local.name}.${name}`, addImport: () => [] };
    }
    if (
      specifier.type === "ImportSpecifier" &&
      specifier.imported.type === "Identifier" &&
      specifier.imported.name === name
    ) return { text: specifier.local.name, addImport: () => [] };
  }
  const last = specifiers.findLast((each) => each.type === "ImportSpecifier");
  if (!last || lookUp(context, name, at)) return undefined;
  return {
    text: name,
    addImport: (fixer) => [fixer.insertTextAfter(last, `, ${name}`)],
  };
}
