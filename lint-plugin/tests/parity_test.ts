import { assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { getCorpus } from "../scripts/corpus.ts";
import { build, PLUGIN } from "../scripts/build.ts";
import {
  lintWithDeno,
  lintWithEslint,
  lintWithOxlint,
} from "../scripts/hosts.ts";
import { readCases } from "./_lint_case.ts";

const FIXTURES = join(PLUGIN, "tests", "fixtures");

/** `// rule` at the end of a line announces a report on that line. */
async function readMarkers(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const lines = (await Deno.readTextFile(join(folder, name))).split("\n");
    lines.forEach((line, index) => {
      const rule = /\/\/ ([a-z]+(?:-[a-z]+)+)$/.exec(line)?.[1];
      if (rule) found.push(`${name}:${index + 1} mdc/${rule}`);
    });
  }
  return found.sort();
}

async function inTempFolder(
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every case that needs no options, in a file of its own. */
async function writeCases(folder: string): Promise<void> {
  const cases = (await readCases()).filter((each) =>
    !each.case.options && !each.case.settings
  );
  await Promise.all(cases.map(async ({ rule, case: each }, index) => {
    const type = each.filename?.endsWith("x") ? "tsx" : "ts";
    await Deno.writeTextFile(
      join(folder, `${rule}_${index}.${type}`),
      // An export makes the file a module in every host.
      `${each.code}\nexport {};\n`,
    );
  }));
}

async function assertParity(
  folder: string,
  { reports, refusals }: { reports: number; refusals: number },
): Promise<void> {
  await inTempFolder(async (target) => {
    const built = await build(target);
    const refused = new Set<string>();
    const oxlint = await lintWithOxlint(folder, built, refused);
    const parsed = (each: string) => !refused.has(each.split(":")[0] ?? "");
    const eslint = (await lintWithEslint(folder)).filter(parsed);
    assertEquals((await lintWithDeno(folder)).filter(parsed), eslint);
    assertEquals(oxlint, eslint);
    assertEquals(eslint.length >= reports, true, "too few reports to compare");
    assertEquals(refused.size <= refusals, true, [...refused].join(", "));
  });
}

Deno.test("the fixtures have the reports that they announce", async () => {
  assertEquals(await lintWithEslint(FIXTURES), await readMarkers(FIXTURES));
});

Deno.test("the fixtures have the same reports in ESLint, oxlint and deno lint", () =>
  assertParity(FIXTURES, { reports: 20, refusals: 0 }));

Deno.test("the cases of all rule tests have the same reports in all hosts", () =>
  inTempFolder(async (folder) => {
    await writeCases(folder);
    await assertParity(folder, { reports: 200, refusals: 20 });
  }));

Deno.test("the TypeScript sources of other people's packages have the same reports in all hosts", () =>
  inTempFolder(async (folder) => {
    // Every second of more than a thousand, to keep the test below a minute.
    const sources = (await getCorpus()).filter((path) =>
      /\.tsx?$/.test(path) &&
      // Declarations, and tests of types, which not all parsers can read.
      !/\.(?:d|tst|test-d)\.ts$/.test(path)
    ).filter((_, index) => index % 2 === 0);
    await Promise.all(sources.map(async (path, index) => {
      const text = await Deno.readTextFile(path);
      // Not under node_modules, which the hosts leave out; and without
      // directives, which not all of them understand.
      await Deno.writeTextFile(
        join(folder, `${index}_${basename(path)}`),
        text.replaceAll(/(?:eslint|oxlint|deno-lint)-/g, "no-"),
      );
    }));
    await assertParity(folder, { reports: 5, refusals: 20 });
  }));
