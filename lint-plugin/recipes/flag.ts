/** Variables and private fields that are true or false, and who uses them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getKeyName,
  isFunctionExpression,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { find } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getVariable } from "../semantics/names/variables.ts";
import type { Draft } from "./draft.ts";

/** A place that sets or clears a flag. */
export interface FlagWrite {
  /** The assignment. */
  readonly node: ES.Node;
  /** What is assigned to. */
  readonly target: ES.Node;
  readonly value: boolean;
}

/** A flag that begins as false. */
export interface Flag {
  readonly reads: readonly ES.Node[];
  readonly writes: readonly FlagWrite[];
  /** Writes another initial value, for something that stays the same. */
  declare(draft: Draft, value: string): void;
}

const NOT_PLAIN = "something else than `true` and `false` is assigned to it";

/** The flag, or why it can't be an event; undefined if it is none. */
export function getFlag(
  context: RuleContext,
  node: ES.Identifier | ES.MemberExpression,
): Flag | string | undefined {
  return node.type === "Identifier"
    ? getVariableFlag(context, node)
    : getFieldFlag(context, node);
}

function getVariableFlag(
  context: RuleContext,
  node: ES.Identifier,
): Flag | string | undefined {
  const variable = getVariable(context, node);
  const declarator = variable?.defs[0]?.node as ES.Node | undefined;
  const declaration = declarator?.parent;
  if (
    !variable || variable.defs.length !== 1 ||
    declarator?.type !== "VariableDeclarator" ||
    declaration?.type !== "VariableDeclaration" ||
    declarator.id.type !== "Identifier"
  ) return undefined;
  const { id, init } = declarator;
  if (declaration.parent?.type === "ExportNamedDeclaration") {
    return "other files can read it";
  }
  if (!isFalse(init)) return "it doesn't begin as `false`";
  if (declaration.declarations.length > 1) {
    return "it is declared together with others";
  }
  const others = variable.references.filter((each) => !each.init)
    .map(({ identifier }) => identifier as ES.Node);
  const uses = sort(others);
  return typeof uses === "string" ? uses : {
    ...uses,
    declare(draft, value) {
      const [start] = declaration.range;
      draft.replaceRange(
        [start, start + declaration.kind.length],
        "const",
      );
      const name = id.range[0] + id.name.length;
      draft.replaceRange([name, init?.range[1] ?? name], ` = ${value}`);
    },
  };
}

function getFieldFlag(
  context: RuleContext,
  node: ES.MemberExpression,
): Flag | string | undefined {
  const owner = getClass(node);
  const name = getKeyName(node.property, node.computed);
  if (!owner || name === undefined) return undefined;
  if (unwrap(node.object).type !== "ThisExpression") return undefined;
  const field = owner.body.find((each): each is ES.PropertyDefinition =>
    each.type === "PropertyDefinition" &&
    getKeyName(each.key, each.computed) === name
  );
  if (!field) return undefined;
  if (!name.startsWith("#") && field.accessibility !== "private") {
    return "it isn't private: others can write to it";
  }
  const { key, value } = field;
  if (!isFalse(value)) return "it doesn't begin as `false`";
  const members: ES.Node[] = [];
  find(context, owner, (each) => {
    const isOf = each.type === "MemberExpression" &&
      getKeyName(each.property, each.computed) === name;
    if (isOf) members.push(each);
    return undefined;
  });
  const foreign = members.some((each) =>
    !name.startsWith("#") &&
    unwrap((each as ES.MemberExpression).object).type !== "ThisExpression"
  );
  if (foreign) return "it is used on other objects, too";
  const uses = sort(members);
  return typeof uses === "string" ? uses : {
    ...uses,
    declare: (draft, text) =>
      draft.replaceRange(
        [key.range[1], value?.range[1] ?? key.range[1]],
        ` = ${text}`,
      ),
  };
}

function getClass(node: ES.Node): ES.ClassBody | undefined {
  let parent: Maybe<ES.Node> = node.parent;
  while (parent && parent.type !== "ClassBody") parent = parent.parent;
  return parent ?? undefined;
}

function isFalse(value: Maybe<ES.Node>): boolean {
  const inner = unwrap(value);
  return inner?.type === "Literal" && inner.value === false;
}

/** Which of these read, and which write; or why that isn't clear. */
function sort(
  nodes: readonly ES.Node[],
): { readonly reads: ES.Node[]; readonly writes: FlagWrite[] } | string {
  const reads: ES.Node[] = [];
  const writes: FlagWrite[] = [];
  for (const node of nodes) {
    const { parent } = node;
    if (parent?.type === "UpdateExpression") return NOT_PLAIN;
    if (parent?.type === "ExportSpecifier") return "other files can read it";
    if (parent?.type === "Property" && parent.shorthand) {
      return "it is handed on in an object";
    }
    if (parent?.type === "ArrayPattern" || parent?.type === "ForOfStatement") {
      return NOT_PLAIN;
    }
    if (parent?.type !== "AssignmentExpression" || parent.left !== node) {
      reads.push(node);
      continue;
    }
    const value = unwrap(parent.right);
    const isPlain = parent.operator === "=" && value.type === "Literal" &&
      typeof value.value === "boolean";
    if (!isPlain) return NOT_PLAIN;
    const owner = parent.parent;
    const isStatement = owner?.type === "ExpressionStatement" ||
      isFunctionExpression(owner) && owner.body === parent;
    if (!isStatement) return "an assignment to it is used as a value";
    writes.push({ node: parent, target: node, value: value.value === true });
  }
  return writes.some(({ value }) => value)
    ? { reads, writes }
    : "nothing sets it";
}
