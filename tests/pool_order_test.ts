import { assertEquals } from "@std/assert";
import { type Lease, Pool } from "@mdc/tasks/flow";
import { untilIdle } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

test("Pool gives what comes back to who waits, not to who comes later", async () => {
  let made = 0;
  const pool = new Pool<number>({
    max: 2,
    create: () => ++made,
    destroy() {},
  });
  const [first, second] = [await pool.acquire(), await pool.acquire()];
  const got = new Map<string, Lease<number>>();
  const ask = (name: string) =>
    pool.acquire().then((lease) => void got.set(name, lease));
  const waits = ask("waiter");
  first.release();
  second.discard();
  // There is a free place now, and what came back is the waiter's.
  const comes = ask("newcomer");
  await Promise.all([waits, comes]);
  assertEquals(
    [...got].map(([name, { value }]) => [name, value]).toSorted(),
    [["newcomer", 3], ["waiter", 1]],
  );
  for (const lease of got.values()) lease.release();
  await pool.close();
});

test("Pool that is closed while a waiter gets a resource closes that too", async () => {
  const closed: number[] = [];
  let made = 0;
  const pool = new Pool<number>({
    max: 1,
    create: () => ++made,
    destroy: (number) => void closed.push(number),
  });
  const lease = await pool.acquire();
  const waiting = pool.acquire().then(() => "lent", (error) => error.name);
  await untilIdle();
  lease.release();
  const closing = pool.close();
  assertEquals(await waiting, "InvalidStateError");
  await closing;
  assertEquals(closed, [1]);
});
