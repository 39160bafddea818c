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
  abortable,
  allTasks,
  AsyncEvent,
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  currentTask,
  currentTime,
  failAt,
  formatReason,
  InvalidStateError,
  isCancellation,
  shield,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  assertTasks,
  ended,
  onAbort,
  spy,
  turn,
} from "./_probes.ts";

const forever = () => sleep(Infinity);

// Entering and leaving

test("scope.run() resolves with the value of its body", async () => {
  const scope = new CancelScope();
  assertEquals(await scope.run(() => sleep(1).then(() => "value")), "value");
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
  assertEquals(scope.reason, undefined);
});

test("scope.run() hands a context of the scope to its body", async () => {
  const scope = new CancelScope({ name: "own" });
  await scope.run((own) => {
    assertEquals(own.name, "own");
    assertStrictEquals(own.signal, scope.signal);
    own.cancel("enough");
    assertEquals(own.reason?.message, "enough");
  });
  assert(scope.cancelCalled);
});

test("scope.run() passes the error of its body through by identity", async () => {
  const error = new RangeError("own");
  const scope = new CancelScope();
  const caught = await assertRejects(() =>
    scope.run(() => Promise.reject(error))
  );
  assertStrictEquals(caught, error);
});

test("scope.run() rejects when its body throws synchronously", async () => {
  const scope = new CancelScope();
  await assertRejects(
    () =>
      scope.run(() => {
        throw new RangeError("at once");
      }),
    RangeError,
    "at once",
  );
});

test("scope.run() starts its body before it returns", () => {
  let started = false;
  const scope = new CancelScope();
  const run = scope.run(() => {
    started = true;
  });
  assert(started);
  return run;
});

test("scope.run() is no task of its own: the current task stays", async () => {
  await createTask(async () => {
    const outside = currentTask();
    await new CancelScope().run(() => {
      assertStrictEquals(currentTask(), outside);
    });
  });
});

test("scope.name is the one given, or says what it is", () => {
  assertEquals(new CancelScope({ name: "upload" }).name, "upload");
  assert(/^scope-\d+$/.test(new CancelScope().name));
});

// Arguments

test("CancelScope refuses options of the wrong type", () => {
  const make = (options: unknown) => () =>
    new CancelScope(options as Record<never, never>);
  assertRefused(make(null), TypeError, "options of CancelScope");
  assertRefused(make({ name: 7 }), TypeError, "received 7");
  assertRefused(make({ deadline: "5" }), TypeError, 'received "5"');
  assertRefused(make({ deadline: NaN }), RangeError, "received NaN");
  assertRefused(make({ shield: 1 }), TypeError, "received 1");
  assertRefused(make({ signal: {} }), TypeError, "received [Object]");
});

test("scope.deadline refuses NaN and what is no number, and stays", () => {
  const scope = new CancelScope({ deadline: 5 });
  assertThrows(() => scope.deadline = NaN, RangeError, "received NaN");
  assertThrows(
    () => scope.deadline = "7" as unknown as number,
    TypeError,
    'received "7"',
  );
  assertEquals(scope.deadline, 5);
});

test("scope.shield refuses what is no boolean, and stays", () => {
  const scope = new CancelScope({ shield: true });
  assertThrows(
    () => scope.shield = 0 as unknown as boolean,
    TypeError,
    "received 0",
  );
  assert(scope.shield);
});

test("scope.run() refuses a body that is no function, and can still be entered", async () => {
  const scope = new CancelScope();
  const run = scope.run.bind(scope) as (body: unknown) => Promise<unknown>;
  assertRefused(() => run(5), TypeError, "received 5");
  assertEquals(await scope.run(() => 1), 1);
});

test("scope.cancel() refuses a reason that is neither text nor Error", () => {
  const scope = new CancelScope();
  const cancel = scope.cancel.bind(scope) as (reason: unknown) => boolean;
  assertThrows(() => cancel(null), TypeError, "received null");
  assertFalse(scope.cancelCalled);
});

// Cancelling

test("scope.cancel() cuts its body short and is swallowed by the scope", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  assert(scope.cancel("boring"));
  assertEquals(await run, undefined);
  assert(scope.cancelCalled);
  assert(scope.cancelledCaught);
  assertEquals(scope.reason?.kind, "explicit");
  assertEquals(scope.reason?.message, "boring");
});

test("scope.cancel() passes an Error on by identity", async () => {
  const reason = new RangeError("quota");
  const scope = new CancelScope();
  let seen: unknown;
  const run = scope.run((own) =>
    forever().catch((error) => {
      seen = error;
      assertStrictEquals(own.signal.reason, reason);
      throw error;
    })
  );
  scope.cancel(reason);
  assertEquals(await run, undefined);
  assertStrictEquals(seen, reason);
  assert(scope.cancelledCaught);
});

test("scope.cancel() keeps the first reason when it is called again", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  assert(scope.cancel("first"));
  assert(scope.cancel("second"));
  await run;
  assertEquals(scope.reason?.message, "first");
});

test("scope.cancel() returns false when the scope has been left", async () => {
  const scope = new CancelScope();
  await scope.run(() => {});
  assertFalse(scope.cancel("late"));
  assertFalse(scope.cancelCalled);
  assertFalse(scope.signal.aborted);
});

test("scope.cancel() names the task that called it", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  await createTask(() => scope.cancel("stop"), { name: "operator" });
  await run;
  assertEquals(scope.reason?.source?.name, "operator");
});

test("scope.cancel() aborts scope.signal synchronously", async () => {
  const scope = new CancelScope();
  const { signal } = scope;
  const run = scope.run(forever);
  assertFalse(signal.aborted);
  scope.cancel();
  assert(signal.aborted);
  await run;
});

test("scope.cancel() from within the body is seen by the next wait", async () => {
  const scope = new CancelScope();
  const seen: string[] = [];
  await scope.run(async (own) => {
    own.cancel();
    seen.push("goes on to the next wait");
    await checkpoint();
    seen.push("never");
  });
  assertEquals(seen, ["goes on to the next wait"]);
});

test("scope.cancel() before entering starts the body with an aborted signal", async () => {
  const scope = new CancelScope();
  assert(scope.cancel("before"));
  const seen: unknown[] = [];
  const value = await scope.run(async (own) => {
    seen.push(own.signal.aborted);
    await sleep(1);
    seen.push("never");
  });
  assertEquals(seen, [true]);
  assertEquals(value, undefined);
  assert(scope.cancelledCaught);
  assertEquals(scope.reason?.message, "before");
});

test("scope.cancelledCaught stays false when the body ends without waiting", async () => {
  const scope = new CancelScope();
  scope.cancel();
  assertEquals(await scope.run(() => "value"), "value");
  assert(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("scope.run() returns the value of a body that suppresses the cancellation", async () => {
  const scope = new CancelScope();
  const run = scope.run(() => forever().catch(() => "kept"));
  scope.cancel();
  assertEquals(await run, "kept");
  assert(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("a cancelled scope rejects every further wait: it is level-triggered", async () => {
  const scope = new CancelScope();
  let rejections = 0;
  const run = scope.run(async () => {
    const never = new Promise(() => {});
    const waits = [forever, checkpoint, () => sleep(0), () => abortable(never)];
    for (const wait of waits) await wait().catch(() => rejections++);
    return "end";
  });
  scope.cancel();
  assertEquals(await run, "end");
  assertEquals(rejections, 4);
});

test("a scope waits for the cleanup of its body", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 10 });
    await scope.run(slowCleanup(25));
    assertEquals(clock.now, 35);
    assert(scope.cancelledCaught);
  });
});

// What belongs to it

test("scope.cancel() cancels the tasks that were started inside, with the chain", async () => {
  const scope = new CancelScope({ name: "scope" });
  const run = scope.run(async () => {
    const child = createTask(forever, { name: "child" });
    await assertRejects(() => child, CancelledError);
    return formatReason(child.reason!);
  });
  scope.cancel("enough");
  assertEquals(await run, "cancelled with its parent <- cancelled: enough");
});

test("scope.cancel() names the task that the scope runs in on the way down", async () => {
  const task = createTask(async () => {
    const scope = new CancelScope();
    const run = scope.run(async () => {
      const child = createTask(forever);
      await child.catch(() => {});
      return child.reason;
    });
    scope.cancel();
    return await run;
  }, { name: "owner" });
  const reason = await task;
  assertEquals(reason?.source?.name, "owner");
  assertEquals(reason?.kind, "parent");
});

test("scope.cancel() doesn't touch the task that the scope runs in", async () => {
  const task = createTask(async () => {
    const scope = new CancelScope();
    const run = scope.run(forever);
    scope.cancel();
    await run;
    await checkpoint();
    return "goes on";
  });
  assertEquals(await task, "goes on");
  assertFalse(task.cancelRequested);
});

test("scope.cancel() doesn't touch a sibling scope of the same task", async () => {
  const left = new CancelScope();
  const right = new CancelScope();
  await createTask(async () => {
    const both = Promise.all([
      left.run(forever),
      right.run(() => sleep(2).then(() => "right")),
    ]);
    left.cancel();
    assertEquals(await both, [undefined, "right"]);
  });
  assertFalse(right.cancelCalled);
});

test("tasks started in a scope are known to allTasks()", async () => {
  const event = new AsyncEvent();
  await new CancelScope({ signal: event }).run(async () => {
    const task = createTask(forever);
    assertTasks([task]);
    task.cancel();
    await task.catch(() => {});
  });
});

test("a task started in a scope belongs to the task around it", async () => {
  await createTask(async () => {
    const owner = currentTask();
    await new CancelScope().run(() => {
      assertStrictEquals(createTask(() => {}).parent, owner);
    });
  });
});

test("a scope that is left hands its running tasks to what it lay in", async () => {
  const owner = createTask(async () => {
    const scope = new CancelScope();
    await scope.run(() => void createTask(forever, { name: "child" }));
    const [, child] = allTasks();
    assertEquals([child?.name, child?.status], ["child", "running"]);
    await forever();
  });
  await turn();
  const [, child] = allTasks();
  owner.cancel("to the child as well");
  await assertRejects(() => owner, CancelledError);
  assertEquals(child?.reason?.message, "to the child as well");
  await ended(child!);
});

// Nothing but its own

test("a scope lets a foreign abort error pass when it isn't cancelled", async () => {
  const error = new DOMException("stopped elsewhere", "AbortError");
  const scope = new CancelScope();
  const caught = await assertRejects(() =>
    scope.run(() => Promise.reject(error))
  );
  assertStrictEquals(caught, error);
  assertFalse(scope.cancelledCaught);
});

test("a scope takes a platform wait's abort error for its own when it is cancelled", async () => {
  const scope = new CancelScope();
  const run = scope.run(({ signal }) =>
    new Promise((_, reject) =>
      onAbort(signal, () => {
        const { reason: cause } = signal;
        reject(
          Object.assign(new Error("aborted", { cause }), { code: "ABORT_ERR" }),
        );
      })
    )
  );
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});

test("a scope lets the cancellation of an unrelated task pass", async () => {
  const other = createTask(forever, { name: "other" });
  const scope = new CancelScope();
  const run = scope.run(() => other);
  other.cancel("not of the scope");
  await assertRejects(() => run, CancelledError, "not of the scope");
  assertFalse(scope.cancelledCaught);
  assertFalse(scope.cancelCalled);
});

test("a cancelled scope lets the cancellation of an unrelated task pass", async () => {
  const other = createTask(forever);
  const scope = new CancelScope();
  const run = scope.run(() => other);
  scope.cancel("of the scope");
  other.cancel("of the task");
  await assertRejects(() => run, CancelledError, "of the task");
  assertFalse(scope.cancelledCaught);
});

test("a cancelled scope lets an error pass that its body throws in cleanup", async () => {
  const error = new Error("can't close");
  const scope = new CancelScope();
  const run = scope.run(async () => {
    try {
      await forever();
    } finally {
      await Promise.reject(error);
    }
  });
  scope.cancel();
  assertStrictEquals(await assertRejects(() => run), error);
  assertFalse(scope.cancelledCaught);
});

test("a scope lets outer cancellation pass", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(forever));
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertEquals(task.status, "cancelled");
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
  assertEquals(scope.reason?.kind, "parent");
});

test("the outer scope swallows when an inner one was cancelled with it", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const seen: string[] = [];
  const run = outer.run(async () => {
    await inner.run(forever);
    seen.push("code after the inner scope");
  });
  outer.cancel("outer");
  await run;
  assert(outer.cancelledCaught);
  assertFalse(inner.cancelledCaught);
  assertEquals(seen, []);
});

test("the outer scope swallows when both are cancelled, the inner one first", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const seen: string[] = [];
  const run = outer.run(async () => {
    await inner.run(forever);
    seen.push("code after the inner scope");
  });
  inner.cancel("inner");
  outer.cancel("outer");
  await run;
  assertEquals([inner.cancelCalled, inner.cancelledCaught], [true, false]);
  assertEquals([outer.cancelCalled, outer.cancelledCaught], [true, true]);
  assertEquals(inner.reason?.message, "inner");
  assertEquals(seen, []);
});

test("scope.cancelCalled is true when cancel() came after outer cancellation", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const run = outer.run(() => inner.run(forever));
  outer.cancel("outer");
  assert(inner.cancel("inner"));
  await run;
  assert(inner.cancelCalled);
  assertFalse(inner.cancelledCaught);
  assertEquals(inner.reason?.message, "outer");
});

test("a task that was cancelled with its inner scope ends cancelled", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(slowCleanup(1)));
  scope.cancel("inner");
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertEquals(task.status, "cancelled");
});

test("scopes nest: each swallows its own and only its own", async () => {
  for (const cancelled of [0, 1, 2]) {
    const scopes = [0, 1, 2].map(() => new CancelScope());
    const reached: number[] = [];
    const enter = async (depth: number): Promise<void> => {
      if (depth === 3) return await forever();
      await scopes[depth]!.run(() => enter(depth + 1));
      reached.push(depth);
    };
    const run = enter(0);
    scopes[cancelled]!.cancel();
    await run;
    assertEquals(
      scopes.map((scope) => scope.cancelledCaught),
      [0, 1, 2].map((depth) => depth === cancelled),
    );
    assertEquals(reached, [2, 1, 0].filter((depth) => depth <= cancelled));
  }
});

test("a scope swallows its own cancellation out of a group inside", async () => {
  const scope = new CancelScope();
  const run = scope.run(() =>
    TaskGroup.run((group) => {
      group.spawn(forever);
      return forever();
    })
  );
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});

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

// Shield

test("scope.shield keeps outer cancellation away", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ shield: true });
    const task = createTask(async () => {
      await scope.run(() => sleep(30));
      assertEquals(clock.now, 30);
      await checkpoint();
    });
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertFalse(scope.signal.aborted);
  });
});

test("scope.shield keeps away a cancellation that came before it was entered", async () => {
  const task = createTask(async () => {
    await forever().catch(() => {});
    return await new CancelScope({ shield: true }).run(() =>
      sleep(1).then(() => "done")
    );
  });
  task.cancel();
  assertEquals(await task, "done");
});

test("scope.shield delivers the pending cancellation at once when it is turned off", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(() => scope.run(forever));
  task.cancel("pending");
  assertFalse(scope.signal.aborted);
  scope.shield = false;
  assert(scope.signal.aborted);
  assertEquals(scope.reason?.message, "pending");
  await assertRejects(() => task, CancelledError, "pending");
  assertFalse(scope.cancelledCaught);
});

test("scope.shield delivers a pending cancellation to tasks inside when it is turned off", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(() =>
    scope.run(() => createTask(forever, { name: "inside" }))
  );
  task.cancel();
  const [, inside] = allTasks();
  assertFalse(inside!.cancelRequested);
  scope.shield = false;
  assert(inside!.cancelRequested);
  await assertRejects(() => task, CancelledError);
});

test("scope.shield can be turned on before the cancellation comes", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(() => sleep(2).then(() => "kept")));
  scope.shield = true;
  task.cancel();
  assertEquals(await task, "kept");
});

test("scope.shield doesn't take back a cancellation that has come in", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(slowCleanup(1)));
  task.cancel();
  scope.shield = true;
  assert(scope.signal.aborted);
  await assertRejects(() => task, CancelledError);
});

test("scope.shield doesn't stop scope.cancel()", async () => {
  const scope = new CancelScope({ shield: true });
  const run = scope.run(forever);
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});

test("a shielded scope swallows its own cancellation when the outer is cancelled too", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(async () => {
    await scope.run(forever);
    return "goes on to the next wait";
  });
  scope.cancel();
  task.cancel();
  assertEquals(await task, "goes on to the next wait");
  assert(scope.cancelledCaught);
});

test("a scope inside a shielded one is cancelled with the shielded one only", async () => {
  const shielded = new CancelScope({ shield: true });
  const inner = new CancelScope();
  const task = createTask(() => shielded.run(() => inner.run(forever)));
  task.cancel();
  assertFalse(inner.signal.aborted);
  shielded.cancel();
  assert(inner.signal.aborted);
  await task.catch(() => {});
  assert(shielded.cancelledCaught);
  assertFalse(inner.cancelledCaught);
});

// An explicit source

test("scope.run() is cancelled by an AbortSignal that it was given, and lets it pass", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller.signal });
  const run = scope.run(forever);
  const reason = new Error("from outside");
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => run), reason);
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("scope.run() starts cancelled under a signal that is aborted", async () => {
  const scope = new CancelScope({ signal: AbortSignal.abort() });
  await assertRejects(() => scope.run(() => checkpoint()), DOMException);
});

test("scope.run() is cancelled by any source that it was given", async () => {
  const event = new AsyncEvent();
  const controller = new AbortController();
  const task = createTask(forever);
  const other = new CancelScope();
  const kinds = await Promise.all([
    [event, () => event.set()] as const,
    [controller, () => controller.abort()] as const,
    [task, () => task.cancel()] as const,
    [other, () => other.cancel()] as const,
  ].map(async ([signal, cancel]) => {
    const scope = new CancelScope({ signal });
    const run = scope.run(forever);
    cancel();
    await assertRejects(() => run);
    return scope.reason?.kind;
  }));
  assertEquals(kinds, ["event", "explicit", "parent", "explicit"]);
  await task.catch(() => {});
});

test("scope.run() is cancelled with the current task beside its explicit source", async () => {
  for (const signal of [new AsyncEvent(), new AbortController()]) {
    const scope = new CancelScope({ signal });
    const task = createTask(() => scope.run(forever));
    task.cancel("current");
    await assertRejects(() => task, CancelledError, "current");
  }
});

test("scope.run() throws its source's cancellation when it is cancelled as well", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller });
  const run = scope.run(forever);
  scope.cancel("own");
  controller.abort(new Error("outer"));
  await assertRejects(() => run, Error, "outer");
  assertFalse(scope.cancelledCaught);
});

test("scope.shield keeps an explicit source away until it is turned off", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller, shield: true });
  const run = scope.run(forever);
  controller.abort(new Error("from outside"));
  assertFalse(scope.signal.aborted);
  scope.shield = false;
  assert(scope.signal.aborted);
  await assertRejects(() => run, Error, "from outside");
});

test("scope.run() leaves no listener on the signal that it was given", async () => {
  const probe = spy();
  const { signal } = probe;
  await Promise.all(
    Array.from(
      { length: 100 },
      () => new CancelScope({ signal }).run(() => sleep(1)),
    ),
  );
  assertEquals(probe.now, 0);
  assertEquals(probe.most, 1);
});

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
