import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CancelScope,
  currentTime,
  failAt,
  InvalidStateError,
  isCancellation,
  shield,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { onAbort } from "./_probes.ts";
import { forever } from "./_bodies.ts";

// Order

test("scope.run() throws when the scope was entered before, and names it", async () => {
  const scope = new CancelScope({ name: "once" });
  await scope.run(() => {});
  assertThrows(
    () => scope.run(() => {}),
    InvalidStateError,
    'Cannot enter scope "once": it was entered before',
  );
});

test("scope.run() throws on re-entry and names the scope that it came from", async () => {
  const outer = new CancelScope({ name: "outer" });
  const inner = new CancelScope({ name: "inner" });
  await outer.run(() =>
    inner.run(() =>
      assertThrows(
        () => outer.run(() => {}),
        InvalidStateError,
        'Cannot enter scope "outer" (from scope "inner"): it was entered before',
      )
    )
  );
});

test("scope.run() rejects and names both when a scope inside is still running", async () => {
  const outer = new CancelScope({ name: "outer" });
  const inner = new CancelScope({ name: "inner" });
  let run: Promise<void> = Promise.resolve();
  const error = await assertRejects(
    () =>
      outer.run(() => {
        run = inner.run(forever);
      }),
    InvalidStateError,
  );
  assertEquals(
    error.message,
    'Cannot leave scope "outer": scope "inner" was entered in it and is still running; await it before the end of "outer"',
  );
  await run;
  assert(inner.cancelledCaught);
});

test("scope.run() cancels every scope that is still running inside", async () => {
  const outer = new CancelScope();
  const inner = [1, 2, 3].map(() => new CancelScope());
  let runs: Promise<void>[] = [];
  await assertRejects(
    () =>
      outer.run(() => {
        runs = inner.map((scope) => scope.run(forever));
      }),
    InvalidStateError,
  );
  await Promise.all(runs);
  assertEquals(inner.map((scope) => scope.cancelledCaught), [true, true, true]);
});

test("scope.run() cancels the scopes still running inside when its body throws", async () => {
  const error = new Error("first");
  const outer = new CancelScope();
  const inner = new CancelScope();
  const caught = await assertRejects(() =>
    outer.run(() => Promise.all([inner.run(forever), Promise.reject(error)]))
  );
  assertStrictEquals(caught, error);
  assert(inner.cancelCalled);
});

test("scope.run() interrupts no shield that is still running inside", async () => {
  const outer = new CancelScope();
  let cleanup: Promise<string> = Promise.resolve("");
  await assertRejects(
    () =>
      outer.run(() => {
        cleanup = shield(() => sleep(2).then(() => "closed"));
      }),
    InvalidStateError,
    "shield-",
  );
  assertEquals(await cleanup, "closed");
});

// Cost

test("scope.cancel() does work in proportion to what is inside", async () => {
  const outside = Array.from({ length: 50 }, () => new CancelScope());
  let told = 0;
  const runs = outside.map((scope) =>
    scope.run(() => {
      onAbort(scope.signal, () => told++);
      return forever();
    })
  );
  outside[7]!.cancel();
  assertEquals(told, 1);
  assertEquals(outside.filter(({ signal }) => signal.aborted).length, 1);
  for (const scope of outside) scope.cancel();
  await Promise.all(runs);
});

test("a cancelled scope does nothing while its body goes on waiting", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope();
    let woken = 0;
    const run = scope.run(async () => {
      await forever().catch(() => woken++);
      await deafSleep(3_600_000);
    });
    scope.cancel();
    await clock.idle();
    assertEquals(clock.timers, 1);
    await clock.advance(3_600_000);
    await run;
    assertEquals(woken, 1);
  }, { autoAdvance: false });
});

test("waiting in nested scopes without deadlines holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const outer = new CancelScope();
    const run = outer.run(() => new CancelScope().run(forever));
    await clock.idle();
    assertEquals(clock.timers, 0);
    outer.cancel();
    await run;
  });
});

test("scopes nest a thousand deep and are cancelled from the top", async () => {
  const outer = new CancelScope();
  const bottom = Promise.withResolvers<void>();
  const enter = async (depth: number): Promise<unknown> => {
    // Each on a stack of its own, whose size differs between runtimes.
    await null;
    if (depth > 0) return new CancelScope().run(() => enter(depth - 1));
    bottom.resolve();
    return forever();
  };
  const run = outer.run(() => enter(1000));
  await bottom.promise;
  outer.cancel("from the top");
  await run;
  assert(outer.cancelledCaught);
});

test("of nested scopes that are due, the outermost cancels, in whatever order timers fire", async () => {
  await withVirtualClock(async () => {
    const outer = new CancelScope({ deadline: 100 });
    const inner = new CancelScope({ deadline: 30 });
    await outer.run(async () => {
      const run = inner.run(forever);
      outer.deadline = 30;
      await run;
    });
    assert(outer.cancelledCaught);
    assertFalse(inner.cancelledCaught);
    assert(inner.cancelCalled);
  });
});

test("a due shielded scope doesn't cancel the due scope around it on behalf of it", async () => {
  await withVirtualClock(async () => {
    const outer = new CancelScope({ deadline: 30 });
    const inner = new CancelScope({ deadline: 30, shield: true });
    await outer.run(async () => {
      await inner.run(forever);
      await forever();
    });
    assert(inner.cancelledCaught);
    assert(outer.cancelledCaught);
  });
});

test("isCancellation() knows what a scope's waits reject with", async () => {
  const scope = new CancelScope();
  const run = scope.run(() =>
    forever().catch((error) => [
      isCancellation(error),
      isCancellation(error, scope),
      isCancellation(error, new CancelScope()),
    ])
  );
  scope.cancel();
  assertEquals(await run, [true, true, false]);
});

test("failAt() and a scope agree on currentTime()", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(7);
    assertEquals(currentTime(), clock.now);
    const error = await assertRejects(() => failAt(currentTime(), forever));
    assertStringIncludes(String(error), "TimeoutError");
  });
});
