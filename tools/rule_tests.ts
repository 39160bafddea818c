/**
 * The tests of all rules as one module, for the runners of every runtime.
 *
 * @module
 */
import "../lint-plugin/tests/_tester.ts";
import { RuleTester } from "eslint";
import { ruleTests } from "./test_files.ts";

let suites = 0;
const { describe } = RuleTester;
RuleTester.describe = (name, body) => {
  suites++;
  describe?.(name, body);
};

for (const path of ruleTests()) {
  const before = suites;
  await import(`../${path}`);
  if (suites === before) throw new TypeError(`${path} registers no test`);
}
