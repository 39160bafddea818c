import { assertEquals } from "@std/assert";
import { countTestCases } from "./junit.ts";

Deno.test("countTestCases() counts Deno's report", () => {
  assertEquals(
    countTestCases(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="1" time="0.03">
  <testsuite name="./a_test.ts" tests="4" disabled="1" errors="1" failures="1">
    <testcase name="maps (a) => b" classname="./a_test.ts" time="0.024">
    </testcase>
    <testcase name="fails" classname="./a_test.ts" time="0.000">
      <failure message="Leaks detected">Leaks: &lt;testcase/&gt;</failure>
    </testcase>
    <testcase name="stops" classname="./a_test.ts" time="0.000">
      <error message="Cancelled"/>
    </testcase>
    <testcase name="later" classname="./a_test.ts" time="0.000">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>`),
    { passed: 1, failed: 2, skipped: 1 },
  );
});

Deno.test("countTestCases() counts Node's report, which has no totals", () => {
  assertEquals(
    countTestCases(`<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testcase name="a" time="0.001" classname="test" file="a_test.ts"/>
  <testcase name="b" time="0.001" classname="test" failure="no">
    <failure type="testCodeFailure" message="no">[Error: no]</failure>
  </testcase>
  <!-- tests 2 <testcase name="c"/> -->
</testsuites>`),
    { passed: 1, failed: 1, skipped: 0 },
  );
});

Deno.test("countTestCases() takes no tag out of a CDATA section", () => {
  assertEquals(
    countTestCases(
      `<testcase name="a"><system-out><![CDATA[<failure/></testcase>]]>` +
        `</system-out></testcase>`,
    ),
    { passed: 1, failed: 0, skipped: 0 },
  );
});

Deno.test("countTestCases() finds nothing in an empty report", () => {
  assertEquals(countTestCases(""), { passed: 0, failed: 0, skipped: 0 });
});
