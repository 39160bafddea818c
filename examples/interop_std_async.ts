// Tasks are promises and their signals are the platform's: @std/async fits.
import { abortable, deadline, delay, pooledMap } from "@std/async";
import { createTask, formatReason, isCancellation } from "../mod.ts";

// Its delay() ends with our task.
const nap = createTask(({ signal }) => delay(60_000, { signal }));
nap.cancel("wake up");
await Promise.allSettled([nap]);
if (nap.reason) console.log("delay:", nap.status, formatReason(nap.reason));

// Its deadline() waits for a promise and leaves the task to us. It asks for a
// real promise, which Promise.resolve() makes of a task.
const slow = createTask(({ sleep }) => sleep(60_000), { name: "slow" });
try {
  await deadline(Promise.resolve(slow), 5);
} catch (error) {
  console.log("deadline:", (error as Error).name, slow.status);
} finally {
  slow.cancel("its deadline passed");
}

// Its abortable() stops to wait when our task is cancelled.
const waiter = createTask(({ signal }) =>
  abortable(new Promise<never>(() => {}), signal)
);
waiter.cancel();
await waiter.catch((error) => console.log("abortable:", isCancellation(error)));

// Its pooledMap() runs our tasks.
const square = (n: number) => createTask(() => n * n);
const squares = await Array.fromAsync(pooledMap(2, [1, 2, 3], square));
console.log("pooledMap:", squares.join(" "));

// Output:
// delay: cancelled cancelled: wake up
// deadline: TimeoutError running
// abortable: true
// pooledMap: 1 4 9
