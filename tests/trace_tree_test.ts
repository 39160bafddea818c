import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  abortable,
  configure,
  createTask,
  failAfter,
  progressOf,
  shield,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  formatTaskTree,
  subscribe,
  type TaskTree,
  taskTree,
  type TaskTreeNode,
} from "../trace.ts";
import { test } from "./_harness.ts";

/** Runs `body` on the virtual clock while somebody observes. */
async function observed(body: () => Promise<unknown>): Promise<void> {
  await withVirtualClock(async () => {
    const subscription = subscribe({ ended() {} });
    try {
      await body();
    } finally {
      subscription.unsubscribe();
    }
  });
}

async function end(task: Task<unknown>): Promise<void> {
  task.cancel();
  await task.catch(() => {});
}

/** The nodes of a tree by name. */
function byName({ roots }: TaskTree): Map<string, TaskTreeNode> {
  const found = new Map<string, TaskTreeNode>();
  const rest = [...roots];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    found.set(node.name, node);
    rest.push(...node.children);
  }
  return found;
}

/** A program whose tree has one of each. */
function program(): Task<unknown> {
  return createTask(async () => {
    await failAfter(60_000, () =>
      TaskGroup.run(async (group) => {
        group.spawn(() => sleep(30_000), { name: "worker" });
        await shield(() => sleep(20_000));
      }, { name: "crew" }));
  }, { name: "main" });
}

test("taskTree() gives tasks, scopes and groups below their owners", async () => {
  await observed(async () => {
    const main = program();
    const { tasks, roots } = taskTree();
    const shape = (nodes: readonly TaskTreeNode[]): unknown =>
      nodes.map(({ kind, children }) => [kind, shape(children)]);
    assertEquals(tasks, 2);
    assertEquals(shape(roots), [
      ["task", [["scope", [["group", [["task", []], ["scope", []]]]]]]],
    ]);
    assertEquals(roots[0]?.id, String(main.id));
    await end(main);
    assertEquals(taskTree().roots, []);
  });
});

test("taskTree() tells ages, deadlines, shields and waits while somebody observes", async () => {
  await observed(async () => {
    const main = program();
    await sleep(1_000);
    const nodes = byName(taskTree());
    const worker = nodes.get("worker")!;
    assertEquals(worker.age, 1_000);
    assertEquals(worker.waits, [
      { kind: "timer", what: "sleep()", elapsed: 1_000 },
    ]);
    const scope = [...nodes.values()].find(({ kind, shielded }) =>
      kind === "scope" && !shielded
    );
    assertEquals(scope?.timeLeft, 59_000);
    assert([...nodes.values()].some(({ shielded }) => shielded));
    await end(main);
  });
});

test("taskTree() shows all waits of a task that waits for several things", async () => {
  await observed(async () => {
    const task = createTask(() => Promise.all([sleep(5), sleep(9)]), {
      name: "both",
    });
    assertEquals(byName(taskTree()).get("both")?.waits.length, 2);
    await sleep(7);
    assertEquals(byName(taskTree()).get("both")?.waits.length, 1);
    await task;
  });
});

test("taskTree() says who was asked to stop and why, and who has outlived its owner", async () => {
  await observed(async () => {
    let child: Task<unknown> | undefined;
    await createTask(() => {
      child = createTask(() => shield(() => sleep(50)), { name: "child" });
    }, { name: "parent" });
    child!.cancel("enough");
    const node = byName(taskTree()).get("child")!;
    assertEquals(node.status, "cancelling");
    assertEquals(node.reason?.message, "enough");
    assertEquals(node.lingering, true);
    await child!.catch(() => {});
  });
});

test("taskTree() has the progress that somebody asked for", async () => {
  await observed(async () => {
    const task = createTask(async ({ progress }) => {
      progress.update({ stage: "download", completed: 3, total: 4 });
      await sleep(5);
    }, { name: "loader" });
    assertEquals(progressOf(task).completed, 3);
    const tree = taskTree();
    assertEquals(byName(tree).get("loader")?.progress?.fraction, 0.75);
    assertMatch(formatTaskTree(tree), /download 3\/4 \(75 %\)/);
    await task;
  });
});

test("taskTree() names tasks that wait for each other", async () => {
  await observed(async () => {
    const tasks: Task<unknown>[] = [];
    const waitFor = (other: number) => async () => {
      await sleep(1);
      await abortable(tasks[other]!);
    };
    tasks.push(createTask(waitFor(1), { name: "egg" }));
    tasks.push(createTask(waitFor(0), { name: "hen" }));
    await sleep(2);
    const tree = taskTree();
    assertEquals(tree.cycles.map((cycle) => cycle.map(({ name }) => name)), [
      ["egg", "hen"],
    ]);
    assertMatch(
      formatTaskTree(tree),
      /They wait for each other: egg \(#\d+\) -> hen \(#\d+\) -> egg/,
    );
    for (const task of tasks) await end(task);
  });
});

test("taskTree() knows places with creation sites, without a subscription", async () => {
  const before = configure({ creationSites: true });
  await withVirtualClock(async () => {
    const task = createTask(() => sleep(5), { name: "placed" });
    assertMatch(
      byName(taskTree()).get("placed")?.place ?? "",
      /trace_tree_test/,
    );
    await task;
  });
  configure(before);
});

test("taskTree() knows names, owners and status when nobody ever subscribed", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() => sleep(5), { name: "plain" });
    const node = byName(taskTree()).get("plain")!;
    assertEquals([node.status, node.age, node.waits], [
      "running",
      undefined,
      [],
    ]);
    await task;
  });
});

test("formatTaskTree() draws branches like pstree", async () => {
  await observed(async () => {
    const main = createTask(async () => {
      void createTask(async () => {
        await createTask(() => sleep(50), { name: "leaf" });
      }, { name: "a" });
      await createTask(() => sleep(50), { name: "b" });
    }, { name: "main" });
    const text = formatTaskTree(taskTree()).replaceAll(/ \(.*\)/g, "");
    assertEquals(text.split("\n"), [
      "4 tasks run",
      "main",
      "├─ a",
      "│  └─ leaf",
      "└─ b",
    ]);
    await end(main);
  });
});

test("formatTaskTree() writes out what would control a terminal", async () => {
  await observed(async () => {
    const hostile = "\u001b[31mred\u001b[0m\nline\u202e\ud800 <b>";
    const task = createTask(() => sleep(50), { name: hostile });
    const text = formatTaskTree(taskTree());
    assertEquals(text.split("\n").length, 2);
    assertMatch(text, /\\u001b\[31mred\\u001b\[0m\\nline\\u202e\\ud800 <b>/);
    await end(task);
  });
});

test("formatTaskTree() cuts a name of a megabyte, but not in JSON", async () => {
  await observed(async () => {
    const name = "x".repeat(1_000_000);
    const task = createTask(() => sleep(50), { name });
    const tree = taskTree();
    const text = formatTaskTree(tree);
    assert(text.length < 1_000, `${text.length}`);
    assertMatch(text, /… \(1000000 characters\)/);
    const parsed = JSON.parse(formatTaskTree(tree, { format: "json" }));
    assertEquals(parsed.roots[0].name.length, 1_000_000);
    await end(task);
  });
});

test("formatTaskTree() writes JSON that says the same as the tree", async () => {
  await observed(async () => {
    const main = program();
    main.cancel("stop");
    const tree = taskTree();
    const parsed = JSON.parse(formatTaskTree(tree, { format: "json" }));
    const names = (nodes: readonly TaskTreeNode[]): unknown =>
      nodes.map(({ name, children }) => [name, names(children)]);
    assertEquals(names(parsed.roots), names(tree.roots));
    assertEquals(parsed.tasks, 2);
    assertEquals(parsed.roots[0].reason[0].message, "stop");
    await main.catch(() => {});
  });
});

test("formatTaskTree() writes a Mermaid chart in which names are no markup", async () => {
  await observed(async () => {
    const main = createTask(async () => {
      await createTask(() => sleep(50), { name: 'x"] --> y <script>' });
    }, { name: "main" });
    await sleep(0);
    const text = formatTaskTree(taskTree(), { format: "mermaid" });
    const [head, first, ...rest] = text.split("\n");
    assertEquals(head, "flowchart TD");
    assertMatch(first!, /^ {2}n\d+\["main, for 0 ms, waits for task .*"\]$/);
    assert(!/<script>|"\] -->/.test(rest.join("\n")), rest.join("\n"));
    assertMatch(rest.join("\n"), /n\d+ --> n\d+/);
    await end(main);
  });
});

test("formatTaskTree() draws a chain of 5,000 owners in every format", async () => {
  await observed(async () => {
    let deepest: Task<unknown> | undefined;
    const first = createTask(() => sleep(50), { name: "t0" });
    let parent: Task<unknown> = first;
    for (let i = 1; i < 5_000; i++) {
      parent = deepest = createTask(() => sleep(50), {
        name: `t${i}`,
        parent,
      });
    }
    first.cancel("all");
    const tree = taskTree();
    assertEquals(tree.tasks, 5_000);
    for (const format of ["text", "mermaid", "json"] as const) {
      assertMatch(formatTaskTree(tree, { format }), /t4999/);
    }
    await deepest!.catch(() => {});
  });
});

test("formatTaskTree() refuses an unknown format, option and tree", () => {
  const tree = taskTree();
  assertThrows(
    () => formatTaskTree(tree, { format: "xml" as never }),
    TypeError,
    "format",
  );
  assertThrows(
    () => formatTaskTree(tree, { fromat: "text" } as never),
    TypeError,
    'unknown option "fromat"; did you mean "format"?',
  );
  assertThrows(
    () => formatTaskTree(5 as never),
    TypeError,
    "Cannot format a tree: expected what taskTree() gave, received 5",
  );
});
