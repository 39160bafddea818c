/** Random programs of what rules edit, and a run of them that can be watched. */
import fc from "fast-check";

/** Statements of an async function; `#` is a number of their own. */
const STATEMENTS: readonly string[] = [
  // Dropped promises.
  'io.work("a#").then((x) => io.log("then " + x));',
  'send("b#");',
  'io.work("c#").catch();',
  '(async () => { await io.work("d#"); io.log("after d#"); })();',
  'const unread# = send("e#");',
  // Signals that are not passed on, or not linked.
  'io.log("got " + await load("f#"));',
  'io.log("got " + await load("g#", { retries: 1 }));',
  'const own# = new AbortController(); setTimeout(() => own#.abort(), 900); io.log(await load("h#", { signal: own#.signal }));',
  'const relay# = new AbortController(); signal.addEventListener("abort", () => relay#.abort()); io.log(await load("i#", { signal: relay#.signal }));',
  "const stop# = new AbortController(); const abort# = () => stop#.abort(); if (signal) signal.addEventListener('abort', abort#); await io.work(stop#.signal.aborted); signal.removeEventListener('abort', abort#);",
  // Listeners without a look.
  `await new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, 5);
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
});`,
  `await new Promise((resolve) => {
  const timer = setTimeout(end, 7);
  function end() { clearTimeout(timer); resolve(); }
  signal?.addEventListener("abort", end);
});`,
  // What is given back, and who is woken.
  'await lock.acquire("j#"); await io.work("k#"); lock.release();',
  'const done# = io.deferred(); io.work("l#").then(() => done#.notify()); await done#.promise;',
  "const reader# = io.reader(); while (true) { const { done, value } = await reader#.read(); if (done) break; io.log(value); } reader#.releaseLock();",
  // A timer beside a race.
  `let late# = undefined; const limit# = new Promise((resolve) => { late# = setTimeout(resolve, 50); });
await Promise.race([io.work("m#"), limit#]).then((x) => io.log(x));`,
  "if (signal.aborted) throw signal.reason;",
  'await io.work("n#");',
];

/** What a function may end with. */
const ENDS: readonly string[] = [
  "",
  'send("z");',
  'try { return load("y"); } catch (error) { io.log(error); }',
  'try { return load("x"); } finally { io.log("finally"); }',
  'return await io.work("w");',
];

/** Where statements may stand. */
const FRAMES: readonly ((body: string) => string)[] = [
  (body) => body,
  (body) => `for (const each of [1, 2]) {\n${body}\n}`,
  (body) => `if (io.yes) {\n${body}\n}`,
  (body) => `try {\n${body}\n} finally {\nio.log("left");\n}`,
  (body) => `await (async () => {\n${body}\n})();`,
];

/** The text of a function `main(io, signal, lock)`. */
export const randomProgram: fc.Arbitrary<string> = fc.tuple(
  fc.array(
    fc.record({
      frame: fc.constantFrom(...FRAMES),
      body: fc.array(fc.constantFrom(...STATEMENTS), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  fc.constantFrom(...ENDS),
).map(([blocks, end]) => {
  let count = 0;
  const body = blocks.map((block) =>
    block.frame(
      block.body.map((text) => text.replaceAll("#", String(count++)))
        .join("\n"),
    )
  );
  return `async function main(io, signal, lock) {
async function send(x) { await io.work(x); io.log("sent " + x); }
async function load(url, { signal } = {}) {
  if (signal?.aborted) throw signal.reason;
  return await io.work(url);
}
${body.join("\n")}
${end}
}
`;
});

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** What a run of the program showed: its events in order, and how it ended. */
export async function watch(program: string): Promise<readonly string[]> {
  const events: string[] = [];
  const log = (...what: unknown[]) => void events.push(what.join(" "));
  const timers = new Map<number, Timer>();
  let now = 0;
  let id = 0;
  const arm = (fire: () => void, delay: number) => {
    timers.set(++id, { at: now + delay, fire });
    return id;
  };
  const work = async (name: string) => {
    log("begin", name);
    await new Promise<void>((resolve) => arm(resolve, 1));
    log("end", name);
    return name;
  };
  const io = { log, work, yes: true, deferred, reader: () => makeReader(log) };
  const make = new Function(
    "setTimeout",
    "clearTimeout",
    "console",
    `${program}\nreturn main;`,
  );
  const main = make(arm, (each: number) => void timers.delete(each), {
    error: (error: unknown) => log("console.error", error),
  });
  const lock = {
    acquire: (name: string) => work(name),
    release: () => log("released"),
  };
  // A signal that nobody aborts.
  main(io, AbortSignal.any([]), lock).then(
    (value: unknown) => log("returned", value),
    (error: unknown) => log("threw", error),
  );
  for (;;) {
    for (let turn = 0; turn < 50; turn++) await null;
    const [next] = [...timers].sort((a, b) => a[1].at - b[1].at);
    if (!next) return events;
    timers.delete(next[0]);
    now = next[1].at;
    next[1].fire();
  }
}

function deferred() {
  let notify = () => {};
  const promise = new Promise<void>((resolve) => notify = resolve);
  return { promise, notify: () => notify() };
}

function makeReader(log: (...what: unknown[]) => void) {
  const items = ["one", "two"];
  return {
    read: () => {
      const value = items.shift();
      return Promise.resolve({ done: value === undefined, value });
    },
    releaseLock: () => log("lock given back"),
  };
}
