import { testRecipe } from "./_recipe.ts";

testRecipe("flag-polling", [
  {
    name: "writes an event for a private field",
    before: `class Connection {
  #ready = false;

  open() {
    this.#ready = true;
  }

  lose(): void {
    this.#ready = false;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  async send(data: string) {
    while (!this.#ready) await new Promise((r) => setTimeout(r, 50));
    await this.write(data);
  }
}
`,
    after: `import { AsyncEvent } from "@mdc/tasks";

class Connection {
  #ready = new AsyncEvent();

  open() {
    this.#ready.set();
  }

  lose(): void {
    this.#ready.clear();
  }

  get isReady(): boolean {
    return this.#ready.isSet;
  }

  async send(data: string) {
    await this.#ready.wait();
    await this.write(data);
  }
}
`,
  },
  {
    name: "writes an event for a variable, and one edit for all loops",
    before: `import { setTimeout as delay } from "node:timers/promises";

let done: boolean = false;
process.on("exit", () => (done = true));
export async function first() {
  while (!done) {
    await delay(10);
  }
}
export async function second() {
  while (!done) await delay(20);
  if (done) finish();
}
`,
    after: `import { AsyncEvent } from "@mdc/tasks";

const done = new AsyncEvent();
process.on("exit", () => (done.set()));
export async function first() {
  await done.wait();
}
export async function second() {
  await done.wait();
  if (done.isSet) finish();
}
`,
  },
  {
    name: "takes a private field of TypeScript",
    before: `class Queue {
  private isOpen: boolean = false;
  open() { this.isOpen = true; }
  async wait() {
    while (!this.isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
`,
    after: `import { AsyncEvent } from "@mdc/tasks";

class Queue {
  private isOpen = new AsyncEvent();
  open() { this.isOpen.set(); }
  async wait() {
    await this.isOpen.wait();
  }
}
`,
  },
  {
    name: "leaves what others can read or write",
    before: `export let done = false;
export const finish = () => { done = true; };
export async function wait() {
  while (!done) await new Promise((r) => setTimeout(r, 5));
}
class Queue {
  isOpen = false;
  open() { this.isOpen = true; }
  async wait() {
    while (!this.isOpen) await new Promise((r) => setTimeout(r, 5));
  }
}
`,
    left: [
      "other files can read it",
      "it isn't private: others can write to it",
    ],
  },
  {
    name: "leaves other values, and flags that are waited for to be cleared",
    before: `let busy = true;
let state = false;
export const set = (value: boolean) => { state = value; };
export const end = () => { busy = false; };
export async function wait() {
  while (busy) await new Promise((r) => setTimeout(r, 5));
  while (!state) await new Promise((r) => setTimeout(r, 5));
}
`,
    left: [
      "it waits until the flag is no longer set",
      "something else than `true` and `false` is assigned to it",
    ],
  },
  {
    name: "leaves loops that do more, and flags that nothing sets",
    before: `import { tick } from "./clock.ts";
let ready = false;
let never = false;
export const set = () => { ready = true; };
export async function wait() {
  while (!ready) { poll(); await new Promise((r) => setTimeout(r, 5)); }
  while (!ready) await tick();
  while (!ready && left()) await new Promise((r) => setTimeout(r, 5));
  while (!never) await new Promise((r) => setTimeout(r, 5));
}
`,
    left: ["nothing sets it"],
  },
]);

testRecipe("fire-and-forget", [
  {
    name:
      "writes a tracker, and waits for it in the method that ends the object",
    before: `export class Poller {
  #url: string;

  constructor(url: string) {
    this.#url = url;
    void this.#poll();
  }

  start(): void {
    this.work(1).catch(console.error);
    void this.work(2).catch(() => {});
  }

  async close(): Promise<void> {
    await this.flush();
  }

  async #poll() {
    try {
      await this.work(0);
    } catch (error) {
      console.error(error);
    }
  }
  async work(n: number) {}
  async flush() {}
}
`,
    after: `import { TaskTracker } from "@mdc/tasks";

export class Poller {
  #tasks = new TaskTracker();
  #url: string;

  constructor(url: string) {
    this.#url = url;
    this.#tasks.spawn(() => this.#poll());
  }

  start(): void {
    this.#tasks.spawn(() => this.work(1).catch(console.error));
    this.#tasks.spawn(() => this.work(2).catch(() => {}));
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#tasks.cancelAll();
  }

  async #poll() {
    try {
      await this.work(0);
    } catch (error) {
      console.error(error);
    }
  }
  async work(n: number) {}
  async flush() {}
}
`,
  },
  {
    name: "adds a disposal where nothing ends the object",
    before: `class Poller {
  start() {
    void this.poll().catch(console.error);
  }

  async poll() {}
}
`,
    after: `import { TaskTracker } from "@mdc/tasks";

class Poller {
  #tasks = new TaskTracker();
  start() {
    this.#tasks.spawn(() => this.poll().catch(console.error));
  }

  async poll() {}

  async [Symbol.asyncDispose]() {
    await this.#tasks.cancelAll();
  }
}
`,
  },
  {
    name:
      "uses the tracker of the class, and waits before the value is returned",
    before: `import { TaskTracker } from "@mdc/tasks";
class Poller {
  tracker = new TaskTracker();
  start() {
    setInterval(() => { void this.poll().catch(console.error); }, 1000);
  }
  async poll() {}
  async stop() {
    this.stopped = true;
    return this.result;
  }
}
`,
    after: `import { TaskTracker } from "@mdc/tasks";
class Poller {
  tracker = new TaskTracker();
  start() {
    setInterval(() => { this.tracker.spawn(() => this.poll().catch(console.error)); }, 1000);
  }
  async poll() {}
  async stop() {
    this.stopped = true;
    await this.tracker.cancelAll();
    return this.result;
  }
}
`,
    filename: "main.js",
  },
  {
    name: "leaves a class whose end can't wait",
    before: `class Poller {
  start() { void this.poll().catch(console.error); }
  async poll() {}
  stop() { this.stopped = true; }
}
class Other {
  start() { void this.poll().catch(console.error); }
  async poll() {}
  async close() { if (this.closed) return; this.closed = true; }
}
`,
    left: [
      "\`stop()\` isn't async: it can't wait for it",
      "\`close()\` returns in several places",
    ],
    filename: "main.js",
  },
  {
    name: "leaves a class that extends another one without an end of its own",
    before: `class Poller extends Base {
  start() { void this.poll().catch(console.error); }
  async poll() {}
}
`,
    left: ["the class that this one extends may have an end of its own"],
    filename: "main.js",
  },
  {
    name: "leaves work whose failure nobody handles, and the end itself",
    before: `class Poller {
  start() { void this.poll(); }
  async poll() { await load(); }
  async close() {}
}
class Other {
  start() { void this.close().catch(console.error); }
  async close() {}
}
`,
    left: ["nobody handles its failure: add a \`catch\` first"],
    filename: "main.js",
  },
  {
    name: "leaves what is awaited, isn't async, or belongs to another object",
    before: `class Poller {
  async start() {
    await this.poll();
    this.log();
    const last = this.poll();
    this.other.poll();
    setTimeout(function () { this.poll(); }, 5);
    return last;
  }
  async poll() {}
  log() {}
}
`,
    filename: "main.js",
  },
]);
