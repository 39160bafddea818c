/** What the names of `@mdc/tasks` mean where a file imports them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  isFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getBehaviour, type MdcThing } from "./api.ts";
import {
  getFunctionUses,
  getImported,
  getInitialiser,
  getOnlyDefinition,
  getVariable,
} from "../names/variables.ts";

const SOURCE =
  /^(?:jsr:)?@mdc\/tasks(?:[@/]|$)|^(?:npm:)?@jsr\/mdc__tasks(?:[@/]|$)/;

/** Whether the import source is the package, or one that settings name. */
export function isPackage(context: RuleContext, source: string): boolean {
  if (SOURCE.test(source)) return true;
  const settings = context.settings?.mdc as
    | { modules?: readonly string[] }
    | undefined;
  return settings?.modules?.includes(source) ?? false;
}

/** The export of `@mdc/tasks` that the expression means: `"sleep"`, `"Task"`. */
export function getMdcName(
  context: RuleContext,
  node: Maybe<ES.Node>,
): string | undefined {
  const imported = getImported(context, node);
  return imported && isPackage(context, imported.source)
    ? imported.imported
    : undefined;
}

/** The name of what is called: as `@mdc/tasks` names it, else as written. */
export function getCalledName(
  context: RuleContext,
  call: ES.CallExpression,
): string | undefined {
  const name = importsMdc(context, call) && getMdcName(context, call.callee);
  return name || getLastName(call.callee);
}

/**
 * The function or method of `@mdc/tasks` that is called: `"sleep"`,
 * `"TaskGroup.run"`, and for methods the kind of thing, `"tracker.spawn"`.
 */
export function getMdcCall(
  context: RuleContext,
  node: Maybe<ES.Node>,
): string | undefined {
  const call = unwrap(node);
  if (call?.type !== "CallExpression" || !importsMdc(context, call)) {
    return undefined;
  }
  const callee = unwrap(call.callee);
  const direct = getMdcName(context, callee);
  if (direct) return direct;
  if (callee.type === "Identifier") {
    const method = getDestructuredMember(context, callee);
    return method && `context.${method}`;
  }
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier") return undefined;
  const method = callee.property.name;
  const owner = getMdcName(context, callee.object) ??
    getMdcThing(context, callee.object);
  return owner && `${owner}.${method}`;
}

/** What the expression holds, as far as its creation or annotation tells. */
export function getMdcThing(
  context: RuleContext,
  node: Maybe<ES.Node>,
): MdcThing | undefined {
  const inner = unwrap(node);
  if (!inner || !importsMdc(context, inner)) return undefined;
  if (inner.type === "NewExpression") {
    return getBehaviour(getMdcName(context, inner.callee))?.makes;
  }
  if (inner.type === "CallExpression") {
    return getBehaviour(getMdcCall(context, inner))?.makes;
  }
  if (inner.type === "MemberExpression") return getFieldThing(context, inner);
  if (inner.type !== "Identifier") return undefined;
  const variable = getVariable(context, inner);
  if (!variable) return undefined;
  return decideOnce(variable, () => getVariableThing(context, variable));
}

const things = new WeakMap<object, MdcThing | undefined>();

/** Ends the recursion of `const a = b.spawn(f), b = a.spawn(f)`. */
function decideOnce(
  key: object,
  decide: () => MdcThing | undefined,
): MdcThing | undefined {
  if (!things.has(key)) {
    things.set(key, undefined);
    things.set(key, decide());
  }
  return things.get(key);
}

function getVariableThing(
  context: RuleContext,
  variable: Variable,
): MdcThing | undefined {
  const definition = getOnlyDefinition(variable);
  if (!definition) return undefined;
  const annotated = getAnnotated(context, definition.name as ES.Identifier);
  if (annotated) return annotated;
  return definition.type === "Parameter"
    ? getBodyParameter(context, variable)
    : getMdcThing(context, getInitialiser(variable));
}

function getAnnotated(
  context: RuleContext,
  binding: { typeAnnotation?: ES.TSTypeAnnotation | undefined },
): MdcThing | undefined {
  const type = binding.typeAnnotation?.typeAnnotation;
  if (type?.type !== "TSTypeReference") return undefined;
  const name = type.typeName;
  if (name.type !== "Identifier") return undefined;
  return getBehaviour(getMdcName(context, name))?.type;
}

function getFieldThing(
  context: RuleContext,
  member: ES.MemberExpression,
): MdcThing | undefined {
  if (unwrap(member.object).type !== "ThisExpression") return undefined;
  let parent: Maybe<ES.Node> = member.parent;
  while (parent && parent.type !== "ClassBody") parent = parent.parent;
  const name = context.sourceCode.getText(member.property);
  for (const field of parent?.body ?? []) {
    if (
      field.type === "PropertyDefinition" &&
      context.sourceCode.getText(field.key) === name
    ) {
      return getAnnotated(context, field) ??
        decideOnce(field, () => getMdcThing(context, field.value));
    }
  }
  return undefined;
}

const bodies = new WeakMap<FunctionNode, string | undefined>();

/** The call that starts the function as a task body, if one does. */
function getBodyCall(
  context: RuleContext,
  node: FunctionNode,
): string | undefined {
  if (!bodies.has(node)) {
    // Ends the recursion of `function f(group) { group.spawn(f); }`.
    bodies.set(node, undefined);
    bodies.set(node, findBodyCall(context, node));
  }
  return bodies.get(node);
}

function findBodyCall(
  context: RuleContext,
  node: FunctionNode,
): string | undefined {
  for (const use of getFunctionUses(context, node)) {
    const list = use.parent?.type === "ArrayExpression" ? use.parent : use;
    const call = list.parent;
    if (call?.type !== "CallExpression") continue;
    const name = getMdcCall(context, call);
    const index = getBehaviour(name)?.body;
    if (index !== undefined && call.arguments[index] === list) return name;
  }
  return undefined;
}

/** Whether the file imports anything of the package (cheap, asked first). */
const importing = new WeakMap<object, boolean>();

/** Whether the file imports from `@mdc/tasks` at all. */
export function importsMdc(context: RuleContext, node: ES.Node): boolean {
  const key = context.sourceCode;
  const known = importing.get(key);
  if (known !== undefined) return known;
  let root = node;
  while (root.parent) root = root.parent;
  const answer = (root as ES.Program).body.some((statement) =>
    statement.type === "ImportDeclaration" &&
    isPackage(context, statement.source.value)
  );
  importing.set(key, answer);
  return answer;
}

/** Whether the function is the body of a task. */
export function isTaskBody(context: RuleContext, node: FunctionNode): boolean {
  const call = getBodyCall(context, node);
  // What a shield runs isn't cancelled with the task.
  return call !== undefined && !getBehaviour(call)?.shields ||
    node.params.some((parameter) =>
      parameter.type === "Identifier" &&
      getAnnotated(context, parameter) === "context"
    );
}

function getBodyParameter(
  context: RuleContext,
  variable: Variable,
): MdcThing | undefined {
  const binding = getOnlyDefinition(variable);
  const owner = binding?.node as ES.Node | undefined;
  if (!binding || !isFunction(owner)) return undefined;
  const call = getBodyCall(context, owner);
  if (call === undefined) return undefined;
  const index = (owner.params as ES.Node[]).indexOf(binding.name as ES.Node);
  return getBehaviour(call)?.gets?.[index];
}

/** The member of a context that a body takes out of its parameter. */
export function getDestructuredMember(
  context: RuleContext,
  callee: ES.Identifier,
): string | undefined {
  const definition = getOnlyDefinition(getVariable(context, callee));
  const owner = definition?.node as ES.Node | undefined;
  if (definition?.type !== "Parameter" || !isFunction(owner)) return undefined;
  const first = owner.params[0];
  if (first?.type !== "ObjectPattern" || !isTaskBody(context, owner)) {
    return undefined;
  }
  const property = first.properties.find((each) =>
    each.type === "Property" && each.value === definition.name
  );
  return property?.type === "Property" && property.key.type === "Identifier"
    ? property.key.name
    : undefined;
}
