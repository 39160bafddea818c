import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fastify } from "fastify";
import { Hono } from "hono";
import { request as call } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AsyncEvent,
  cancelAndWait,
  createTask,
  currentTask,
  sleep,
  TaskTracker,
} from "@mdc/tasks";
import { fastifyTasks, honoTasks, httpStatusOf } from "@mdc/tasks/flow";
import { test } from "./_harness.ts";

test("honoTasks() makes a task of each request, with a time limit", async () => {
  const requests = new TaskTracker();
  const app = new Hono();
  const ends: string[] = [];
  app.use(honoTasks({ requests, timeout: 20 }));
  app.onError((error, context) =>
    context.text(error.name, httpStatusOf(error))
  );
  app.get("/name", (context) => context.text(`${currentTask()?.name}`));
  app.get("/slow", async (context) => {
    try {
      await sleep(60_000);
    } finally {
      ends.push("cleaned up");
    }
    return context.text("never");
  });
  const response = await app.request("/name?x=1");
  assertEquals(await response.text(), "GET /name");
  const late = await app.request("/slow");
  assertEquals(ends, ["cleaned up"]);
  assertEquals([late.status, requests.size], [504, 0]);
});

test("honoTasks() cancels a request whose client has gone", async () => {
  const requests = new TaskTracker();
  const app = new Hono();
  const begun = new AsyncEvent();
  let status = 0;
  app.use(honoTasks({ requests }));
  app.onError((error, context) => {
    status = httpStatusOf(error);
    return context.text("gone", 503);
  });
  app.get("/slow", async (context) => {
    begun.set();
    await sleep(60_000);
    return context.text("never");
  });
  const controller = new AbortController();
  const answer = app.request("/slow", { signal: controller.signal });
  await begun.wait();
  controller.abort();
  await answer;
  assertEquals([status, requests.size], [503, 0]);
});

test("fastifyTasks() makes a task of each request, cancelled with its client, by time and owner", async () => {
  const ends: string[] = [];
  const begun = new AsyncEvent();
  const ended = new AsyncEvent();
  const owner = createTask(async (context) => {
    const requests = new TaskTracker();
    const app = fastify({ forceCloseConnections: true });
    app.register(fastifyTasks({ requests, timeout: 100 }));
    app.setErrorHandler((error, _, reply) => {
      void reply.code(httpStatusOf(error)).send("no");
    });
    app.get("/name", () => `${currentTask()?.name}`);
    app.get("/slow", async () => {
      begun.set();
      try {
        await sleep(60_000);
      } finally {
        ends.push(`${currentTask()?.status}`);
        ended.set();
      }
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const named = await fetch(`${url}/name?x=1`, { signal: context.signal });
    assertEquals(await named.text(), "GET /name");
    // Its time is over.
    const late = await fetch(`${url}/slow`, { signal: context.signal });
    assertEquals([late.status, await late.text()], [504, "no"]);
    begun.clear();
    ended.clear();
    // Its client goes.
    const asked = call(`${url}/slow`, { agent: false });
    asked.on("error", () => {});
    asked.end();
    await begun.wait();
    asked.destroy();
    await ended.wait();
    await requests.drain();
    await app.close();
    await context.checkpoint();
  });
  await owner;
  assertEquals(ends.length, 2);
  assertMatch(ends[1]!, /cancelling/);
  await cancelAndWait(owner);
});

test("honoTasks() and fastifyTasks() refuse wrong options at the door", () => {
  const requests = new TaskTracker();
  for (
    const [name, make] of [["honoTasks()", honoTasks], [
      "fastifyTasks()",
      fastifyTasks,
    ]] as const
  ) {
    const wrong: [unknown, string][] = [
      [{}, `requests of ${name}: expected a TaskTracker, received undefined`],
      [
        { requests, timeout: NaN },
        "timeout: expected 0 or more milliseconds, received NaN",
      ],
      [
        { requests, name: "x" },
        `the options of ${name}: unknown option "name"`,
      ],
    ];
    for (const [options, message] of wrong) {
      assertThrows(
        () => void make(options as { requests: TaskTracker }),
        Error,
        message,
      );
    }
  }
});
