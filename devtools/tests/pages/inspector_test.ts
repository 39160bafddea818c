/** The page of the inspector in a headless Chromium, beside its program. */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { AsyncEvent, createTask, sleep, type Task } from "@mdc/tasks";
import {
  inspect,
  type InspectOptions,
  type Inspector,
} from "@mdc/devtools/inspector";
import type { Page } from "playwright-core";
import { test } from "../../../tests/_harness.ts";
import { seriousFindings, withPage } from "./_browser.ts";

async function withInspector(
  body: (page: Page, inspector: Inspector) => Promise<void>,
  options?: InspectOptions,
): Promise<void> {
  const inspector = await inspect(options);
  try {
    await withPage(async (page) => {
      await page.goto(inspector.url);
      await page.getByText("live", { exact: true }).waitFor();
      await body(page, inspector);
    }, { allow: [inspector.url, "data:"] });
  } finally {
    await inspector.close();
  }
}

async function end(task: Task<unknown>): Promise<void> {
  task.cancel();
  await task.catch(() => {});
}

test("the inspector shows tasks as they come and go", async () => {
  await withInspector(async (page) => {
    const task = createTask(() => sleep(60_000), { name: "poller" });
    await page.getByRole("treeitem", { name: /^poller, task, running/ })
      .waitFor();
    await end(task);
    await page.getByRole("treeitem", { name: /^poller, task, cancelled/ })
      .waitFor();
  });
});

test("the inspector cancels a task with the reason that was typed", async () => {
  await withInspector(async (page) => {
    const task = createTask(() => sleep(60_000), { name: "worker" });
    await page.getByRole("treeitem", { name: /^worker/ }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("maintenance");
    await page.getByRole("button", { name: "Cancel task" }).click();
    await page.getByRole("treeitem", { name: /^worker, task, cancelled/ })
      .waitFor();
    await task.catch(() => {});
    assertEquals(task.reason?.message, "maintenance");
    const details = page.getByRole("region", { name: "Details" });
    assertMatch((await details.textContent())!, /maintenance/);
  }, { allowCancel: true });
});

test("what is typed stays while the task changes", async () => {
  await withInspector(async (page) => {
    const task = createTask(async () => {
      for (;;) await sleep(20);
    }, { name: "busy" });
    await page.getByRole("treeitem", { name: /^busy/ }).click();
    const reason = page.getByRole("textbox", { name: "Reason" });
    await reason.fill("half a");
    await page.locator(".details li").nth(15).waitFor();
    assertEquals(await reason.inputValue(), "half a");
    await end(task);
  }, { allowCancel: true });
});

test("the inspector offers no button where it may only show", async () => {
  await withInspector(async (page) => {
    const task = createTask(() => sleep(60_000), { name: "worker" });
    await page.getByRole("treeitem", { name: /^worker/ }).click();
    assertEquals(await page.getByRole("button", { name: /Cancel/ }).count(), 0);
    await end(task);
  });
});

test("the inspector lists who doesn't stop, though nothing else happens, and a click leads there", async () => {
  await withInspector(async (page) => {
    const stop = new AsyncEvent();
    const task = createTask(() => stop.wait({ signal: null }), {
      name: "stubborn",
    });
    task.cancel();
    await page.getByText("Asked to stop, and still running: 1").click();
    await page.getByRole("button", { name: "stubborn" }).click();
    await page.getByRole("treeitem", { name: /^stubborn/, selected: true })
      .waitFor();
    stop.set();
    await task;
  });
});

test("a page that is loaded again shows what is there", async () => {
  await withInspector(async (page) => {
    const task = createTask(() => sleep(60_000), { name: "steady" });
    await page.getByRole("treeitem", { name: /^steady/ }).waitFor();
    await page.reload();
    await page.getByRole("treeitem", { name: /^steady/ }).waitFor();
    await end(task);
  });
});

/** Markup, escape sequences, half of a surrogate pair, and a megabyte. */
const HOSTILE = '<img src=x onerror="throw 1"></script>\u001b[31m\ud800' +
  "x".repeat(1e6);

test("hostile names, reasons and errors are shown as they are, and cut", async () => {
  await withInspector(async (page, { url }) => {
    const stop = new AsyncEvent();
    const task = createTask(() => stop.wait({ signal: null }), {
      name: HOSTILE,
    });
    task.cancel(HOSTILE);
    const failing = createTask(() => Promise.reject(new Error(HOSTILE)), {
      name: `failing ${HOSTILE}`,
    });
    const row = page.getByRole("treeitem", { name: /^<img/ });
    await row.click();
    const details = page.getByRole("region", { name: "Details" });
    const heading = await details.getByRole("heading").textContent();
    assertMatch(heading!, /^<img src=x onerror="throw 1"><\/script>/);
    assertMatch(heading!, /x… \(1000044 characters\)$/);
    await page.getByRole("treeitem", { name: /^failing/ }).click();
    assertMatch((await details.textContent())!, /Error: <img src=x/);
    // Nothing of it became an element, a script, or a very long text.
    assertEquals(await page.locator("img").count(), 0);
    const all = await page.locator("body").textContent();
    assertLess(all!.length, 200_000);
    const tree = await (await fetch(`${url}tree`)).text();
    assertLess(tree.length, 5_000);
    stop.set();
    await task;
    await failing.catch(() => {});
  });
});

const looks = { light: 1200, dark: 400 } as const;
for (const colorScheme of ["light", "dark"] as const) {
  const width = looks[colorScheme];
  test(`axe-core finds nothing serious in the inspector, ${colorScheme}, ${width} pixels wide`, async () => {
    // Only for this check a script is put into the page.
    const inspector = await inspect({ allowCancel: true });
    const stop = new AsyncEvent();
    const tasks = [
      createTask(async () => {
        for (;;) await sleep(100);
      }, { name: "worker" }),
      createTask(() => stop.wait({ signal: null }), { name: HOSTILE }),
    ];
    tasks[1]!.cancel(HOSTILE);
    const failing = createTask(() => Promise.reject(new Error(HOSTILE)));
    try {
      await withPage(async (page) => {
        await page.goto(inspector.url);
        await page.getByText("Asked to stop, and still running").waitFor();
        await page.getByRole("treeitem", { name: /^worker/ }).click();
        assertEquals(await seriousFindings(page), []);
      }, {
        allow: [inspector.url, "data:"],
        colorScheme,
        viewport: { width, height: 700 },
      });
    } finally {
      await inspector.close();
      stop.set();
      await Promise.allSettled([...tasks.map(end), failing]);
    }
  });
}
