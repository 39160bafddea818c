/**
 * The narrow interface between a rule and its host.
 *
 * Only what ESLint, oxlint and `deno lint` (through the copying adapter) all
 * offer is here: plain node types, source text, scopes and visitor keys. A rule
 * that asks for tokens, code paths or `loc` would not type-check.
 *
 * The types are structural and our own, so that the public API names no type of
 * a particular host.
 */
import type { TypeService } from "./types.ts";

export type { SignalSlot, TypeService } from "./types.ts";

/** A node of the syntax tree, as far as every host agrees on it. */
export interface SyntaxNode {
  /** The ESTree (or TSESTree) node type. */
  readonly type: string;
  /** Start and end offset in UTF-16 code units. */
  readonly range: readonly [number, number];
}

/** One place where a variable is read or written. */
export interface Reference {
  /** The identifier at that place. */
  readonly identifier: SyntaxNode;
  /** The scope that contains the place. */
  readonly from: Scope;
  /** The variable, or null for a global that the file doesn't declare. */
  readonly resolved: Variable | null;
  /** The written expression; for a plain read it is absent. */
  readonly writeExpr?: SyntaxNode | null;
  /** Whether the write is the variable's initialiser. */
  readonly init?: boolean;
  /** Whether the variable is read here. */
  isRead(): boolean;
  /** Whether the variable is written here. */
  isWrite(): boolean;
}

/** One definition of a variable. */
export interface Definition {
  /** `"Variable"`, `"Parameter"`, `"FunctionName"`, `"ImportBinding"`, … */
  readonly type: string;
  /** The binding identifier. */
  readonly name: SyntaxNode;
  /** The declarator, function, class or import specifier. */
  readonly node: SyntaxNode;
  /** The declaration around `node`, where there is one. */
  readonly parent?: SyntaxNode | null | undefined;
}

/** A variable with its definitions and uses. */
export interface Variable {
  /** Its name. */
  readonly name: string;
  /** The scope that declares it. */
  readonly scope: Scope;
  /** Its definitions; none for a global that the host knows. */
  readonly defs: readonly Definition[];
  /** Every place where it is read or written. */
  readonly references: readonly Reference[];
}

/** A lexical scope. */
export interface Scope {
  /** `"module"`, `"function"`, `"block"`, … */
  readonly type: string;
  /** The node that makes the scope. */
  readonly block: SyntaxNode;
  /** The scope around it; null for the outermost. */
  readonly upper: Scope | null;
  /** The variables declared in it. */
  readonly variables: readonly Variable[];
  /** The same variables by name. */
  readonly set: ReadonlyMap<string, Variable>;
}

/** The text and scopes of the file under inspection. */
export interface SourceCode {
  /** The text of a node, or of the whole file. */
  getText(node?: SyntaxNode): string;
  /** The innermost scope that contains the node. */
  getScope(node: SyntaxNode): Scope;
  /** The variables that a declaration declares. */
  getDeclaredVariables(node: SyntaxNode): readonly Variable[];
  /** The child properties of each node type. */
  readonly visitorKeys: { readonly [nodeType: string]: readonly string[] };
}

/** One edit of a fix: opaque to rules, made by a {@linkcode Fixer}. */
export interface Edit {
  /** What is replaced. */
  readonly range: readonly [number, number];
  /** What is written. */
  readonly text: string;
}

/** Makes edits. */
export interface Fixer {
  /** Writes before the node. */
  insertTextBefore(node: SyntaxNode, text: string): Edit;
  /** Writes after the node. */
  insertTextAfter(node: SyntaxNode, text: string): Edit;
  /** Writes before the range. */
  insertTextBeforeRange(range: readonly [number, number], text: string): Edit;
  /** Writes after the range. */
  insertTextAfterRange(range: readonly [number, number], text: string): Edit;
  /** Replaces the node. */
  replaceText(node: SyntaxNode, text: string): Edit;
  /** Replaces the range. */
  replaceTextRange(range: readonly [number, number], text: string): Edit;
  /** Removes the node. */
  remove(node: SyntaxNode): Edit;
  /** Removes the range. */
  removeRange(range: readonly [number, number]): Edit;
}

/** Computes the edits of a fix or suggestion. */
export type Fix = (fixer: Fixer) => Edit | readonly Edit[];

/** The values that replace `{{name}}` in a message. */
export type MessageData = { readonly [name: string]: string };

/**
 * What an edit can do besides what it is for: `"safe"`, a maintainer would merge
 * it unread; `"review"`, it has to be read.
 */
export type Risk = "safe" | "review";

/** How risky an edit is. */
export interface Verdict {
  /** Whether it has to be read. */
  readonly risk: Risk;
  /** Why, in a sentence without a period. */
  readonly why: string;
}

/** An edit that a person (or `codemod`) decides about. */
export interface Suggestion extends Verdict {
  /** Key of the text that describes the edit. */
  readonly messageId: string;
  /** Values for the text. */
  readonly data?: MessageData;
  /** The edit. */
  readonly fix: Fix;
}

/** A finding. */
export interface Report {
  /** Where. */
  readonly node: SyntaxNode;
  /** Key of the message. */
  readonly messageId: string;
  /** Values for the message. */
  readonly data?: MessageData;
  /** Only for edits that preserve behaviour. */
  readonly fix?: Fix;
  /** The one that fits best comes first; each says how risky it is. */
  readonly suggest?: readonly Suggestion[];
}

/** What a rule gets from its host. */
export interface RuleContext {
  /** The rule's options, merged with its defaults where the host does that. */
  readonly options: readonly unknown[];
  /** Settings shared by all rules; absent in hosts that have none. */
  readonly settings?: { readonly [name: string]: unknown };
  /** The file under inspection. */
  readonly sourceCode: SourceCode;
  /** Types, where the host has a program of the file: ESLint with a project. */
  readonly types?: TypeService;
  /** Reports a finding. */
  report(report: Report): void;
}

/** Handlers by node type (`"CallExpression"`) or its exit (`"Program:exit"`). */
export interface Visitor {
  /** `never` accepts a handler of any node type; the host dispatches by key. */
  readonly [selector: string]: ((node: never) => void) | undefined;
}

/** A JSON schema. */
export interface JsonSchema {
  /** A keyword of the schema. */
  readonly [keyword: string]: unknown;
}

/** The tier of the practice a rule enforces: 1 prevents leaks, 3 is robustness. */
export type Tier = 1 | 2 | 3;

/** What tools and readers learn about a rule. */
export interface RuleMeta {
  /** What kind of finding the rule reports. */
  readonly type: "problem" | "suggestion";
  /** What the documentation says. */
  readonly docs: {
    readonly description: string;
    readonly url: string;
    readonly recommended: boolean;
    readonly tier: Tier;
    readonly dialects: readonly string[];
  };
  /** Languages of ESLint that the rule understands. */
  readonly languages: readonly string[];
  /** JSON schema of the options. */
  readonly schema: readonly JsonSchema[];
  /** Options that hold where none are given. */
  readonly defaultOptions: readonly object[];
  /** Texts by key. */
  readonly messages: { readonly [messageId: string]: string };
  /** Whether findings can carry suggestions. */
  readonly hasSuggestions: boolean;
  /** Whether findings can carry edits that keep behaviour. */
  readonly fixable?: "code";
}

/** A rule that runs in every host. */
export interface Rule {
  /** What tools and readers learn about it. */
  readonly meta: RuleMeta;
  /** Starts it on a file. */
  create(context: RuleContext): Visitor;
}

/** A rule's severity in a config, alone or with its options. */
export type RuleEntry =
  | "error"
  | "warn"
  | "off"
  | readonly ["error" | "warn", object];

/** A flat-config object for ESLint. */
export interface Config {
  /** Name in messages of ESLint. */
  readonly name: string;
  /** The plugin under its namespace. */
  readonly plugins: { readonly [namespace: string]: Plugin };
  /** Asks the TypeScript parser for types, in the type-checked configs. */
  readonly languageOptions?: {
    readonly parserOptions: { readonly projectService: boolean };
  };
  /** Severity by rule. */
  readonly rules: { readonly [rule: string]: RuleEntry };
}

/** The plugin as ESLint and oxlint load it. */
export interface Plugin {
  /** Name and version of the package, and the namespace of its rules. */
  readonly meta: {
    readonly name: string;
    readonly version: string;
    readonly namespace: string;
  };
  /** The rules by name, without namespace. */
  readonly rules: { readonly [name: string]: Rule };
  /** `recommended`, `strict`, `all`, `tests`, and the type-checked variants. */
  readonly configs: { readonly [name: string]: Config };
}
