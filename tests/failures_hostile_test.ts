import { assertEquals } from "@std/assert";
import { createTask } from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, turn } from "./_probes.ts";

test("a failure that can't be shown is told all the same, and breaks nothing", async () => {
  const told: unknown[] = [];
  const { error } = console;
  console.error = (...values: unknown[]) => {
    // As a console does that looks into what it prints.
    for (const value of values) {
      if (typeof value === "object") Reflect.ownKeys(value as object);
    }
    told.push(values[1]);
  };
  try {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await ended(createTask(() => Promise.reject(proxy), { name: "hostile" }));
    const loud = createTask(() => Promise.reject(proxy), { name: "loud" });
    while (!loud.done) await null;
    await turn();
  } finally {
    console.error = error;
  }
  assertEquals(told, ["an error that can't be shown"]);
});
