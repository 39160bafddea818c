/**
 * Prints every case of the rule tests as JSON: `deno run -A _print_cases.ts`.
 *
 * Under `deno run` the registration of tests does nothing, so importing the test
 * modules only fills the list of cases.
 */
import { rules } from "../rules/mod.ts";
import { registered } from "./_tester.ts";

for (const rule of Object.keys(rules)) {
  await import(`./${rule.replaceAll("-", "_")}_test.ts`);
}
console.log(JSON.stringify(registered));
