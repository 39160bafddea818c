import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  CancelScope,
  checkpoint,
  createTask,
  currentTime,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever } from "./_bodies.ts";

// Deadlines

test("scope.deadline cancels at that point of the clock", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: currentTime() + 50 });
    await scope.run(forever);
    assertEquals(clock.now, 50);
    assert(scope.cancelCalled && scope.cancelledCaught);
    assertEquals(scope.reason?.kind, "timeout");
  });
});

test("scope.deadline is absolute: time before entering counts", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 50 });
    await sleep(40);
    await scope.run(forever);
    assertEquals(clock.now, 50);
  });
});

test("scope.deadline can be moved out while the body runs", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 50 });
    await scope.run(async (own) => {
      await sleep(40);
      own.deadline += 100;
      await forever();
    });
    assertEquals(clock.now, 150);
  });
});

test("scope.deadline can be moved in while the body runs", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 1000 });
    const run = scope.run(forever);
    scope.deadline = 20;
    await run;
    assertEquals(clock.now, 20);
  });
});

test("scope.deadline of Infinity is none and holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 50 });
    assertEquals(new CancelScope().deadline, Infinity);
    const run = scope.run(() => sleep(90));
    scope.deadline = Infinity;
    assertEquals(clock.timers, 1);
    await run;
    assertFalse(scope.cancelCalled);
  });
});

test("scope.deadline in the past cancels at once when it is set", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope();
    await sleep(10);
    const run = scope.run(forever);
    scope.deadline = 5;
    assert(scope.signal.aborted);
    await run;
    assertEquals(clock.now, 10);
    assert(scope.cancelledCaught);
  });
});

test("scope.deadline in the past starts the body with an aborted signal", async () => {
  const scope = new CancelScope({ deadline: -Infinity });
  assertFalse(scope.cancelCalled);
  const seen: boolean[] = [];
  await scope.run(async ({ signal }) => {
    seen.push(signal.aborted);
    await checkpoint();
  });
  assertEquals(seen, [true]);
  assert(scope.cancelledCaught);
});

test("scope.deadline does nothing when the scope hasn't been entered", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 5 });
    await sleep(10);
    assertFalse(scope.cancelCalled);
    assertEquals(clock.timers, 0);
  });
});

test("scope.deadline leaves no timer when the scope is left, however it is", async () => {
  await withVirtualClock(async (clock) => {
    const deadline = 50;
    await new CancelScope({ deadline }).run(() => {});
    await new CancelScope({ deadline }).run(() => Promise.reject(1)).catch(
      () => {},
    );
    const cancelled = new CancelScope({ deadline });
    const run = cancelled.run(forever);
    cancelled.cancel();
    await run;
    assertEquals(clock.timers, 0);
  });
});

test("scope.deadline does nothing when it is moved after the end", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope();
    await scope.run(() => {});
    scope.deadline = -1;
    assertFalse(scope.cancelCalled);
    scope.deadline = 50;
    assertEquals(clock.timers, 0);
  });
});

test("scope.deadline that has passed can't be taken back", async () => {
  await withVirtualClock(async () => {
    const scope = new CancelScope({ deadline: 5 });
    const run = scope.run(slowCleanup(20));
    await sleep(10);
    scope.deadline = Infinity;
    await run;
    assert(scope.cancelledCaught);
  });
});

test("scope.cancel() wins over a deadline that comes later", async () => {
  await withVirtualClock(async () => {
    const scope = new CancelScope({ deadline: 10 });
    const run = scope.run(slowCleanup(20));
    scope.cancel("explicit");
    await run;
    assertEquals(scope.reason?.kind, "explicit");
  });
});

test("a deadline later than setTimeout can count doesn't fire at once", async () => {
  const scope = new CancelScope({ deadline: currentTime() + 2 ** 40 });
  assertEquals(
    await scope.run(() => sleep(1).then(() => "in time")),
    "in time",
  );
});

test("a shield doesn't stop the scope's own deadline", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ shield: true, deadline: 30 });
    const task = createTask(() => scope.run(forever));
    task.cancel();
    await assertRejects(() => task.then(() => checkpoint({ signal: task })));
    assertEquals(clock.now, 30);
    assert(scope.cancelledCaught);
  });
});
