/** No rule does more than twice the work for a file of twice the size. */
import { assert, assertGreater } from "@std/assert";
import { Linter } from "eslint";
import { test } from "../../tests/_harness.ts";
import type { Rule, SourceCode } from "../host/rule.ts";
import plugin from "../mod.ts";
import { LARGE } from "./_large_programs.ts";

const PARTS = 40;
// Twice, and a little for what is done once for the first time.
const MOST = 2.4;

/** A rule that counts what it asks of the file: each node of a walk, each scope. */
function counted(rule: Rule, count: () => void): Rule {
  return {
    ...rule,
    create: (context) =>
      rule.create({
        options: context.options,
        ...(context.settings && { settings: context.settings }),
        sourceCode: watch(context.sourceCode, count),
        report: (report) => context.report(report),
      }),
  };
}

function watch(sourceCode: SourceCode, count: () => void): SourceCode {
  const visitorKeys = new Proxy({ ...sourceCode.visitorKeys }, {
    get(keys, type: string) {
      count();
      return keys[type];
    },
  });
  return {
    visitorKeys,
    getText: (node) => (count(), sourceCode.getText(node)),
    getScope: (node) => (count(), sourceCode.getScope(node)),
    getDeclaredVariables: (node) => (
      count(), sourceCode.getDeclaredVariables(node)
    ),
  };
}

const SEARCHES = ["includes", "indexOf", "lastIndexOf", "split", "match"];

/** How much of strings as long as the file the code searches. */
function countSearches(length: number, run: () => void): number {
  let searched = 0;
  const count = (text: unknown) => {
    if (typeof text === "string" && text.length > length / 2) {
      searched += text.length;
    }
  };
  const strings = String.prototype as unknown as Record<string, unknown>;
  const kept = SEARCHES.map((name) => [name, strings[name]] as const);
  const { test } = RegExp.prototype;
  for (const [name, method] of kept) {
    strings[name] = function (this: string, ...given: unknown[]): unknown {
      count(this.valueOf());
      return (method as (...all: unknown[]) => unknown).apply(this, given);
    };
  }
  RegExp.prototype.test = function (text) {
    count(text);
    return test.call(this, text);
  };
  try {
    run();
  } finally {
    for (const [name, method] of kept) strings[name] = method;
    RegExp.prototype.test = test;
  }
  return searched;
}

/** What each rule asks for in the text, and what all of them search. */
function measure(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const rules = Object.fromEntries(
    Object.entries(plugin.rules).map(([name, rule]) => [
      name,
      counted(rule, () => counts.set(name, (counts.get(name) ?? 0) + 1)),
    ]),
  );
  const config = [{
    plugins: { mdc: { rules } },
    rules: Object.fromEntries(
      Object.keys(rules).map((name) => [`mdc/${name}`, "error"]),
    ),
  }] as unknown as Linter.Config[];
  const linter = new Linter();
  // Parsing is none of the rules' work.
  for (const { message } of linter.verify(text, [])) assert(!message, message);
  const sourceCode = linter.getSourceCode();
  counts.set(
    "searched",
    countSearches(text.length, () => void linter.verify(sourceCode, config)),
  );
  return counts;
}

for (const [kind, write] of Object.entries(LARGE)) {
  test(`twice as many ${kind} cost each rule twice as much`, () => {
    const once = measure(write(PARTS));
    const twice = measure(write(2 * PARTS));
    assertGreater(once.size, 5);
    const grown = [...twice].flatMap(([rule, count]) => {
      const before = once.get(rule) ?? 0;
      return count > MOST * before + 100 ? [`${rule} ${before} ${count}`] : [];
    });
    assert(grown.length === 0, grown.join("\n"));
  });
}
