/**
 * The weaknesses of the function library that this one comes from, and each
 * one beaten: W1-W11 and W23 of the table in docs/practices.md.
 */
import { assertEquals } from "@std/assert";
import {
  cancelAndWait,
  createTask,
  formatReason,
  isCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle, never, turn, withFailures } from "./_probes.ts";

const failure = new Error("disk full");

test("W8: task.cancelRequested and task.signal are true inside a cancelled task", async () => {
  const seen: boolean[] = [];
  const task = createTask(async ({ signal, sleep }) => {
    seen.push(signal.aborted);
    await sleep(Infinity).catch((error) => {
      seen.push(signal.aborted, isCancellation(error, signal));
    });
  });
  task.cancel();
  seen.push(task.cancelRequested, task.cancelled);
  await task;
  assertEquals(seen, [false, true, false, true, true]);
});

test("W10: a reason tells kind, message, source, time and chain", async () => {
  await withVirtualClock(async () => {
    const top = idle({ name: "server" });
    const child = idle({ name: "request", parent: top });
    const admin = createTask(() => void top.cancel("maintenance"), {
      name: "admin",
    });
    await ended(child);
    assertEquals(child.reason, {
      kind: "parent",
      message: "maintenance",
      source: { name: "server", id: top.id },
      at: 86_400_000,
      cause: {
        kind: "explicit",
        message: "maintenance",
        source: { name: "admin", id: admin.id },
        at: 86_400_000,
      },
    });
    assertEquals(
      formatReason(child.reason!),
      'cancelled with its parent "server" <- cancelled by task "admin": ' +
        "maintenance",
    );
    await Promise.all([top, admin].map(ended));
  }, { epoch: 86_400_000 });
});

test("W11: cancelAndWait() tells four endings apart", async () => {
  await withFailures(async (seen) => {
    const stubborn = Promise.withResolvers<void>();
    const deaf = (after: () => unknown) =>
      createTask(async ({ sleep }) => {
        await sleep(Infinity).catch(() => {});
        return await after();
      });
    const tasks = [
      idle(),
      deaf(() => "a value"),
      deaf(() => Promise.reject(failure)),
      deaf(() => stubborn.promise),
    ];
    const outcomes = await Promise.all(
      tasks.map((task) => cancelAndWait(task, { timeout: 1 })),
    );
    assertEquals(outcomes.map(({ status }) => status), [
      "cancelled",
      "completed",
      "failed",
      "stuck",
    ]);
    stubborn.resolve();
    await Promise.all(tasks.map(ended));
    await turn();
    assertEquals(seen, []);
  });
});

test("W23: cancelAndWait() touches its task and nobody else, whatever the names", async () => {
  const others = [
    idle({ name: "_force_timeout" }),
    idle({ name: "curl_cffi AsyncSession.request" }),
  ];
  const target = createTask(() => never, { name: "_force_timeout" });
  const { status } = await cancelAndWait(target, { timeout: 0 });
  assertEquals(status, "stuck");
  for (const other of others) assertEquals(other.status, "running");
  for (const other of others) await cancelAndWait(other);
});
