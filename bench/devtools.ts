/**
 * What the devtools cost: the tree of 10,000 tasks as text, their timeline in
 * headless Chromium, the inspector at 1,000 task starts a second, and what an
 * observer adds to a start.
 *
 *     deno run -A bench/devtools.ts [--only text|spawn|inspector|timeline]
 */
import { createTask, sleep } from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import { record } from "@mdc/devtools/recording";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import { withPage } from "../devtools/tests/pages/_browser.ts";
import { programOf, runtimes } from "../tools/runtimes.ts";

const program = fileURLToPath(new URL("devtools_program.ts", import.meta.url));
const hook = fileURLToPath(new URL("../tools/node_hook.ts", import.meta.url));

/** The runtimes, each as a command. */
const HOSTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  [`Deno ${Deno.version.deno}`]: [
    Deno.execPath(),
    "run",
    "--allow-all",
    "--no-check",
  ],
  [`Node ${runtimes.node24.version}`]: [
    programOf(runtimes.node24),
    "--import",
    hook,
  ],
};

/** Runs the program; `onLine` is told of the lines that it writes to stderr. */
function figuresOf(
  [command, ...before]: readonly [string, ...string[]],
  args: readonly string[],
  onLine: (line: string) => void = () => {},
  // deno-lint-ignore no-explicit-any -- each part has its own figures
): Promise<any> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, program, ...args]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => out += chunk);
    child.stderr.on("data", (chunk) => {
      err += chunk;
      for (const line of String(chunk).split("\n")) onLine(line);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(`${args.join(" ")} ended with ${code}: ${err}`));
    });
  });
}

const ms = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

async function text(): Promise<void> {
  for (const [title, host] of Object.entries(HOSTS)) {
    const { tasks, least, median } = await figuresOf(host, ["tree"]);
    console.log(
      `text tree of ${tasks} tasks, ${title}: ${ms(median)} (least ${
        ms(least)
      })`,
    );
  }
}

async function spawning(): Promise<void> {
  for (const [title, host] of Object.entries(HOSTS)) {
    const sides = await figuresOf(host, ["spawn"]);
    for (const [side, { least, median }] of Object.entries<never>(sides)) {
      console.log(
        `a task that ends at once, ${title}, ${side}: ${
          Math.round(median)
        } ns (least ${Math.round(least)})`,
      );
    }
  }
}

/** Reads what the inspector sends, as a browser does, and counts it. */
async function view(url: string): Promise<number> {
  let bytes = 0;
  try {
    const { body } = await fetch(`${url}events`);
    for await (const chunk of body ?? []) bytes += chunk.length;
  } catch {
    // The program has ended.
  }
  return bytes;
}

async function inspecting(): Promise<void> {
  for (const [title, host] of Object.entries(HOSTS)) {
    for (const how of ["none", "idle", "viewer"]) {
      let viewed = Promise.resolve(0);
      const { rate, percent } = await figuresOf(
        host,
        ["serve", how],
        (line) => {
          if (how === "viewer" && line.startsWith("http")) viewed = view(line);
        },
      );
      const kib = Math.round(await viewed / 1024);
      console.log(
        `inspector (${how}) at ${Math.round(rate)} starts/s, ${title}: ${
          percent.toFixed(1)
        } % of a core${kib > 0 ? `, ${kib} KiB sent` : ""}`,
      );
    }
  }
}

/** A page of 10,000 tasks in a tree, as a file. */
async function page(folder: string): Promise<string> {
  const html = await withVirtualClock(async () => {
    const recording = record();
    await createTask(async () => {
      const owners = Array.from(
        { length: 100 },
        (_, i) =>
          createTask(async () => {
            const tasks = Array.from({ length: 99 }, (_, j) =>
              createTask(() =>
                sleep(10 + (i * j) % 400), {
                name: `task ${i}.${j}`,
              }));
            await Promise.all(tasks);
          }, { name: `owner ${i}` }),
      );
      await Promise.all(owners);
    }, { name: "all" });
    recording.stop();
    return recording.toTimelineHtml({ title: "10,000 tasks" });
  });
  const file = join(folder, "timeline.html");
  writeFileSync(file, html);
  return pathToFileURL(file).href;
}

/** Until what was done is painted: two frames. */
const PAINTED =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

async function timeline(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mdc-bench-"));
  const times = new Map<string, { clock: number[]; cpu: number[] }>();
  let session: CDPSession;
  /** What the page's thread has used, which other programs don't change. */
  const used = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const task = metrics.find(({ name }) => name === "TaskDuration");
    return (task?.value ?? 0) * 1000;
  };
  const time = async (
    what: string,
    page: Page,
    action: () => Promise<unknown>,
  ) => {
    const known = times.get(what) ?? { clock: [], cpu: [] };
    const [start, before] = [performance.now(), await used()];
    await action();
    await page.evaluate(PAINTED);
    known.clock.push(performance.now() - start);
    known.cpu.push(await used() - before);
    times.set(what, known);
  };
  try {
    const url = await page(folder);
    for (let round = 0; round < 5; round++) {
      await withPage(async (page) => {
        const tree = page.getByRole("tree");
        session = await page.context().newCDPSession(page);
        await session.send("Performance.enable", {
          timeDomain: "threadTicks",
        });
        await time("open", page, async () => {
          await page.goto(url);
          await page.getByRole("treeitem").first().waitFor();
        });
        await tree.focus();
        await time("zoom by a key", page, () => page.keyboard.press("+"));
        await page.mouse.move(700, 300);
        await page.keyboard.down("Control");
        await time("zoom by the wheel", page, () => page.mouse.wheel(0, -200));
        await page.keyboard.up("Control");
        await time(
          "search",
          page,
          () => page.getByRole("searchbox").fill("task 77.42"),
        );
        await time(
          "click",
          page,
          () => page.getByRole("treeitem", { name: /^task 77\.42/ }).click(),
        );
      }, { allow: ["file:"] });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const [what, { clock, cpu }] of times) {
    const [by, of] = [clock, cpu].map((all) => all.toSorted((a, b) => a - b));
    console.log(
      `timeline of 10,000 tasks, ${what}: ${ms(by![2]!)} (least ${
        ms(by![0]!)
      }), of which the page's thread worked ${ms(of![2]!)}`,
    );
  }
}

const parts = { text, spawn: spawning, inspector: inspecting, timeline };
const { values } = parseArgs({ options: { only: { type: "string" } } });
console.log(
  `${cpus().length} cores, ${cpus()[0]?.model}, load ${
    loadavg()[0]!.toFixed(1)
  }`,
);
for (const [name, part] of Object.entries(parts)) {
  if (values.only === undefined || values.only === name) await part();
}
console.log(`load ${loadavg()[0]!.toFixed(1)}`);
process.exit(0);
