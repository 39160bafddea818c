import { assertEquals, assertThrows } from "@std/assert";
import { gate } from "./stages.ts";
import { matrix } from "./matrix.ts";
import type { StageResult } from "./runner.ts";
import {
  hasPassed,
  insertTable,
  supported,
  supportTable,
} from "./support_table.ts";
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

Deno.test("supportTable() shows a row as failed when one of its stages is", () => {
  const table = supportTable("2.9.6", (stage) => stage !== "node22");
  const failed = table.split("\n").filter((line) => line.includes("fails"))
    .map((line) => line.split("|")[1]?.trim());
  assertEquals(failed, ["Node 22", "Workers"]);
});

Deno.test("hasPassed() is false for a stage that failed, ran nothing or didn't run", () => {
  const result = (
    name: string,
    passed: number,
    failed: number,
  ): StageResult => ({ name, passed, failed, skipped: 0, seconds: 1 });
  const results = [
    result("unit", 10, 0),
    result("bun", 10, 1),
    result("browser", 0, 0),
  ];
  const stages = ["unit", "bun", "browser", "node24"];
  assertEquals(stages.filter((stage) => hasPassed(results, stage)), ["unit"]);
});

Deno.test("supported() names stages that exist", () => {
  const stages = [...gate(), ...matrix()].map(({ name }) => name);
  const named = supported(deno)
    .flatMap(({ source, installed }) => [source, installed])
    .flatMap((stages) => stages ?? []);
  assertEquals(named.filter((stage) => !stages.includes(stage)), []);
});

Deno.test("insertTable() refuses a page without its markers", () => {
  assertThrows(() => insertTable("# README", "| |"), TypeError);
});
