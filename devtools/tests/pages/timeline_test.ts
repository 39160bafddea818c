/** The page of a recording in a headless Chromium. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTask, shield, sleep, TaskGroup } from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import { record, type Span } from "@mdc/devtools/recording";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { test } from "../../../tests/_harness.ts";
import { seriousFindings, withPage } from "./_browser.ts";

const HOSTILE = `</script><img src=x onerror="alert(1)">`;

interface Recorded {
  readonly html: string;
  readonly spans: readonly Span[];
}

/** A program with every status, and how its recording looks as a page. */
const recorded: Recorded = await withVirtualClock(async () => {
  const recording = record();
  const ignoring = createTask(() => shield(() => sleep(5_000)), {
    name: "stubborn",
  });
  const server = createTask(() =>
    TaskGroup.run(async (group) => {
      group.spawn(() => sleep(60_000), { name: "poller" });
      group.spawn(() => sleep(40), { name: HOSTILE });
      group.spawn(async () => {
        await sleep(50);
        throw new Error("disk full");
      }, { name: "saver" });
      await sleep(60_000);
    }, { name: "crew" }), { name: "server" });
  ignoring.cancel("please stop");
  await server.catch(() => {});
  await sleep(50);
  recording.stop();
  const html = recording.toTimelineHtml({ title: "Demo" });
  await ignoring.catch(() => {});
  return { html, spans: recording.spans() };
});

/** Opens the page of the recording, and looks that nothing goes wrong in it. */
async function withTimeline(
  body: (page: Page) => Promise<void>,
  options: Parameters<typeof withPage>[1] = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mdc-timeline-"));
  try {
    const file = join(folder, "timeline.html");
    writeFileSync(file, recorded.html);
    await withPage(async (page) => {
      await page.goto(pathToFileURL(file).href);
      await page.getByRole("treeitem").first().waitFor();
      await body(page);
    }, { ...options, allow: ["file:"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function details(page: Page): Promise<string | null> {
  return page.getByRole("region", { name: "Details" }).textContent();
}

test("the timeline has a row for each task, scope and group, named with its status", async () => {
  await withTimeline(async (page) => {
    const labels = await page.getByRole("treeitem").evaluateAll((rows) =>
      rows.map((row) => row.getAttribute("aria-label")!)
    );
    assertEquals(labels.length, recorded.spans.length);
    for (const { name, status } of recorded.spans) {
      const word = status === "cancelling" ? "asked to stop" : status;
      const found = labels.some((label) =>
        label.startsWith(`${name}, `) && label.includes(word)
      );
      assert(found, `${name} ${status} in ${labels.join("; ")}`);
    }
  });
});

test("a click on a row shows its owner, its reason and who asked", async () => {
  await withTimeline(async (page) => {
    await page.getByRole("treeitem", { name: /^poller/ }).click();
    const text = await details(page);
    assertMatch(text!, /poller/);
    assertMatch(text!, /Ownercrew/);
    assertMatch(text!, /task "saver" failed/);
    assertMatch(text!, /Cancelled at50 ms/);
  });
});

test("a click on a failed row shows its error", async () => {
  await withTimeline(async (page) => {
    await page.getByRole("treeitem", { name: /^saver/ }).click();
    assertMatch((await details(page))!, /Error: disk full/);
  });
});

test("a click on a bar selects its row", async () => {
  await withTimeline(async (page) => {
    const row = page.getByRole("treeitem", { name: /^server/ });
    const { y, height } = (await row.boundingBox())!;
    const { x } = (await page.locator("canvas").boundingBox())!;
    await page.mouse.click(x + 40, y + height / 2);
    await drawn(page);
    assertEquals(await row.getAttribute("aria-selected"), "true");
  });
});

test("a search selects what it finds, also in a folded subtree, and says how many", async () => {
  await withTimeline(async (page) => {
    await page.getByRole("button", { name: "Fold all", exact: true }).click();
    await drawn(page);
    assertEquals(await page.getByRole("treeitem").count(), 2);
    await page.getByRole("searchbox").fill("POLL");
    await drawn(page);
    const row = page.getByRole("treeitem", { name: /^poller/ });
    assertEquals(await row.getAttribute("aria-selected"), "true");
    assertEquals(await page.locator("output").textContent(), "1 of 1");
    await page.getByRole("searchbox").fill("nothing like it");
    assertEquals(await page.locator("output").textContent(), "none found");
  });
});

/** Presses keys, and waits until the page has drawn what follows. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await drawn(page);
}

/** Waits until the page has drawn what it was told. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
  );
}

test("the keyboard moves, folds and zooms", async () => {
  await withTimeline(async (page) => {
    const selected = () =>
      page.locator('[aria-selected="true"]').getAttribute("aria-label");
    const rows = () => page.getByRole("treeitem").count();
    const look = () => page.locator("canvas").screenshot();
    await page.getByRole("tree").focus();
    await press(page, "End");
    assertMatch((await selected())!, /^saver/);
    await press(page, "Home");
    assertMatch((await selected())!, /^stubborn/);
    await press(page, "End", "ArrowLeft");
    assertMatch((await selected())!, /^crew/);
    const all = await rows();
    await press(page, "ArrowLeft");
    assertEquals(await rows(), all - 3);
    await press(page, "ArrowRight");
    assertEquals(await rows(), all);
    const before = await look();
    await press(page, "+");
    assert(!before.equals(await look()), "zooming did nothing");
    await press(page, "0");
    assert(before.equals(await look()), "fitting doesn't show the whole");
    await press(page, "/");
    assertEquals(
      await page.evaluate("document.activeElement?.tagName"),
      "INPUT",
    );
  });
});

test("the wheel with Ctrl zooms, and dragging pans", async () => {
  await withTimeline(async (page) => {
    const canvas = page.locator("canvas");
    const { x, y, width } = (await canvas.boundingBox())!;
    const looks = [await canvas.screenshot()];
    await page.mouse.move(x + width / 2, y + 60);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await drawn(page);
    looks.push(await canvas.screenshot());
    await page.mouse.down();
    await page.mouse.move(x + width / 4, y + 60, { steps: 4 });
    await page.mouse.up();
    await drawn(page);
    looks.push(await canvas.screenshot());
    assert(!looks[0]!.equals(looks[1]!), "the wheel did nothing");
    assert(!looks[1]!.equals(looks[2]!), "dragging did nothing");
  });
});

test("names with markup are shown as they are", async () => {
  await withTimeline(async (page) => {
    await page.getByRole("searchbox").fill("onerror");
    const heading = page.getByRole("region", { name: "Details" })
      .getByRole("heading");
    assertEquals(await heading.textContent(), HOSTILE);
    assertEquals(await page.locator("img").count(), 0);
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1200, 400]) {
    test(`axe-core finds nothing serious in the timeline, ${colorScheme}, ${width} pixels wide`, async () => {
      await withTimeline(async (page) => {
        await page.getByRole("treeitem", { name: /^poller/ }).click();
        assertEquals(await seriousFindings(page), []);
      }, { colorScheme, viewport: { width, height: 700 } });
    });
  }
}
