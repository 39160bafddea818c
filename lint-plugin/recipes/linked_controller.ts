/** An abort controller of a block, and the statements that serve it. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getKeyName,
  getMethodCall,
  getOnlyExpression,
  getStatement,
  getString,
  isFunction,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext, Variable } from "../host/rule.ts";
import { getVariable, isGlobal } from "../semantics/names/variables.ts";
import { isSetTimeout } from "./timer.ts";

/** What is known of a controller. */
export interface LinkedController {
  readonly declaration: ES.VariableDeclaration;
  /** The signal whose abort it relays. */
  readonly parent?: ES.Node | undefined;
  /** The time after which it aborts. */
  readonly ms?: ES.Node | undefined;
  /** `controller.signal`. */
  readonly signals: readonly ES.Node[];
  /** Calls of `controller.abort()` that are made by the block itself. */
  readonly aborts: readonly ES.CallExpression[];
  /** Statements that link, time, unlink: they go. */
  readonly service: ReadonlySet<ES.Node>;
}

/** The controller, or why it isn't understood. */
export function readController(
  context: RuleContext,
  declaration: ES.VariableDeclaration,
): LinkedController | string | undefined {
  const [declarator, more] = declaration.declarations;
  const made = unwrap(declarator?.init);
  if (
    more || declarator?.id.type !== "Identifier" ||
    made?.type !== "NewExpression" ||
    !isGlobal(context, made.callee, "AbortController")
  ) return undefined;
  const variable = getVariable(context, declarator.id);
  return variable && new Reader(context, declaration).read(variable);
}

class Reader {
  readonly #context: RuleContext;
  readonly #declaration: ES.VariableDeclaration;
  readonly #service = new Set<ES.Node>();
  /** Calls that serve the controller, wherever they stand. */
  readonly #serving = new Set<ES.Node>();
  readonly #signals: ES.Node[] = [];
  readonly #aborts: ES.CallExpression[] = [];
  #parent: ES.Node | undefined;
  #ms: ES.Node | undefined;

  constructor(context: RuleContext, declaration: ES.VariableDeclaration) {
    this.#context = context;
    this.#declaration = declaration;
  }

  read(variable: Variable): LinkedController | string {
    for (const { identifier, init } of variable.references) {
      if (init) continue;
      const node = identifier as ES.Node;
      const member = outermost(node).parent;
      if (member?.type !== "MemberExpression" || member.object !== node) {
        return "the controller is handed on";
      }
      const name = getKeyName(member.property, member.computed);
      if (name === "signal") this.#signals.push(member);
      else if (name === "abort") {
        const call = outermost(member).parent;
        const because = call?.type === "CallExpression"
          ? this.#readAbort(call)
          : "the controller is handed on";
        if (because !== undefined) return because;
      } else return "the controller is handed on";
    }
    const does = [...this.#service].some((each) =>
      each.type === "IfStatement" && this.#doesMore(each)
    );
    return does ? "its link does more" : {
      declaration: this.#declaration,
      parent: this.#parent,
      ms: this.#ms,
      signals: this.#signals,
      aborts: this.#aborts,
      service: this.#service,
    };
  }

  /** Whether the test asks for something else, or a branch does something else. */
  #doesMore(statement: ES.IfStatement): boolean {
    const { sourceCode } = this.#context;
    const signal = sourceCode.getText(this.#parent).replace(/[?!]/g, "");
    const rest = sourceCode.getText(statement.test).replace(/[?!]/g, "")
      .replaceAll(signal, "")
      .replace(/\.aborted|undefined|null|&&|==?=?|[\s()]/g, "");
    if (rest !== "") return true;
    return [statement.consequent, statement.alternate].some((branch) => {
      if (branch?.type === "IfStatement") return this.#doesMore(branch);
      const body = branch?.type === "BlockStatement"
        ? branch.body
        : branch
        ? [branch]
        : [];
      return body.some((each) => {
        if (each.type === "IfStatement") return this.#doesMore(each);
        return each.type !== "ExpressionStatement" ||
          !this.#serving.has(unwrap(each.expression));
      });
    });
  }

  #readAbort(call: ES.CallExpression): string | undefined {
    const handler = getHandler(call);
    if (!handler) {
      const test = getAbortedTest(call);
      if (test) return this.#serve(call, test.signal);
      if (isNested(call, this.#declaration)) return "a callback aborts it";
      this.#aborts.push(call);
      return undefined;
    }
    const uses = this.#getUses(handler);
    for (const use of uses) {
      const because = this.#readUse(use);
      if (because !== undefined) return because;
    }
    return uses.length === 0 ? "a callback aborts it" : undefined;
  }

  /** The handler itself, or every use of its name; its declaration goes. */
  #getUses(handler: ES.Node): ES.Node[] {
    const outer = outermost(handler);
    const owner = outer.parent;
    const isNamed = owner?.type === "VariableDeclarator" ||
      handler.type === "FunctionDeclaration";
    if (!isNamed) return [outer];
    const declared = handler.type === "FunctionDeclaration" ? handler : owner;
    const statement = handler.type === "FunctionDeclaration"
      ? handler
      : owner?.parent;
    if (
      !declared || statement?.type === "VariableDeclaration" &&
        statement.declarations.length > 1
    ) return [];
    const uses = this.#context.sourceCode.getDeclaredVariables(declared)
      .flatMap(({ references }) => references)
      .filter((each) => !each.init)
      .map(({ identifier }) => identifier as ES.Node);
    if (statement) this.#service.add(statement);
    return uses;
  }

  /** Where the handler is given to: a signal, a timer. */
  #readUse(use: ES.Node): string | undefined {
    const call = outermost(use).parent;
    if (call?.type !== "CallExpression") return "a callback aborts it";
    if (unwrap(call.callee) === use) {
      const test = getAbortedTest(call);
      return test
        ? this.#serve(call, test.signal)
        : "it is aborted for other reasons as well";
    }
    const method = getMethodCall(call);
    const [first, second] = call.arguments;
    if (
      /^(?:add|remove)EventListener$/.test(method?.name ?? "") && method &&
      getString(first) === "abort"
    ) return this.#serve(call, method.object);
    if (!isSetTimeout(this.#context, call) || !second || this.#ms) {
      return "a callback aborts it";
    }
    this.#ms = second;
    const statement = getStatement(call);
    if (!statement || statement.parent !== this.#declaration.parent) {
      return "its timer isn't a statement of its own";
    }
    const holder = outermost(call).parent;
    if (holder?.type === "ExpressionStatement" && holder !== statement) {
      return "its timer isn't a statement of its own";
    }
    this.#service.add(statement);
    if (holder === statement) return undefined;
    const isHeld = holder?.type === "VariableDeclarator" &&
      statement.type === "VariableDeclaration" &&
      statement.declarations.length === 1 && holder.id.type === "Identifier";
    const timer = isHeld &&
      getVariable(this.#context, holder.id as ES.Identifier);
    if (!timer) return "the handle of its timer is used elsewhere";
    for (const { identifier, init } of timer.references) {
      if (init) continue;
      const clear = outermost(identifier as ES.Node).parent;
      const owner = clear?.parent;
      if (
        clear?.type !== "CallExpression" ||
        owner?.type !== "ExpressionStatement" ||
        !isGlobal(this.#context, clear.callee, "clearTimeout")
      ) return "the handle of its timer is used elsewhere";
      this.#service.add(owner);
    }
    return undefined;
  }

  /** The statement goes; it is about the parent. */
  #serve(call: ES.CallExpression, signal: ES.Node): string | undefined {
    this.#serving.add(call);
    const { sourceCode } = this.#context;
    const text = (each: ES.Node) =>
      sourceCode.getText(each).replace(/[?!]/g, "");
    const inner = unwrap(signal);
    if (this.#parent && text(this.#parent) !== text(inner)) {
      return "it follows several signals";
    }
    this.#parent ??= inner;
    let statement = getStatement(call);
    // `if (signal) signal.addEventListener(…)` goes as a whole.
    for (;;) {
      const block: ES.Node | undefined = statement?.parent;
      const owner: ES.Node | undefined = block?.parent;
      const isOnly = block?.type === "BlockStatement" &&
        block.body.length === 1 && owner?.type === "IfStatement";
      if (!isOnly || !owner) break;
      statement = getStatement(owner);
    }
    if (!statement) return "its link isn't a statement of its own";
    this.#service.add(statement);
    return undefined;
  }
}

/** The function that does nothing but abort. */
function getHandler(call: ES.CallExpression): ES.Node | undefined {
  let owner: ES.Node | undefined = outermost(call).parent;
  if (owner?.type === "ExpressionStatement") owner = owner.parent?.parent;
  return isFunction(owner) && getOnlyExpression(owner) === call
    ? owner
    : undefined;
}

/** `if (signal.aborted) controller.abort(…)`. */
function getAbortedTest(
  call: ES.CallExpression,
): { readonly signal: ES.Node } | undefined {
  const statement = outermost(call).parent;
  if (statement?.type !== "ExpressionStatement") return undefined;
  const { parent } = statement;
  const branch = parent?.type === "BlockStatement" && parent.body.length === 1
    ? parent.parent
    : parent;
  if (branch?.type !== "IfStatement") return undefined;
  const test = unwrap(branch.test);
  return test.type === "MemberExpression" &&
      getKeyName(test.property, test.computed) === "aborted"
    ? { signal: test.object }
    : undefined;
}

/** Whether a function lies between the node and the block of the declaration. */
function isNested(node: ES.Node, declaration: ES.Node): boolean {
  let each = node.parent;
  while (each && each !== declaration.parent) {
    if (isFunction(each)) return true;
    each = each.parent;
  }
  return false;
}
