/** The table of what `@mdc/tasks` exports against the package itself. */
import { assertEquals, assertMatch } from "@std/assert";
import { readFileSync } from "node:fs";
import { test } from "../../tests/_harness.ts";
import * as core from "../../mod.ts";
import * as flow from "../../flow.ts";
import * as testing from "../../testing.ts";
import {
  type Behaviour,
  EXPORTS,
  FLOW_EXPORTS,
  METHODS,
  TESTING_EXPORTS,
  TYPES,
} from "../semantics/tasks/api.ts";

/** Names that one side has and the other lacks, in sentences. */
function compare(
  table: { readonly [name: string]: Behaviour },
  actual: object,
): string[] {
  const exported = Object.keys(actual);
  return [
    ...exported.filter((name) => !Object.hasOwn(table, name))
      .map((name) => `semantics/tasks/api.ts lacks ${name}`),
    ...Object.entries(table)
      .filter(([name, { upcoming }]) => !upcoming && !exported.includes(name))
      .map(([name]) => `the package lacks ${name}: is it upcoming?`),
  ];
}

test("the table has every export of @mdc/tasks, and no other", () => {
  assertEquals(compare(EXPORTS, core), []);
});

test("the table has every export of @mdc/tasks/testing, and no other", () => {
  assertEquals(compare(TESTING_EXPORTS, testing), []);
});

test("the table has every export of @mdc/tasks/flow, and no other", () => {
  assertEquals(compare(FLOW_EXPORTS, flow), []);
});

test("the comparison names what is missing on either side", () => {
  assertEquals(compare({ a: {}, soon: { upcoming: true } }, { b: 1 }), [
    "semantics/tasks/api.ts lacks b",
    "the package lacks a: is it upcoming?",
  ]);
});

test("types of the table are types of the package", () => {
  const text = readFileSync(new URL("../../mod.ts", import.meta.url), "utf8");
  for (const name of Object.keys(TYPES)) {
    assertMatch(text, new RegExp(`\\b${name}\\b`));
  }
});

test("statics and methods of the table exist, where a class shows them", () => {
  const owners: { readonly [kind: string]: object } = {
    Task: core.Task,
    TaskGroup: core.TaskGroup,
    AsyncEvent: core.AsyncEvent,
    task: (core.Task as unknown as { prototype: object }).prototype,
    event: core.AsyncEvent.prototype,
    tracker: core.TaskTracker.prototype,
    group: core.TaskGroup.prototype,
    scope: core.CancelScope.prototype,
  };
  const checked = Object.keys(METHODS).flatMap((call) => {
    const [kind = "", method = ""] = call.split(".");
    const owner = owners[kind];
    if (!owner) return [];
    assertEquals(method in owner, true, call);
    return [call];
  });
  assertEquals(checked.length > 10, true);
});

test("what takes a body says where it is, and what waits for time waits", () => {
  for (const table of [EXPORTS, FLOW_EXPORTS, METHODS]) {
    for (const [name, each] of Object.entries(table)) {
      assertEquals(each.gets === undefined, each.body === undefined, name);
      if (each.sleeps) assertEquals(each.waits, true, name);
      if (each.shields) assertEquals(each.waits, undefined, name);
    }
  }
});
