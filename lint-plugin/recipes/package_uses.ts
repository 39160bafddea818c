/** Where a file uses what it imports from a package. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { outermost } from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";

/** One use. */
export interface PackageUse {
  /** The name that the package exports. */
  readonly name: string;
  /** The identifier. */
  readonly node: ES.Node;
  /** The call, if the use is one. */
  readonly call?: ES.CallExpression;
}

/** The uses of what is imported from the package, with or without `npm:`. */
export function getPackageUses(
  context: RuleContext,
  program: ES.Program,
  name: string,
): PackageUse[] {
  return program.body.flatMap((statement) =>
    statement.type === "ImportDeclaration" &&
      statement.importKind !== "type" &&
      toPackageName(statement.source.value) === name
      ? statement.specifiers.flatMap((each) => usesOf(context, each))
      : []
  );
}

function toPackageName(source: string): string {
  return source.replace(/^npm:\/?/, "").replace(/(?!^)@[^/]*$/, "");
}

function usesOf(
  context: RuleContext,
  specifier: ES.ImportClause,
): PackageUse[] {
  const name = specifier.type === "ImportSpecifier"
    ? specifier.imported.type === "Identifier"
      ? specifier.imported.name
      : specifier.imported.value
    : specifier.type === "ImportDefaultSpecifier"
    ? "default"
    : "*";
  return context.sourceCode.getDeclaredVariables(specifier)
    .flatMap(({ references }) => references)
    .map(({ identifier }): PackageUse => {
      const node = identifier as ES.Node;
      const outer = outermost(node);
      const { parent } = outer;
      return parent?.type === "CallExpression" && parent.callee === outer
        ? { name, node, call: parent }
        : { name, node };
    });
}
