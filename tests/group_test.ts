import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  currentTask,
  formatReason,
  InvalidStateError,
  sleep,
  type Task,
  type TaskContext,
  TaskGroup,
  TaskTracker,
} from "../mod.ts";
import type { CancelNode } from "../src/core/node.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  failsInCleanup,
  slowCleanup,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, turn } from "./_probes.ts";

const forever = () => sleep(Infinity);
const fails = (error: unknown) => () => Promise.reject(error);

/** What a group rejects with; it must be an AggregateError. */
function groupError(run: Promise<unknown>): Promise<AggregateError> {
  return assertRejects(() => run, AggregateError);
}

// Ending

test("TaskGroup.run() resolves with the value of its body", async () => {
  assertEquals(
    await TaskGroup.run(() => sleep(1).then(() => "value")),
    "value",
  );
});

test("TaskGroup.run() waits for its children", async () => {
  await withVirtualClock(async (clock) => {
    const value = await TaskGroup.run((group) => {
      group.spawn(() => sleep(20));
      group.spawn(() => sleep(30));
      return "value";
    });
    assertEquals(value, "value");
    assertEquals(clock.now, 30);
    assertTasks([]);
  });
});

test("TaskGroup.run() waits for children that children spawn, while it is closing too", async () => {
  await withVirtualClock(async (clock) => {
    const depths: number[] = [];
    await TaskGroup.run((group) => {
      const spawn = (depth: number): void => {
        group.spawn(async () => {
          await sleep(10);
          depths.push(depth);
          if (depth < 3) spawn(depth + 1);
        });
      };
      spawn(1);
    });
    assertEquals(depths, [1, 2, 3]);
    assertEquals(clock.now, 30);
  });
});

test("TaskGroup.run() starts its body at once, in the current task", async () => {
  await createTask(async () => {
    const outside = currentTask();
    let started = false;
    const run = TaskGroup.run(() => {
      started = true;
      assertStrictEquals(currentTask(), outside);
    });
    assert(started);
    await run;
  });
});

test("TaskGroup refuses bad arguments", async () => {
  const run = TaskGroup.run as (...args: unknown[]) => unknown;
  assertRefused(() => run(1), TypeError, "received 1");
  assertRefused(() => run(() => {}, { name: 7 }), TypeError, "received 7");
  assertRefused(() => run(() => {}, null), TypeError, "received null");
  await TaskGroup.run((group) => {
    const spawn = group.spawn.bind(group) as (...args: unknown[]) => unknown;
    const start = group.start.bind(group) as (...args: unknown[]) => unknown;
    for (const call of [spawn, start]) {
      assertRefused(() => call("body"), TypeError, 'received "body"');
      assertRefused(() => call(forever, { name: 7 }), TypeError, "received 7");
      assertRefused(
        () => call(forever, { service: 1 }),
        TypeError,
        "received 1",
      );
      assertRefused(() => call(forever, null), TypeError, "received null");
    }
    const cancel = group.cancel.bind(group) as (reason: unknown) => unknown;
    assertRefused(() => cancel(5), TypeError, "received 5");
  });
});

test("group.spawn() gives a task that can be awaited and has its own name", async () => {
  await TaskGroup.run(async (group) => {
    const named = group.spawn(() => 1, { name: "named" });
    const body = group.spawn(function countWords() {
      return 2;
    });
    assertEquals([named.name, body.name], ["named", "countWords"]);
    assertEquals(await named + await body, 3);
  });
});

test("group.spawn() makes children of the task that holds the group, wherever it is called", async () => {
  const holder = createTask(() =>
    TaskGroup.run(async (group) => {
      const own = currentTask();
      await createTask(() => {
        assertStrictEquals(group.spawn(() => {}).parent, own);
      });
    })
  );
  await holder;
});

test("group.size counts the children that run", async () => {
  await TaskGroup.run(async (group) => {
    assertEquals(group.size, 0);
    const one = group.spawn(forever);
    group.spawn(() => sleep(1), { service: true });
    assertEquals(group.size, 2);
    one.cancel();
    await one.catch(() => {});
    assertEquals(group.size, 1);
  });
});

// Failing

test("the first failure in a group cancels the siblings and the body", async () => {
  const error = new Error("disk full");
  let sibling: Task | undefined;
  let body: unknown;
  const caught = await groupError(TaskGroup.run(async (group) => {
    sibling = group.spawn(forever, { name: "sibling" });
    group.spawn(fails(error), { name: "writer" });
    await forever().catch((reason) => body = reason);
  }, { name: "downloads" }));
  assertStrictEquals(caught.errors[0], error);
  assertEquals(caught.errors.length, 1);
  assertEquals(sibling?.status, "cancelled");
  assertEquals(
    formatReason(sibling!.reason!),
    'cancelled with its group <- cancelled with its group: task "writer" failed',
  );
  assertInstanceOf(body, CancelledError);
  assertEquals(body.reason.kind, "group");
});

test("a group always throws an AggregateError, also for a single error, and says which", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(fails(new RangeError("too far")));
  }, { name: "walk" }));
  assertEquals(caught.message, '1 error in group "walk": RangeError: too far');
  assertEquals(caught.errors.length, 1);
});

test("a group throws the errors of children and body in the order of time", async () => {
  await withVirtualClock(async () => {
    const cleanup = (ms: number, message: string) => async () => {
      await forever().catch(() => deafSleep(ms));
      throw new Error(message);
    };
    const caught = await groupError(TaskGroup.run(async (group) => {
      group.spawn(cleanup(30, "third"));
      group.spawn(cleanup(10, "second"));
      group.spawn(async () => {
        await sleep(5);
        throw new Error("first");
      });
      await cleanup(50, "body, last")();
    }, { name: "g" }));
    assertEquals(
      caught.message,
      '4 errors in group "g": Error: first; Error: second; Error: third; Error: body, last',
    );
    assertEquals(
      caught.errors.map(({ message }) => message),
      ["first", "second", "third", "body, last"],
    );
  });
});

test("a group whose body fails cancels the children and throws", async () => {
  const error = new Error("body");
  let child: Task | undefined;
  const caught = await groupError(TaskGroup.run((group) => {
    child = group.spawn(forever);
    throw error;
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(child?.status, "cancelled");
  assertEquals(child?.reason?.message, "its body failed");
});

test("a body that awaits its failing child reports the error once", async () => {
  const error = new Error("once");
  await collectingFailures(async (failures) => {
    const caught = await groupError(TaskGroup.run(async (group) => {
      await group.spawn(fails(error));
    }));
    assertEquals(caught.errors.length, 1);
    assertStrictEquals(caught.errors[0], error);
    await turn();
    assertEquals(failures, []);
  });
});

test("a child that awaits its failing sibling reports the error once", async () => {
  const error = new Error("once");
  const caught = await groupError(TaskGroup.run((group) => {
    const sibling = group.spawn(() => sleep(1).then(fails(error)));
    group.spawn(() => sibling);
  }));
  assertEquals(caught.errors.length, 1);
});

test("a failure that the body handles still fails the group and cancels the siblings", async () => {
  const error = new Error("handled in the body");
  let sibling: Task | undefined;
  const caught = await groupError(TaskGroup.run(async (group) => {
    sibling = group.spawn(forever);
    await group.spawn(fails(error)).catch(() => {});
    return "value";
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(sibling?.status, "cancelled");
});

test("a failure of a child that was swept by its tracker still fails the group", async () => {
  const error = new Error("can't close");
  const tracker = new TaskTracker();
  const caught = await groupError(TaskGroup.run(async (group) => {
    tracker.add(group.spawn(failsInCleanup(error)));
    const { failed } = await tracker.cancelAll();
    assertEquals(failed, 1);
    return "value";
  }));
  assertEquals(caught.errors, [error]);
});

test("a group takes what is thrown as it is, be it an Error or not", async () => {
  for (const thrown of ["text", undefined, 7, Object.create(null)]) {
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(fails(thrown));
    }));
    assertStrictEquals(caught.errors[0], thrown);
  }
});

test("a group names its first five errors in the message and has all of them", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 1; i <= 1000; i++) group.spawn(fails(`e${i}`));
  }, { name: "many" }));
  assertEquals(caught.errors.length, 1000);
  assertEquals(
    caught.message,
    '1000 errors in group "many": e1; e2; e3; e4; e5; and 995 more',
  );
});

test("errors beat cancellation when a child fails in its cleanup", async () => {
  const error = new Error("can't close");
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(failsInCleanup(error));
    })
  );
  task.cancel("outer");
  assertEquals((await groupError(task)).errors, [error]);
  assertEquals(task.status, "failed");
});

test("nested groups nest their AggregateErrors", async () => {
  const error = new Error("deep");
  const caught = await groupError(TaskGroup.run((outer) => {
    outer.spawn(() =>
      TaskGroup.run((inner) => {
        inner.spawn(fails(error));
      }, { name: "inner" })
    );
  }, { name: "outer" }));
  const [inner] = caught.errors;
  assertInstanceOf(inner, AggregateError);
  assertEquals(inner.errors, [error]);
  assertEquals(
    caught.message,
    '1 error in group "outer": AggregateError: 1 error in group "inner": Error: deep',
  );
});

test("a failure in an inner group leaves the outer one alone when it is caught", async () => {
  await withVirtualClock(async () => {
    const value = await TaskGroup.run(async (outer) => {
      const sibling = outer.spawn(() => sleep(10).then(() => "sibling"));
      await TaskGroup.run((inner) => {
        inner.spawn(fails(new Error("inner")));
      }).catch(() => {});
      return await sibling;
    });
    assertEquals(value, "sibling");
  });
});

test("a group reports its errors nowhere else", async () => {
  await collectingFailures(async (failures) => {
    const owner = createTask(async () => {
      await groupError(TaskGroup.run((group) => {
        group.spawn(fails(new Error("one")));
        group.spawn(failsInCleanup(new Error("two")));
      }));
    });
    await owner;
    await turn();
    assertEquals(failures, []);
  });
});

test("a group of 20,000 failing children collects them in time", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 0; i < 20_000; i++) group.spawn(fails(new Error(`${i}`)));
  }));
  assertEquals(caught.errors.length, 20_000);
});

// Cancelling

test("a cancelled child is silent: group and siblings go on", async () => {
  await withVirtualClock(async () => {
    const value = await TaskGroup.run(async (group) => {
      const child = group.spawn(forever);
      const sibling = group.spawn(() => sleep(10).then(() => "sibling"));
      child.cancel("only this one");
      await child.catch(() => {});
      assertEquals(group.reason, undefined);
      return await sibling;
    });
    assertEquals(value, "sibling");
  });
});

test("outer cancellation reaches body and children, and the group rejects with it after their cleanup", async () => {
  await withVirtualClock(async (clock) => {
    const seen: string[] = [];
    const task = createTask(() =>
      TaskGroup.run(async (group) => {
        group.spawn(slowCleanup(20));
        group.spawn(slowCleanup(30));
        await forever().catch(() => seen.push("body"));
      })
    );
    task.cancel("outer");
    const error = await assertRejects(() => task, CancelledError, "outer");
    assertStrictEquals(error, task.signal.reason);
    assertEquals(task.status, "cancelled");
    assertEquals(clock.now, 30);
    assertEquals(seen, ["body"]);
  });
});

test("outer cancellation with an Error arrives in a group by identity", async () => {
  const reason = new RangeError("quota");
  const seen: unknown[] = [];
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(() => forever().catch((error) => seen.push(error)));
      return forever();
    })
  );
  task.cancel(reason);
  assertStrictEquals(await assertRejects(() => task), reason);
  assertStrictEquals(seen[0], reason);
});

test("outer cancellation is not thrown when it cut nothing short", async () => {
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      group.spawn(() => deafSleep(1));
      await deafSleep(1);
      return "value";
    })
  );
  task.cancel();
  assertEquals(await task, "value");
});

test("outer cancellation is thrown when the body suppressed it but a child was cut short", async () => {
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(forever);
      return forever().catch(() => "kept");
    })
  );
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

test("group.cancel() ends a group quietly", async () => {
  let child: Task | undefined;
  const value = await TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    assert(group.cancel("enough"));
    await forever();
    return "never";
  });
  assertEquals(value, undefined);
  assertEquals(child?.status, "cancelled");
  assertEquals(child?.reason?.message, "enough");
});

test("group.cancel() works from a child", async () => {
  const value = await TaskGroup.run(async (group) => {
    group.spawn(() => sleep(1).then(() => void group.cancel("found")));
    group.spawn(forever);
    await forever();
  });
  assertEquals(value, undefined);
});

test("group.cancel() leaves the value of a body that has ended", async () => {
  const value = await TaskGroup.run((group) => {
    group.spawn(forever);
    group.cancel();
    return "value";
  });
  assertEquals(value, "value");
});

test("group.cancel() is idempotent, keeps its first reason, and returns false after the end", async () => {
  let kept: TaskGroup | undefined;
  await TaskGroup.run(async (group) => {
    kept = group;
    assert(group.cancel("first"));
    assert(group.cancel("second"));
    assertEquals(group.reason?.message, "first");
    await forever();
  });
  assertFalse(kept!.cancel());
});

test("group.cancel() doesn't hide what fails in the cleanup", async () => {
  const error = new Error("can't close");
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(failsInCleanup(error));
    group.cancel();
  }));
  assertEquals(caught.errors, [error]);
});

test("group.cancel() doesn't swallow an outer cancellation that follows", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() =>
      TaskGroup.run((group) => {
        group.spawn(slowCleanup(20));
        group.cancel("quiet");
        return forever();
      })
    );
    await sleep(10);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(task.status, "cancelled");
  });
});

test("group.cancel() doesn't touch the task that holds the group", async () => {
  const task = createTask(async () => {
    await TaskGroup.run((group) => {
      group.cancel();
      return forever();
    });
    await checkpoint();
    return "goes on";
  });
  assertEquals(await task, "goes on");
  assertFalse(task.cancelRequested);
});

test("group.signal aborts when the group is cancelled, from inside or outside", async () => {
  await TaskGroup.run((group) => {
    assertFalse(group.signal.aborted);
    group.cancel();
    assert(group.signal.aborted);
  });
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      await forever().catch(() => {});
      return group.signal.aborted;
    })
  );
  task.cancel();
  assert(await task);
});

test("a body that awaits a task cancelled elsewhere has failed with that cancellation", async () => {
  const other = createTask(forever);
  let child: Task | undefined;
  let saved = false;
  const run = TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    await other;
    saved = true;
  });
  other.cancel("elsewhere");
  const caught = await groupError(run);
  assertInstanceOf(caught.errors[0], CancelledError);
  assertEquals(caught.errors[0].reason.message, "elsewhere");
  assertEquals([child?.status, saved], ["cancelled", false]);
});

test("a body that throws a CancelledError of its own ends the group with that", async () => {
  const own = new CancelledError("no more");
  let child: Task | undefined;
  const run = TaskGroup.run((group) => {
    child = group.spawn(forever);
    throw own;
  });
  assertStrictEquals(await assertRejects(() => run), own);
  assertEquals(child?.status, "cancelled");
});

test("a group in a cancelled task runs its body with an aborted signal and spawns nothing", async () => {
  let started = false;
  const task = createTask(async () => {
    await forever().catch(() => {});
    await TaskGroup.run((group) => {
      group.spawn(() => {
        started = true;
      });
    });
  });
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertFalse(started);
});

test("a group lets its children see who cancelled and why", async () => {
  let child: Task | undefined;
  const task = createTask(() =>
    TaskGroup.run((group) => {
      child = group.spawn(forever, { name: "child" });
    }), { name: "server" });
  const operator = createTask(() => task.cancel("maintenance"), {
    name: "operator",
  });
  await operator;
  await assertRejects(() => task);
  assertEquals(
    formatReason(child!.reason!),
    'cancelled with its group "server" <- cancelled with its parent "server" <- cancelled by task "operator": maintenance',
  );
});

// Refusing

test("group.spawn() throws when the group is cancelled, and never starts the body", async () => {
  let started = false;
  const value = await TaskGroup.run((group) => {
    group.cancel("enough");
    const error = assertThrows(
      () =>
        group.spawn(() => {
          started = true;
        }),
      InvalidStateError,
      'Cannot spawn in group "g": it is cancelled',
    );
    assertInstanceOf(error.cause, CancelledError);
    return "value";
  }, { name: "g" });
  assertEquals(value, "value");
  assertFalse(started);
});

test("group.spawn() throws when the group has ended", async () => {
  let kept: TaskGroup | undefined;
  await TaskGroup.run((group) => {
    kept = group;
  }, { name: "g" });
  assertRefused(
    () => kept!.spawn(forever),
    InvalidStateError,
    'Cannot spawn in group "g": it has ended',
  );
  assertRefused(
    () => kept!.start(forever),
    InvalidStateError,
    'Cannot spawn in group "g": it has ended',
  );
});

test("group.spawn() throws after a failure, and the refusal is no error of its own", async () => {
  const error = new Error("real");
  const caught = await groupError(TaskGroup.run(async (group) => {
    group.spawn(fails(error));
    await deafSleep(1);
    group.spawn(forever);
  }));
  assertEquals(caught.errors, [error]);
});

test("group.spawn() that is refused in a child adds no error to the group's", async () => {
  const error = new Error("real");
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 0; i < 3; i++) {
      group.spawn(async () => {
        await deafSleep(1);
        group.spawn(forever);
      });
    }
    group.spawn(fails(error));
  }));
  assertEquals(caught.errors, [error]);
});

test("group.spawn() that is refused in a child doesn't make group.cancel() loud", async () => {
  const value = await TaskGroup.run((group) => {
    group.spawn(async () => {
      await deafSleep(1);
      group.spawn(forever);
    });
    group.cancel();
    return "quiet";
  });
  assertEquals(value, "quiet");
});

test("group.spawn() that is refused in a child under outer cancellation rejects with that", async () => {
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(async () => {
        await deafSleep(1);
        group.spawn(forever);
      });
    })
  );
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

// Readiness

test("group.start() waits for the readiness value of the child", async () => {
  await withVirtualClock(async (clock) => {
    await TaskGroup.run(async (group) => {
      const port = await group.start<number>(async (_, started) => {
        await sleep(20);
        started(8080);
        await sleep(30);
      });
      assertEquals([port, clock.now], [8080, 20]);
      assertEquals(group.size, 1);
    });
    assertEquals(clock.now, 50);
  });
});

test("group.start() gives its body a context", async () => {
  await TaskGroup.run(async (group) => {
    const name = await group.start<string>((context, started) => {
      started(context.name);
    }, { name: "server" });
    assertEquals(name, "server");
  });
});

test("group.start() may be ready before its body first waits", async () => {
  await TaskGroup.run(async (group) => {
    assertEquals(await group.start<number>((_, started) => started(1)), 1);
  });
});

test("group.start() rejects with what the child throws before it is ready, to its caller alone", async () => {
  const error = new Error("port in use");
  const value = await TaskGroup.run(async (group) => {
    const sibling = group.spawn(() => sleep(2).then(() => "sibling"));
    const caught = await assertRejects(() => group.start(fails(error)));
    assertStrictEquals(caught, error);
    assertFalse(group.signal.aborted);
    return await sibling;
  });
  assertEquals(value, "sibling");
});

test("group.start() rejects when the child throws synchronously", async () => {
  await TaskGroup.run(async (group) => {
    await assertRejects(
      () =>
        group.start(() => {
          throw new RangeError("at once");
        }),
      RangeError,
    );
  });
});

test("group.start() rejects when the child ends without being ready", async () => {
  await TaskGroup.run(async (group) => {
    await assertRejects(
      () => group.start(() => sleep(1), { name: "server" }),
      InvalidStateError,
      'Cannot start task "server": it ended without calling started()',
    );
  });
});

test("group.start() rejects when the child is cancelled before it is ready", async () => {
  await TaskGroup.run(async (group) => {
    const wait = group.start(async ({ signal }) => {
      assertFalse(signal.aborted);
      currentTask()!.cancel("changed my mind");
      await checkpoint();
    });
    await assertRejects(() => wait, CancelledError, "changed my mind");
  });
});

test("group.start() cancels its child when its caller is cancelled", async () => {
  await TaskGroup.run(async (group) => {
    let child: Task | undefined;
    const caller = createTask(() =>
      group.start(() => {
        child = currentTask();
        return forever();
      })
    );
    caller.cancel("no longer");
    await assertRejects(() => caller, CancelledError, "no longer");
    await turn();
    assertEquals(child?.status, "cancelled");
    assertEquals(child?.reason?.message, "no longer");
    assertEquals(group.size, 0);
  });
});

test("group.start() loses no error that its child throws after its caller was cancelled", async () => {
  const error = new Error("can't close");
  const caught = await groupError(TaskGroup.run(async (group) => {
    const scope = new CancelScope();
    const wait = scope.run(() => group.start(failsInCleanup(error)));
    scope.cancel("enough");
    await wait;
    assert(scope.cancelledCaught);
    await forever();
  }));
  assertEquals(caught.errors, [error]);
});

test("group.start() rejects at the door when its caller is cancelled already", async () => {
  await TaskGroup.run(async (group) => {
    let started = false;
    const caller = createTask(async () => {
      await forever().catch(() => {});
      await group.start(() => {
        started = true;
        return forever();
      });
    });
    caller.cancel("before");
    await assertRejects(() => caller, CancelledError, "before");
    assertFalse(started);
  });
});

test("group.start() rejects with the group's cancellation when a sibling fails", async () => {
  const error = new Error("sibling");
  let start: unknown;
  const caught = await groupError(TaskGroup.run(async (group) => {
    group.spawn(() => sleep(1).then(fails(error)));
    await group.start(forever).catch((reason) => {
      start = reason;
      throw reason;
    });
  }));
  assertEquals(caught.errors, [error]);
  assertInstanceOf(start, CancelledError);
});

test("group.start() makes an ordinary child: its failure after readiness fails the group", async () => {
  const error = new Error("later");
  const caught = await groupError(TaskGroup.run(async (group) => {
    await group.start<void>(async (_, started) => {
      started();
      await sleep(1);
      throw error;
    });
    await forever();
  }));
  assertEquals(caught.errors, [error]);
});

test("started() throws in the child when it is called twice", async () => {
  const caught = await groupError(TaskGroup.run(async (group) => {
    await group.start<number>((_, started) => {
      started(1);
      started(2);
    }, { name: "server" });
  }));
  assertEquals(
    caught.errors[0].message,
    'Cannot call started() of task "server": it was called before',
  );
});

test("group.start() leaves no listener on its caller when the child is ready", async () => {
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      const body = (_: TaskContext, started: (value: number) => void) => {
        started(1);
        return sleep(1);
      };
      for (let i = 0; i < 100; i++) await group.start(body);
      assertEquals((currentTask() as unknown as CancelNode).listeners, null);
    })
  );
  await task;
});

// Forgetting

test("a group forgets finished children at once: 100,000 go through one", async () => {
  await TaskGroup.run(async (group) => {
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < 100; j++) group.spawn(() => {});
      most = Math.max(most, group.size);
      await null;
      await null;
      await null;
    }
    assertEquals(most, 100);
    assertEquals(group.size, 0);
    assertTasks([]);
  });
});

// Services

test("services end after body and ordinary children, the last one first", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    const service = (name: string, cleanup: number) => async () => {
      try {
        await forever();
      } finally {
        log.push(`${name} is asked at ${clock.now}`);
        await deafSleep(cleanup);
      }
    };
    const value = await TaskGroup.run(async (group) => {
      group.spawn(service("database", 5), { service: true });
      group.spawn(service("cache", 7), { service: true });
      group.spawn(service("server", 3), { service: true });
      group.spawn(() => sleep(50));
      await sleep(20);
      return "value";
    });
    assertEquals(value, "value");
    assertEquals(log, [
      "server is asked at 50",
      "cache is asked at 53",
      "database is asked at 60",
    ]);
    assertEquals(clock.now, 65);
  });
});

test("a service is told that its group has ended", async () => {
  let service: Task | undefined;
  await TaskGroup.run((group) => {
    service = group.spawn(forever, { service: true });
  });
  assertEquals(service?.status, "cancelled");
  assertEquals(service?.reason?.kind, "group");
  assertEquals(service?.reason?.message, "its group has ended");
});

test("services end after the ordinary children under outer cancellation too", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    const task = createTask(() =>
      TaskGroup.run(async (group) => {
        for (const name of ["database", "server"]) {
          group.spawn(async () => {
            await forever().finally(() => log.push(`${name} at ${clock.now}`));
          }, { service: true });
        }
        group.spawn(slowCleanup(20));
        await forever();
      })
    );
    await sleep(5);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(log, ["server at 25", "database at 25"]);
  });
});

test("services see the reason of the outer cancellation", async () => {
  let service: Task | undefined;
  const task = createTask(() =>
    TaskGroup.run((group) => {
      service = group.spawn(forever, { service: true });
      return forever();
    })
  );
  task.cancel("maintenance");
  await assertRejects(() => task);
  assertEquals(service?.reason?.message, "maintenance");
});

test("group.cancel() reaches the services last", async () => {
  await withVirtualClock(async (clock) => {
    let asked = 0;
    await TaskGroup.run((group) => {
      group.spawn(async () => {
        await forever().finally(() => asked = clock.now);
      }, { service: true });
      group.spawn(slowCleanup(20));
      group.cancel();
    });
    assertEquals(asked, 20);
  });
});

test("a service that fails fails the group and cancels the others", async () => {
  const error = new Error("connection lost");
  let child: Task | undefined;
  const caught = await groupError(TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    group.spawn(() => sleep(1).then(fails(error)), { service: true });
    await forever();
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(child?.status, "cancelled");
});

test("a service that fails in its cleanup fails the group, after all services have ended", async () => {
  const error = new Error("can't close");
  let first: Task | undefined;
  const caught = await groupError(TaskGroup.run((group) => {
    first = group.spawn(slowCleanup(1), { service: true });
    group.spawn(failsInCleanup(error), { service: true });
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(first?.status, "cancelled");
});

test("a service that ends by itself keeps nobody waiting", async () => {
  await withVirtualClock(async (clock) => {
    await TaskGroup.run((group) => {
      group.spawn(() => sleep(5), { service: true });
      group.spawn(() => sleep(20));
    });
    assertEquals(clock.now, 20);
  });
});

test("a service is cancelled at once by its own handle", async () => {
  await TaskGroup.run(async (group) => {
    const service = group.spawn(forever, { service: true });
    service.cancel("restart");
    await assertRejects(() => service, CancelledError, "restart");
    assertEquals(group.size, 0);
  });
});

test("a child that a service spawns in its cleanup ends before the next service is asked", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    await TaskGroup.run((group) => {
      group.spawn(async () => {
        await forever().finally(() => log.push(`database at ${clock.now}`));
      }, { service: true });
      group.spawn(async () => {
        try {
          await forever();
        } finally {
          group.spawn(() => deafSleep(30));
        }
      }, { service: true });
    });
    assertEquals(log, ["database at 30"]);
  });
});

test("a service that was started with group.start() ends in reverse order too", async () => {
  const log: string[] = [];
  await TaskGroup.run(async (group) => {
    for (const name of ["first", "second", "third"]) {
      await group.start<void>(async (_, started) => {
        started();
        await forever().finally(() => log.push(name));
      }, { service: true });
    }
  });
  assertEquals(log, ["third", "second", "first"]);
});

// Opened by hand, as `await using` does

test("group[Symbol.asyncDispose]() cancels the children and waits for them", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup();
    const child = group.spawn(slowCleanup(20));
    await group[Symbol.asyncDispose]();
    assertEquals(child.status, "cancelled");
    assertEquals(clock.now, 20);
    assertRefused(
      () => group.spawn(forever),
      InvalidStateError,
      "it has ended",
    );
  });
});

test("group[Symbol.asyncDispose]() rejects with what the children failed with", async () => {
  const error = new Error("can't close");
  const group = new TaskGroup({ name: "g" });
  group.spawn(failsInCleanup(error));
  const caught = await groupError(group[Symbol.asyncDispose]());
  assertEquals(caught.errors, [error]);
});

test("group.join() waits for the children and closes the group", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup();
    group.spawn(() => sleep(20));
    await group.join();
    assertEquals(clock.now, 20);
    assertRefused(
      () => group.spawn(forever),
      InvalidStateError,
      "it has ended",
    );
    await group[Symbol.asyncDispose]();
  });
});

test("group.join() rejects with the errors, and disposing doesn't throw them again", async () => {
  const error = new Error("broken");
  const group = new TaskGroup();
  group.spawn(fails(error));
  assertEquals((await groupError(group.join())).errors, [error]);
  await group[Symbol.asyncDispose]();
});

test("group.join() rejects with the outer cancellation that cut a child short", async () => {
  const task = createTask(async () => {
    const group = new TaskGroup();
    group.spawn(forever);
    await group.join();
  });
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

test("a group opened by hand cancels the siblings of a failed child, not the code around it", async () => {
  const group = new TaskGroup();
  const sibling = group.spawn(forever);
  group.spawn(fails(new Error("broken")));
  await checkpoint();
  assertEquals(sibling.status, "cancelled");
  await groupError(group.join());
});

test("group.join() rejects when a child of the group calls it, instead of hanging", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(() => group.join(), { name: "child" });
  }, { name: "g" }));
  assertEquals(
    String(caught.errors[0]),
    'InvalidStateError: Cannot wait for group "g": task "child" is in it',
  );
});

test("group.name is the one given, or says what it is", () => {
  const named = new TaskGroup({ name: "workers" });
  const unnamed = new TaskGroup();
  assertEquals(named.name, "workers");
  assertMatch(unnamed.name, /^group-\d+$/);
  return Promise.all([named.join(), unnamed.join()]).then(() => {});
});

test("TaskGroup.run() rejects and names both when a scope is still running at the end of its body", async () => {
  const inner = new CancelScope({ name: "inner" });
  let run: Promise<void> = Promise.resolve();
  const caught = await groupError(TaskGroup.run(() => {
    run = inner.run(forever);
  }, { name: "g" }));
  assertEquals(
    caught.errors[0].message,
    'Cannot leave scope "g": scope "inner" was entered in it and is still running; await it before the end of "g"',
  );
  await assertRejects(() => run, CancelledError, "its body failed");
});
