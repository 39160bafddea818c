import { testRecipe } from "./_recipe.ts";

testRecipe("race-timeout", [
  {
    name: "gives the limit's signal to what takes one",
    before: `export async function load(url: string) {
  return await Promise.race([
    fetch(url),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), 1000)),
  ]);
}
`,
    after: `import { failAfter } from "@mdc/tasks";

export async function load(url: string) {
  return await failAfter(1000, ({ signal }) => fetch(url, { signal }));
}
`,
  },
  {
    name: "leaves other work behind when the time is over, as before",
    before: `import { work } from "./work.ts";
export const run = (ms: number) => Promise.race([
  new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error(\`no answer in \${ms} ms\`));
    }, ms);
  }),
  work(),
]);
`,
    after: `import { work } from "./work.ts";
import { abortable, failAfter } from "@mdc/tasks";
export const run = (ms: number) => failAfter(ms, () => abortable(work()));
`,
  },
  {
    name: "writes moveOnAfter() for a timer that resolves",
    before: `import { setTimeout as sleep } from "node:timers/promises";
export const a = () => Promise.race([work(), sleep(10)]);
export const b = () => Promise.race([work(), sleep(10, "late")]);
export const c = () => Promise.race([work(), new Promise((resolve) => setTimeout(resolve, 10, null))]);
export const d = () => Promise.race([work(), new Promise((r) => setTimeout(() => r(undefined), 10))]);
export const e = () => Promise.race([work(), sleep(10).then(() => false)]);
`,
    after: `import { abortable, moveOnAfter } from "@mdc/tasks";
export const a = () => moveOnAfter(10, () => abortable(work()));
export const b = () => moveOnAfter(10, () => abortable(work()), { fallback: "late" });
export const c = () => moveOnAfter(10, () => abortable(work()), { fallback: null });
export const d = () => moveOnAfter(10, () => abortable(work()));
export const e = () => moveOnAfter(10, () => abortable(work()), { fallback: false });
`,
  },
  {
    name: "takes the timer's variable and its clearing along",
    before: `export async function run() {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("late")), 50);
  });
  try {
    const value = await Promise.race([work(), timeout]);
    return value + 1;
  } finally {
    clearTimeout(timer);
  }
}
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";

export async function run() {
  const value = await failAfter(50, () => abortable(work()));
  return value + 1;
}
`,
  },
  {
    name: "takes a finally() along, and keeps other cleanup",
    before: `export function run() {
  let timer;
  return Promise.race([
    work(),
    new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("late")), 50); }),
  ]).finally(() => clearTimeout(timer));
}
export async function more() {
  let timer;
  try {
    return await Promise.race([
      work(),
      new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("slow")), 50); }),
    ]);
  } finally {
    if (timer) clearTimeout(timer);
    close();
  }
}
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";

export function run() {
  return failAfter(50, () => abortable(work()));
}
export async function more() {
  try {
    return await failAfter(50, () => abortable(work()));
  } finally {
    close();
  }
}
`,
    filename: "main.js",
  },
  {
    name: "keeps a handler of the try",
    before: `export async function run() {
  let timer;
  try {
    return await Promise.race([
      work(),
      new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("late")), 50); }),
    ]);
  } catch (error) {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";

export async function run() {
  try {
    return await failAfter(50, () => abortable(work()));
  } catch (error) {
    return undefined;
  }
}
`,
    filename: "main.js",
  },
  {
    name: "looks into a helper of the file",
    before: `const timeout = (ms: number) =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), ms));
export const run = () => Promise.race([work(), timeout(20)]);
`,
    after: `import { abortable, failAfter } from "@mdc/tasks";

const timeout = (ms: number) =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), ms));
export const run = () => failAfter(20, () => abortable(work()));
`,
  },
  {
    name: "waits for a started promise as it is",
    before: `export async function run(started: Promise<string>) {
  const late = new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.race([started, late]);
}
`,
    after: `import { abortable, moveOnAfter } from "@mdc/tasks";

export async function run(started: Promise<string>) {
  await moveOnAfter(5, () => abortable(started));
}
`,
  },
  {
    name: "leaves errors with a meaning",
    before:
      `export const a = () => Promise.race([work(), new Promise((_, reject) => setTimeout(() => reject(new LateError()), 5))]);
export const b = () => Promise.race([work(), new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 5))]);
export const isLate = (error: Error) => error.message === "late";
`,
    left: [
      "its error means something of its own",
      "the text of its error stands elsewhere in the file as well",
    ],
  },
  {
    name: "leaves a timer that does more, and more than two",
    before:
      `export const a = (c: AbortController) => Promise.race([work(), new Promise((_, reject) => setTimeout(() => { c.abort(); reject(new Error("late")); }, 5))]);
export const b = () => Promise.race([work(), other(), new Promise((r) => setTimeout(r, 5))]);
export const c = () => Promise.race([work(), other()]);
`,
    left: [
      "its timer does something else as well",
      "more than one promise competes with the timer",
    ],
  },
  {
    name:
      "leaves a handle that is used elsewhere, and values that are made late",
    before: `export function a() {
  let timer;
  const race = Promise.race([work(), new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("late")), 5); })]);
  return { race, timer };
}
export const b = () => Promise.race([work(), new Promise((r) => setTimeout(() => r(make()), 5))]);
export const c = async () => await Promise.race([work(await key()), new Promise((r) => setTimeout(r, 5))]);
`,
    left: [
      "the handle of its timer is used elsewhere",
      "what it resolves with is made when the time is over",
      "something is awaited before its work starts",
    ],
    filename: "main.js",
  },
  {
    name: "leaves a timer that was started before something else was awaited",
    before: `export async function run() {
  const late = new Promise((resolve) => setTimeout(resolve, 5));
  await prepare();
  await Promise.race([work(), late]);
}
`,
  },
  {
    name: "keeps that a time which is over already ends at once",
    before: `export async function until(deadline: number) {
  const left = deadline - Date.now();
  await Promise.race([work(), new Promise((resolve) => setTimeout(resolve, left))]);
  await Promise.race([work(), new Promise((resolve) => setTimeout(resolve, Math.max(5, deadline - 5)))]);
}
`,
    after: `import { abortable, moveOnAfter } from "@mdc/tasks";

export async function until(deadline: number) {
  const left = deadline - Date.now();
  await moveOnAfter(Math.max(0, left), () => abortable(work()));
  await moveOnAfter(Math.max(5, deadline - 5), () => abortable(work()));
}
`,
  },
  {
    name: "changes an import of the package that loses a name",
    before: `import { createTask, sleep } from "@mdc/tasks";
export const a = () => createTask(() => Promise.race([work(), sleep(5)]));
`,
    after: `import { abortable, createTask, moveOnAfter } from "@mdc/tasks";
export const a = () => createTask(() => moveOnAfter(5, () => abortable(work())));
`,
  },
  {
    name: "keeps an import that it writes again",
    before: `import { sleep, abortable } from "@mdc/tasks";
export const a = () => Promise.race([abortable(work()), sleep(5)]);
`,
    after: `import { abortable, moveOnAfter } from "@mdc/tasks";
export const a = () => moveOnAfter(5, () => abortable(work()));
`,
  },
  {
    name: "leaves CommonJS",
    before: `const fs = require("node:fs");
exports.run = () => Promise.race([fs.promises.readFile("a"), new Promise((r) => setTimeout(r, 5))]);
`,
    left: ["the file is CommonJS"],
    filename: "main.js",
  },
]);
