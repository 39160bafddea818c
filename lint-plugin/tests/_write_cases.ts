/**
 * Writes every case of the rule tests that needs no options to a file of its
 * own: `deno run -A _write_cases.ts <folder>`.
 *
 * Under `deno run` the registration of tests does nothing, so importing the test
 * modules only fills the list of cases.
 */
import { join } from "node:path";
import { rules } from "../rules/mod.ts";
import { registered } from "./_tester.ts";

const [folder = "."] = Deno.args;

for (const rule of Object.keys(rules)) {
  await import(`./${rule.replaceAll("-", "_")}_test.ts`);
}

const counts = new Map<string, number>();
for (const { rule, case: each } of registered) {
  if (each.options || each.settings) continue;
  const count = (counts.get(rule) ?? 0) + 1;
  counts.set(rule, count);
  const isJsx = each.filename?.endsWith("x") ?? false;
  const name = `${rule}_${String(count).padStart(3, "0")}`;
  await Deno.writeTextFile(
    join(folder, `${name}.${isJsx ? "tsx" : "ts"}`),
    // An export makes the file a module in every host.
    `${each.code}\nexport {};\n`,
  );
}
console.log(registered.length);
