import { analyze, type ScopeManager } from "@typescript-eslint/scope-manager";
import { visitorKeys } from "@typescript-eslint/visitor-keys";
import { copyProgram } from "./copy.ts";
import type { FacadeNode, PlainNode } from "./nodes.ts";

/** One moment of a walk: a node is entered, or left. */
export interface Step {
  readonly node: PlainNode;
  readonly listener: string;
}

/**
 * One file as the rules want to see it, made from what `deno lint` gives.
 *
 * The copy, the scopes and the walk are made on demand, once a file: most
 * files have nothing that interests a rule.
 */
export class DenoSourceCode {
  readonly text: string;
  readonly visitorKeys: Record<string, readonly string[] | undefined> =
    visitorKeys;
  readonly #program: FacadeNode;
  #ast: PlainNode | undefined;
  #scopes: ScopeManager | undefined;
  #walk: Step[] | undefined;

  constructor(program: FacadeNode, text: string) {
    this.#program = program;
    this.text = text;
  }

  get ast(): PlainNode {
    return this.#ast ??= copyProgram(this.#program, this.text);
  }

  get scopeManager(): ScopeManager {
    return this.#scopes ??= analyze(
      this.ast as unknown as Parameters<typeof analyze>[0],
      {
        // Without `lib` a global has no variable, as for a rule in ESLint
        // whose config names no globals.
        lib: [],
        sourceType: this.#program.sourceType === "script" ? "script" : "module",
      },
    );
  }

  /** Every node in source order, entered and left, parents around children. */
  get walk(): readonly Step[] {
    return this.#walk ??= walkOf(this.ast);
  }

  getText(node?: PlainNode): string {
    return node ? this.text.slice(...node.range) : this.text;
  }

  getScope(node: PlainNode): unknown {
    const manager = this.scopeManager;
    const inner = node.type !== "Program";
    for (let at: PlainNode | undefined = node; at; at = at.parent) {
      const scope = manager.acquire(at as never, inner);
      if (scope) {
        return scope.type === "function-expression-name"
          ? scope.childScopes[0]
          : scope;
      }
    }
    return manager.scopes[0];
  }

  getDeclaredVariables(node: PlainNode): unknown[] {
    return this.scopeManager.getDeclaredVariables(node as never);
  }
}

function walkOf(ast: PlainNode): Step[] {
  const steps: Step[] = [];
  const visit = (node: PlainNode): void => {
    steps.push({ node, listener: node.type });
    for (const key of visitorKeys[node.type] ?? []) {
      const child = node[key] as PlainNode | (PlainNode | null)[] | null;
      if (Array.isArray(child)) {
        for (const item of child) if (item) visit(item);
      } else if (child) visit(child);
    }
    steps.push({ node, listener: `${node.type}:exit` });
  };
  visit(ast);
  return steps;
}
