/** The command: exit codes, formats, the baseline, questions. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { RIGHT, withProject, WRONG } from "./_project.ts";

const TWO_WRONG = `${WRONG}
export async function again(): Promise<void> {
  save();
}
`;

test("main() shows a diff and exits with 1 when there is something to do", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", WRONG);
    const { code, out } = await run([]);
    assertEquals(code, 1);
    assertStringIncludes(out, "--- a/main.ts\n+++ b/main.ts\n");
    assertStringIncludes(out, "\n-  save();\n+  await save();\n");
    assertStringIncludes(out, "mdc/no-untracked-promise");
    assertEquals(await read("main.ts"), WRONG);
  });
});

test("main() writes with --write, and then nothing is left to do", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", WRONG);
    const { code, out } = await run(["--write"]);
    assertEquals(code, 0);
    assertStringIncludes(out, "main.ts: 1 × no-untracked-promise");
    assertEquals(await read("main.ts"), RIGHT);
    assertEquals((await run([])).code, 0);
  });
});

test("main() exits with 2 and says what it received when it can't be used so", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", RIGHT);
    for (
      const [args, message] of [
        [["--rule", "no-such-rule"], /received "no-such-rule"/],
        [["--tier", "4"], /expected 1, 2 or 3, received "4"/],
        [["--format", "xml"], /received "xml"/],
        [["--frob"], /--frob/],
        [["missing.ts"], /received "missing.ts"/],
        [["--dry", "--write"], /--dry and --write/],
        [["--tier", "1", "--rule", "no-busy-wait"], /--rule and --tier/],
        [["--interactive"], /there is no terminal/],
      ] as const
    ) {
      const { code, out, error } = await run(args);
      assertEquals([code, out], [2, ""], args.join(" "));
      assertMatch(error, message);
    }
  });
});

test("main() exits with 2 for a file that doesn't parse, and shows the others", async () => {
  await withProject(async ({ run, write }) => {
    await write("a.ts", "let = ;\n");
    await write("b.ts", WRONG);
    const { code, out } = await run([]);
    assertEquals(code, 2);
    assertMatch(out, /^a\.ts:1:\d+ unparsable /m);
    assertStringIncludes(out, "+  await save();");
  });
});

test("main() does only what --rule or --tier names", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", WRONG);
    assertEquals((await run(["--rule", "mdc/no-busy-wait"])).code, 0);
    assertEquals((await run(["--rule", "no-untracked-promise"])).code, 1);
    assertEquals((await run(["--tier", "1"])).code, 1);
  });
});

test("main() colours the diff on a screen with colours, and only there", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", WRONG);
    const escape = "\u001b[";
    assertEquals((await run([])).out.includes(escape), false);
    const { out } = await run([], { isColored: true });
    assertStringIncludes(out, `${escape}32m+  await save();`);
  });
});

test("main() tells help and version", async () => {
  await withProject(async ({ run }) => {
    assertMatch((await run(["--help"])).out, /Exit codes: 0 .* 1 .* 2 /s);
    assertMatch((await run(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
  });
});

test("--format json gives findings, diffs and what was done", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", WRONG);
    const { code, out } = await run(["--format", "json"]);
    const report = JSON.parse(out);
    assertEquals(code, 1);
    assertEquals(report.mode, "dry");
    assertEquals(report.files[0].status, "done");
    assertStringIncludes(report.files[0].diff, "+  await save();");
    assertEquals(
      report.findings.map((each: Record<string, unknown>) => [
        each.path,
        each.line,
        each.rule,
      ]),
      [["main.ts", 4, "no-untracked-promise"]],
    );
  });
});

test("--format github gives annotations, escaped", async () => {
  await withProject(async ({ run, write }) => {
    await write("a,b:100%.ts", WRONG);
    const { out } = await run(["--format", "github"]);
    assertMatch(
      out,
      /^::error file=a%2Cb%3A100%25\.ts,line=4,col=3,endLine=4,endColumn=\d+,title=mdc\/no-untracked-promise::[^\n]+\n$/,
    );
  });
});

test("--format sarif gives a log with rules, results and fixes", async () => {
  await withProject(async ({ run, write }) => {
    await write("main file.ts", WRONG);
    const { out } = await run(["--format", "sarif"]);
    const log = JSON.parse(out);
    assertEquals(log.version, "2.1.0");
    assertMatch(log.$schema, /sarif-schema-2\.1\.0\.json$/);
    const [{ tool, results, invocations, artifacts }] = log.runs;
    const [result] = results;
    assertEquals(results.length, 1);
    assertEquals(
      tool.driver.rules[result.ruleIndex].id,
      "mdc/no-untracked-promise",
    );
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assertEquals(artifactLocation.uri, "main%20file.ts");
    assertEquals(
      artifacts[artifactLocation.index].location.uri,
      "main%20file.ts",
    );
    assertEquals([region.startLine, region.startColumn], [4, 3]);
    const [{ deletedRegion, insertedContent }] =
      result.fixes[0].artifactChanges[0].replacements;
    const { charOffset, charLength } = deletedRegion;
    assertEquals(
      WRONG.slice(0, charOffset) + insertedContent.text +
        WRONG.slice(charOffset + charLength),
      RIGHT,
    );
    assertEquals(invocations[0].executionSuccessful, true);
  });
});

test("--format sarif says that a file could not be handled", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", "let = ;\n");
    const { code, out } = await run(["--format", "sarif"]);
    const [invocation] = JSON.parse(out).runs[0].invocations;
    assertEquals(code, 2);
    assertEquals(invocation.executionSuccessful, false);
    assertEquals(invocation.toolExecutionNotifications.length, 1);
  });
});

test("--suppress records the findings in ESLint's format, and then only more fails", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", WRONG);
    assertEquals((await run(["--suppress"])).code, 0);
    assertEquals(
      await read("eslint-suppressions.json"),
      JSON.stringify(
        { "main.ts": { "mdc/no-untracked-promise": { count: 1 } } },
        null,
        2,
      ),
    );
    const { code, out } = await run(["--format", "github"]);
    assertEquals([code, out], [0, ""]);
    await write("main.ts", TWO_WRONG);
    const more = await run(["--format", "json"]);
    assertEquals(more.code, 1);
    // Nobody can tell which of them is the new one.
    assertEquals(JSON.parse(more.out).findings.length, 2);
  });
});

test("--prune-suppressions takes out what is gone, and without it that is told", async () => {
  await withProject(async ({ run, write, read }) => {
    const other = { "other/rule": { count: 3 } };
    const baseline = (count: number) => ({
      "gone.ts": { "mdc/no-untracked-promise": { count: 1 } },
      "main.ts": { "mdc/no-untracked-promise": { count }, ...other },
    });
    const path = "eslint-suppressions.json";
    await write("main.ts", WRONG);
    await write(path, JSON.stringify(baseline(2)));
    const { code, error } = await run([]);
    assertEquals(code, 0);
    assertMatch(error, /^main\.ts: the baseline has 2 .* there are 1;/m);
    assertMatch(error, /^gone\.ts: the baseline has 1 .* there are 0;/m);
    assertEquals((await run(["--prune-suppressions"])).code, 0);
    const { "main.ts": kept } = baseline(1);
    assertEquals(JSON.parse(await read(path)), { "main.ts": kept });
  });
});

test("main() exits with 2 for a baseline that isn't one", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", RIGHT);
    await write("eslint-suppressions.json", '{ "main.ts": 3 }');
    const { code, error } = await run([]);
    assertEquals(code, 2);
    assertMatch(error, /expected counts by file and rule/);
  });
});

test("--interactive makes the edits that are accepted, and no other", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", TWO_WRONG);
    const asked: number[] = [];
    const { code } = await run(["--interactive"], {
      decide: (finding, { before, after }) => {
        asked.push(finding.line);
        assertStringIncludes(after, "await save();");
        assertEquals(before === after, false);
        return Promise.resolve(asked.length === 1 ? "skip" : "accept");
      },
    });
    assertEquals(code, 1);
    assertEquals(asked, [4, 8]);
    assertEquals(
      await read("main.ts"),
      TWO_WRONG.replace(/ save\(\);\n}\n$/, " await save();\n}\n"),
    );
  });
});

test("--interactive asks nothing more after quit, keeps what was accepted, and tells the rest", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("a.ts", TWO_WRONG);
    await write("b.ts", WRONG);
    let asked = 0;
    const { code, out } = await run(["--interactive", "--format", "json"], {
      decide: () => Promise.resolve(++asked === 1 ? "accept" : "quit"),
    });
    assertEquals(code, 1);
    assertEquals(asked, 2);
    assertEquals(
      await read("a.ts"),
      TWO_WRONG.replace("  save", "  await save"),
    );
    assertEquals(await read("b.ts"), WRONG);
    assertEquals(JSON.parse(out).findings.length, 2);
  });
});
