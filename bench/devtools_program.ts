/**
 * What `devtools.ts` runs in a process of its own; prints its figures as JSON.
 *
 *     deno run -A bench/devtools_program.ts tree
 *     deno run -A bench/devtools_program.ts spawn
 *     deno run -A bench/devtools_program.ts serve none|idle|viewer
 */
import { createTask, sleep, TaskGroup } from "@mdc/tasks";
import { formatTaskTree, subscribe, taskTree } from "@mdc/tasks/trace";
import { inspect } from "@mdc/devtools/inspector";
import { record } from "@mdc/devtools/recording";
import process from "node:process";

const ROUNDS = 15;

/** The least and the median of some times. */
function summary(times: number[]): { least: number; median: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { least: sorted[0]!, median: sorted[sorted.length >> 1]! };
}

/** Time of the text of 10,000 live tasks, in milliseconds. */
async function tree(): Promise<object> {
  const subscription = subscribe({ waiting() {} });
  const owner = createTask(async () => {
    await TaskGroup.run((group) => {
      for (let i = 0; i < 100; i++) {
        group.spawn(() =>
          TaskGroup.run((inner) => {
            for (let j = 1; j < 100; j++) {
              inner.spawn(() => sleep(60_000), { name: `task ${i}.${j}` });
            }
          }), { name: `owner ${i}` });
      }
    });
  }, { name: "all" });
  await sleep(50);
  const times: number[] = [];
  let text = "";
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    text = formatTaskTree(taskTree());
    times.push(performance.now() - start);
  }
  const tasks = Number(text.match(/^\d+/)?.[0]);
  owner.cancel();
  await owner.catch(() => {});
  subscription.unsubscribe();
  return { tasks, ...summary(times) };
}

/** Nanoseconds for each of 20,000 tasks that end at once, by who observes. */
async function spawn(): Promise<object> {
  const COUNT = 20_000;
  const sides: Record<string, () => () => void> = {
    nobody: () => () => {},
    observer: () => {
      const subscription = subscribe({ started() {}, ended() {} });
      return () => subscription.unsubscribe();
    },
    recording: () => {
      const recording = record();
      return () => recording.stop();
    },
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [side, begin] of Object.entries(sides)) {
      const end = begin();
      const start = performance.now();
      await Promise.all(
        Array.from({ length: COUNT }, () => createTask(async () => {})),
      );
      const time = (performance.now() - start) / COUNT * 1e6;
      end();
      if (round >= 2) (times[side] ??= []).push(time);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([side, all]) => [side, summary(all)]),
  );
}

/** Percent of one core for a program that starts 1,000 tasks a second. */
async function serve(how: string): Promise<object> {
  const [WARM_UP, TIME, STEP] = [2_000, 10_000, 10];
  const inspector = how === "none" ? undefined : await inspect();
  if (inspector !== undefined) console.error(inspector.url);
  let [started, cpu] = [0, process.cpuUsage()];
  let begun = performance.now();
  await TaskGroup.run(async (group) => {
    const first = performance.now();
    let measured = false;
    for (let due = 0;; due += 10) {
      const now = performance.now();
      if (!measured && now - first > WARM_UP) {
        [measured, begun, started] = [true, now, 0];
        cpu = process.cpuUsage();
      }
      if (now - first > WARM_UP + TIME) break;
      for (let i = 0; i < 10; i++) {
        group.spawn(() => sleep(100), { name: `GET /users/${started++}` });
      }
      await sleep(Math.max(1, first + due + STEP - now));
    }
  });
  const elapsed = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  await inspector?.close();
  return {
    rate: started / elapsed * 1000,
    percent: (user + system) / 1000 / elapsed * 100,
  };
}

const [what, how = ""] = process.argv.slice(2);
const figures = what === "tree"
  ? await tree()
  : what === "spawn"
  ? await spawn()
  : await serve(how);
console.log(JSON.stringify(figures));
process.exit(0);
