import plugin from "../mod.ts";
import { testRule } from "./_tester.ts";

/** Definitions that lead back to themselves: no rule may follow them for ever. */
const CYCLES = [
  "var ns = ns || {}; async function f(signal) { try { await g(signal); } catch (e) { if (ns) throw e; throw e; } }",
  "var ok = !no, no = !ok; async function f(signal) { try { await g(signal); } catch (e) { if (ok) throw e; throw e; } }",
  "const object = { part: object.part.whole }; use(object.part.signal);",
  'import { createTask } from "@mdc/tasks"; const a = b.spawn(f), b = a.spawn(f);',
  'import { createTask } from "@mdc/tasks"; function f(group) { return group.spawn(f); }',
  'import { createTask } from "@mdc/tasks"; function f({ write }) { return write(f); }',
  'import { createTask } from "@mdc/tasks"; class A { task = this.task.spawn(); m() { return this.task.spawn(); } }',
];

for (const [name, rule] of Object.entries(plugin.rules)) {
  testRule(name, rule, {
    valid: CYCLES.map((code) => ({ name: `ends for: ${code}`, code })),
    invalid: [],
  });
}
