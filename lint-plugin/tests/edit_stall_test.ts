/**
 * A failure that ended the program isn't only printed where somebody would then
 * wait forever: such edits are for reading.
 */
import { assertEquals } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { edit } from "./_edit.ts";

const STALLS: readonly { readonly name: string; readonly code: string }[] = [
  {
    name: "a worker whose step calls the next",
    code: `export function makeWorker(getJob) {
  const doNext = async () => {
    const job = await getJob();
    if (job) doNext(); else setTimeout(() => doNext(), 100);
  };
  doNext();
}
`,
  },
  {
    name: "a loop by `while`",
    code: `export class Queue {
  add(item) { this.items.push(item); if (!this.running) this.run(); }
  async run() {
    this.running = true;
    while (this.items.length > 0) await this.items.shift();
    this.running = false;
  }
}
`,
  },
  {
    name: "a loop that the method waits for",
    code: `export class Worker {
  resume() { this.run(); }
  async run() {
    try { await this.loop(); } finally { this.running = false; }
  }
  async loop() { while (!this.closing) await this.next(); }
}
`,
  },
  {
    name: "a chain that calls the function around it",
    code: `export function retry(work, sleep) {
  const run = () => {
    work(() => {
      fetch("x").then(() => run());
    });
  };
  run();
}
`,
  },
  {
    name: "what a promise around it depends on",
    code: `export function get(url) {
  return new Promise((resolve) => {
    fetch(url).then((response) => response.pipe(sink).on("finish", resolve));
  });
}
`,
  },
  {
    name: "what a callback with `resolve` depends on",
    code: `export function get(run, url) {
  return run((resolve) => {
    fetch(url).then((response) => response.pipe(sink).on("finish", resolve));
  });
}
`,
  },
  {
    name: "what fills a stream",
    code: `export function start(controller, source) {
  (async () => {
    for await (const each of source) controller.enqueue(each);
    controller.close();
  })();
}
`,
  },
  {
    name: "a callback that throws on purpose",
    code: `export function watch(connection) {
  connection.closed().then((error) => {
    if (error) throw error;
  });
}
`,
  },
];

for (const { name, code } of STALLS) {
  test(`a failure isn't only printed unread: ${name}`, async () => {
    assertEquals((await edit(code, "no-untracked-promise")).output, code);
  });
}

const ENDS: readonly { readonly name: string; readonly code: string }[] = [
  {
    name: "a loop whose failure is handled around it",
    code: `export function start(queue, report) {
  const run = async () => {
    try { while (queue.next()) await queue.work(); } catch (error) { report(error); }
    await queue.close();
  };
  run();
}
`,
  },
  {
    name: "a loop that only lets time pass",
    code: `export function stop(socket, delay) {
  const close = async () => {
    while (socket.bufferedAmount > 0) await delay(100);
    await socket.close();
  };
  close();
}
`,
  },
  {
    name: "a stream that is ended by `finally`",
    code: `export function start(controller, source) {
  (async () => {
    try {
      for await (const each of source) controller.enqueue(each);
    } finally { await controller.close(); }
  })();
}
`,
  },
  {
    name: "a callback that throws inside a `try`",
    code: `export function watch(connection) {
  connection.closed().then((error) => {
    try { if (error) throw error; } catch { log(error); }
  });
}
`,
  },
];

for (const { name, code } of ENDS) {
  test(`nobody waits after a failure, which is printed: ${name}`, async () => {
    const { output } = await edit(code, "no-untracked-promise");
    assertEquals(output.includes(".catch(console.error)"), true, output);
  });
}

test("a write isn't aborted in the middle unread", async () => {
  const code = `import { writeFile } from "node:fs/promises";
export async function save(path: string, text: string, signal: AbortSignal) {
  await writeFile(path, text);
}
`;
  const { output, remaining } = await edit(code, "require-signal-forwarding");
  assertEquals([output, remaining[0]?.edit?.risk], [code, "review"]);
});

test("a signal isn't linked unread where a handler takes an abort for its own", async () => {
  const code =
    `export async function get(url: string, options: RequestInit = {}) {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), 1000);
  try {
    return await fetch(url, { ...options, signal: own.signal });
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") {
      throw new Error("timed out");
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
`;
  const { output, remaining } = await edit(code, "require-parent-signal-link");
  assertEquals([output, remaining[0]?.edit?.risk], [code, "review"]);
});
