import type {
  Edit,
  Fix,
  Fixer,
  MessageData,
  Report,
  Rule,
  RuleContext,
  Visitor,
} from "../host/rule.ts";
import type { FacadeNode } from "./nodes.ts";
import { DenoSourceCode } from "./source_code.ts";

/** A finding, as `deno lint` takes it. */
export interface DenoReport {
  /** Start and end offset in the text. */
  range: [number, number];
  /** What is wrong. */
  message: string;
  /** What can be done about it. */
  hint?: string;
  /** Edits that preserve behaviour, for `deno lint --fix`. */
  fix?: () => { range: [number, number]; text: string }[];
}

/** What `deno lint` gives to a rule, as far as it is used here. */
export interface DenoRuleContext {
  /** The file under inspection. */
  readonly sourceCode: { readonly text: string };
  /** Tells of a finding. */
  report(report: DenoReport): void;
}

/** A rule of `deno lint`. */
export interface DenoRule {
  /** Makes the visitor for one file. */
  create(context: DenoRuleContext): { Program(program: never): void };
}

/** A plugin of `deno lint`, structurally a `Deno.lint.Plugin`. */
export interface DenoPlugin {
  /** The prefix of the rules. */
  name: string;
  /** The rules by name. */
  rules: Record<string, DenoRule>;
}

/**
 * Makes a plugin for `deno lint` of the rules that `select` accepts.
 *
 * Deno has no options, message ids or suggestions: options keep their
 * defaults, messages are completed here, the first suggestion becomes the hint.
 */
export function denoPlugin(
  rules: { readonly [name: string]: Rule },
  select: (rule: Rule) => boolean,
): DenoPlugin {
  const selected = Object.entries(rules).filter(([, rule]) => select(rule));
  return {
    name: "mdc",
    rules: Object.fromEntries(
      selected.map(([name, rule]) => [name, denoRule(rule)]),
    ),
  };
}

function denoRule(rule: Rule): DenoRule {
  return {
    create: (context) => ({
      Program: (program: FacadeNode) => run(rule, context, program),
    }),
  };
}

// All rules see the same program object of a file, so they share its copy.
const sources = new WeakMap<FacadeNode, DenoSourceCode>();

function run(rule: Rule, context: DenoRuleContext, program: FacadeNode): void {
  let sourceCode = sources.get(program);
  if (!sourceCode) {
    sourceCode = new DenoSourceCode(program, context.sourceCode.text);
    sources.set(program, sourceCode);
  }
  const visitor: Visitor = rule.create({
    options: rule.meta.defaultOptions,
    sourceCode: sourceCode as unknown as RuleContext["sourceCode"],
    report: (report) => context.report(translate(rule, report)),
  });
  if (Object.keys(visitor).length === 0) return;
  for (const { node, listener } of sourceCode.walk) {
    visitor[listener]?.(node as never);
  }
}

function translate(rule: Rule, report: Report): DenoReport {
  const { node, messageId, data, fix, suggest } = report;
  const { messages } = rule.meta;
  const suggestion = suggest?.[0];
  const edits = fix ? editsOf(fix) : [];
  return {
    range: [...node.range],
    message: complete(messages[messageId], data),
    ...(suggestion && {
      hint: complete(messages[suggestion.messageId], suggestion.data),
    }),
    // Deno throws for a fix that turns out to be nothing.
    ...(edits.length > 0 && { fix: () => edits }),
  };
}

function complete(message = "", data: MessageData = {}): string {
  return message.replace(
    /\{\{\s*(\w+)\s*\}\}/g,
    (placeholder, name) => data[name] ?? placeholder,
  );
}

function editsOf(fix: Fix): { range: [number, number]; text: string }[] {
  const edits = fix(fixer);
  return (Array.isArray(edits) ? edits as Edit[] : [edits as Edit])
    .map(({ range: [start, end], text }) => ({ range: [start, end], text }));
}

const fixer: Fixer = {
  insertTextAfter: ({ range: [, end] }, text) => ({ range: [end, end], text }),
  insertTextAfterRange: ([, end], text) => ({ range: [end, end], text }),
  insertTextBefore: ({ range: [at] }, text) => ({ range: [at, at], text }),
  insertTextBeforeRange: ([at], text) => ({ range: [at, at], text }),
  remove: ({ range }) => ({ range, text: "" }),
  removeRange: (range) => ({ range, text: "" }),
  replaceText: ({ range }, text) => ({ range, text }),
  replaceTextRange: (range, text) => ({ range, text }),
};
