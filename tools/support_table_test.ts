import { assertEquals, assertThrows } from "@std/assert";
import { gate } from "./stages.ts";
import { matrix } from "./matrix.ts";
import { insertTable, supported, supportTable } from "./support_table.ts";
import { root } from "./workspace.ts";

const deno = Deno.version.deno;

Deno.test("README.md has the table of a run in which everything passed", () => {
  const page = Deno.readTextFileSync(`${root}README.md`);
  assertEquals(page, insertTable(page, supportTable(deno, () => true)));
});

Deno.test("supportTable() shows what didn't pass", () => {
  const table = supportTable("2.9.6", (stage) => stage !== "jsr");
  assertEquals(table.match(/\| Deno .*/)?.[0].split(/ *\| */).slice(1, 5), [
    "Deno 2.9",
    "2.9.6",
    "✓",
    "fails",
  ]);
});

Deno.test("supported() names stages that exist", () => {
  const stages = [...gate(), ...matrix()].map(({ name }) => name);
  const named = supported(deno)
    .flatMap(({ source, installed }) => [source, installed])
    .filter((stage) => stage !== undefined);
  assertEquals(named.filter((stage) => !stages.includes(stage)), []);
});

Deno.test("insertTable() refuses a page without its markers", () => {
  assertThrows(() => insertTable("# README", "| |"), TypeError);
});
