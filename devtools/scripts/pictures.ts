/**
 * Makes the pictures of docs/observability.md from real runs.
 *
 *     deno task pictures
 *
 * @module
 */
import {
  cancelAndWait,
  createTask,
  shield,
  sleep,
  TaskGroup,
} from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import { inspect } from "@mdc/devtools/inspector";
import { record } from "@mdc/devtools/recording";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { withPage } from "../tests/pages/_browser.ts";
import { consolePicture } from "./console_picture.ts";

const pictures = fileURLToPath(
  new URL("../../docs/pictures/", import.meta.url),
);
const viewport = { width: 1100, height: 520 };

async function draw(page: Page, name: string): Promise<void> {
  await page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
  );
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A server whose database fails while it answers. */
async function server(): Promise<void> {
  await TaskGroup.run(async (group) => {
    group.spawn(async () => {
      for (;;) await sleep(30);
    }, { name: "poller" });
    for (let i = 1; i <= 3; i++) {
      group.spawn(async () => {
        try {
          await sleep(40 * i);
          await createTask(() => sleep(90), { name: "query" });
        } finally {
          await shield(() => sleep(30));
        }
      }, { name: `GET /users/${i}` });
    }
    group.spawn(async () => {
      await sleep(150);
      throw new Error("connection lost");
    }, { name: "database" });
    await sleep(60_000);
  }, { name: "requests" });
}

async function timeline(): Promise<void> {
  const html = await withVirtualClock(async () => {
    const recording = record();
    await createTask(server, { name: "server" }).catch(() => {});
    recording.stop();
    return recording.toTimelineHtml({
      title: "A server that lost its database",
    });
  });
  const folder = mkdtempSync(join(tmpdir(), "mdc-pictures-"));
  try {
    const file = join(folder, "timeline.html");
    writeFileSync(file, html);
    await withPage(async (page) => {
      await page.goto(pathToFileURL(file).href);
      await page.getByRole("treeitem", { name: /^GET \/users\/3/ }).click();
      await draw(page, "timeline");
    }, { viewport, allow: ["file:"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inspector(): Promise<void> {
  const running = await inspect({ allowCancel: true, title: "Demo server" });
  const stubborn = createTask(
    () => shield(() => sleep(20_000), { grace: 20_000 }),
    { name: "stubborn" },
  );
  // Its end is that of the script.
  void cancelAndWait(stubborn, { reason: "please stop", timeout: Infinity });
  const traffic = createTask(() =>
    TaskGroup.run(async (group) => {
      for (let i = 1;; i++) {
        group.spawn(() => sleep(300 + 700 * Math.random()), {
          name: `GET /users/${i}`,
        });
        await sleep(200);
      }
    }, { name: "requests" }), { name: "server" });
  await withPage(async (page) => {
    await page.goto(running.url);
    await page.getByText("Asked to stop, and still running").waitFor();
    await page.getByRole("treeitem", { name: /^server/ }).click();
    await draw(page, "inspector");
  }, { viewport, allow: [running.url, "data:"] });
  await running.close();
  traffic.cancel();
  await traffic.catch(() => {});
}

writeFileSync(join(pictures, "console.svg"), await consolePicture());
await timeline();
await inspector();
process.exit(0);
