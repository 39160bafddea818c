import { assert, assertEquals, assertLess } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { AsyncEvent } from "../mod.ts";
import { appTest, type Stage } from "./_apps.ts";
import { test } from "./_harness.ts";

const folder = new URL("../examples/apps/", import.meta.url);

test("examples/apps has programs, each of which is short", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assertEquals(names.toSorted(), [
    "crawler.ts",
    "migrated.ts",
    "service_hono.ts",
    "service_http.ts",
    "worker_sqlite.ts",
  ]);
  for (const name of names) {
    const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
    const most = name === "crawler.ts" ? 60 : 120;
    assertLess(lines.length, most + 2, name);
  }
});

// The migrated class

/** A server that takes files; one path hangs. */
async function shelf(
  { serve }: Stage,
): Promise<{ address: string; hanging: AsyncEvent; left: AsyncEvent }> {
  const hanging = new AsyncEvent();
  const left = new AsyncEvent();
  const address = await serve((request, response) => {
    request.resume();
    if (request.url !== "/hang") return void response.end();
    hanging.set();
    response.on("close", () => left.set());
  });
  return { address, hanging, left };
}

appTest(
  "migrated.ts gives a file up that takes too long, and its request",
  async (stage) => {
    const { address, left } = await shelf(stage);
    const args = ["--limit", "2000", address, "a", "b", "hang", "c", "d"];
    const app = stage.start("migrated.ts", { args });
    assertEquals(await app.code, 0);
    await left.wait();
    assert(app.lines.includes("hang: TimeoutError: Timed out after 2000 ms"));
    assertEquals(app.lines.at(-1), "at the end: uploaded 4, failed 1");
  },
);

appTest(
  "migrated.ts ends at Ctrl-C with all its requests, none of which has failed",
  async (stage) => {
    const { address, hanging, left } = await shelf(stage);
    const args = ["--limit", "60000", address, "a", "hang"];
    const app = stage.start("migrated.ts", { args });
    await hanging.wait();
    await app.prints(/^uploaded 1, failed 0$/m);
    app.signal("SIGINT");
    assertEquals(await app.code, 130);
    await left.wait();
    assertEquals(app.lines.at(-1), "at the end: uploaded 1, failed 0");
  },
);
