import rule from "../rules/no-async-void-callback.ts";
import { type Edit, error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const GO = "async () => { await go(); }";
const JSX = { filename: "a.tsx" };

function ignored(
  name: string,
  code: string,
  callee: string,
  edits: readonly Edit[] = [],
  at: string = GO,
): InvalidCase {
  return wrong(name, code, (code) => [
    error(code, at, "ignored", { callee }, edits),
  ]);
}

function predicate(name: string, method: string): InvalidCase {
  return wrong(name, `const ys = xs.${method}(${GO});`, (code) => [
    error(code, GO, "predicate", { callee: `.${method}` }),
  ]);
}

/** The only statement of module code, and the loop that replaces it. */
function loop(name: string, code: string, output: string): InvalidCase {
  const at = code.slice(code.indexOf("(") + 1, code.lastIndexOf(")"));
  return wrong(name, code, () => [{
    messageId: "ignored",
    data: { callee: ".forEach" },
    at,
    suggestions: [{ messageId: "loop", output }],
  }]);
}

testRule("no-async-void-callback", rule, {
  valid: [
    fine(
      "a callback all of whose waits are handled",
      "setInterval(async () => { count++; try { await go(); } catch (e) { log(e); } await stop().catch(log); }, 5);",
    ),
    fine(
      "a callback that gets errors as data",
      'bus.on("x", async (x) => { const [error, y] = await tryCatch(load(x)); if (error) console.error(error); else last = y; });',
    ),
    fine(
      "a callback that waits for a function that handles all",
      'const check = async () => { try { await go(); } catch (e) { log(e); } }; on.on("x", async () => { if (on) await check(); });',
    ),

    fine("a synchronous callback", "setTimeout(() => { go(); }, 5);"),
    fine(
      "an async generator makes no promise",
      "emitter.on('x', async function* () {});",
    ),
    fine(
      "a callback whose whole body is a try with a quiet catch",
      "setTimeout(async () => { try { await go(); } catch (e) { log(e); } }, 5);",
    ),
    fine(
      "the same with a quiet finally",
      "emitter.on('x', async () => { try { await go(); } catch { no(); } finally { stop(); } });",
    ),
    fine(
      "a named self-handled function",
      "async function f() { try { await go(); } catch { no(); } } setTimeout(f, 5);",
    ),
    fine("an awaited forEach", `await xs.forEach(${GO});`),
    fine(
      "an awaited filter of a stream",
      `const ys = await stream.filter(${GO}).toArray();`,
    ),
    fine(
      "a filter that is iterated with for await",
      `for await (const y of stream.filter(${GO})) use(y);`,
    ),
    fine("a JSX attribute", `<A onClick={${GO}} />;`, JSX),
    fine(
      "a JSX attribute with checkJsxAttributes and a quiet handler",
      "<A onClick={async () => { try { await go(); } catch { no(); } }} />;",
      { ...JSX, options: [{ checkJsxAttributes: true }] },
    ),
    fine(
      "a JSX attribute that is no function",
      '<A title="x" on={y} ok />;',
      { ...JSX, options: [{ checkJsxAttributes: true }] },
    ),
    fine(
      "a test runner",
      `test('x', ${GO}); it('y', ${GO}); t.step('z', ${GO});`,
    ),
    fine("app.get", `app.get('/', ${GO});`),
    fine("router.use", `router.use(${GO});`),
    fine("a queue", `queue.add(${GO}); queue.process('x', ${GO});`),
    fine("an unknown function", `later(${GO});`),
    fine("new Promise(async …) is the core rule's", `new Promise(${GO});`),
    fine("a map: its promises are collected", `const ps = xs.map(${GO});`),
    fine(
      "a shadowed timer",
      `function f(setTimeout) { setTimeout(${GO}, 5); }`,
    ),
    fine(
      "a timer of timers/promises",
      `import { setTimeout } from "node:timers/promises"; setTimeout(${GO});`,
    ),
    fine("a function given by an unknown name", "setTimeout(go, 5);"),
    fine(
      "a callback in another position",
      `emitter.on(${GO}); setTimeout(5, ${GO});`,
    ),
    fine(
      "bodies given to @mdc/tasks",
      `import { createTask, run, shield, TaskGroup, TaskTracker } from "@mdc/tasks";
const tracker = new TaskTracker();
tracker.spawn(${GO});
await createTask(${GO});
await shield(${GO});
await TaskGroup.run(async (group) => { await group.start(${GO}); });
run(${GO});`,
    ),
  ],
  invalid: [
    ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map(
      (name) => ignored(`timer ${name}`, `${name}(${GO}, 5);`, name),
    ),
    ignored(
      "a timer of globalThis",
      `globalThis.setTimeout(${GO});`,
      "setTimeout",
    ),
    ignored(
      "a timer of node:timers, renamed",
      `import { setTimeout as later } from "node:timers"; later(${GO});`,
      "setTimeout",
    ),
    ignored("process.nextTick", `process.nextTick(${GO});`, "process.nextTick"),
    ...["on", "once", "addListener", "prependListener", "addEventListener"].map(
      (name) =>
        ignored(`listener .${name}`, `source.${name}('x', ${GO});`, `.${name}`),
    ),
    ignored("an optional listener", `source?.on('x', ${GO});`, ".on"),
    ignored("useEffect", `useEffect(${GO}, []);`, "useEffect"),
    ignored(
      "React.useLayoutEffect",
      `React.useLayoutEffect(${GO}, []);`,
      "useLayoutEffect",
    ),
    ignored(
      "an async function expression",
      "setTimeout(async function () { await go(); }, 5);",
      "setTimeout",
      [],
      "async function () { await go(); }",
    ),
    wrong(
      "the identifier of a local async function",
      "async function tick() { await go(); } setInterval(tick, 5);",
      () => [{
        messageId: "ignored",
        data: { callee: "setInterval" },
        at: "setInterval(«tick», 5)",
      }],
    ),
    ignored(
      "a body that is more than a try",
      "setTimeout(async () => { a(); try { await go(); } catch { no(); } });",
      "setTimeout",
      [],
      "async () => { a(); try { await go(); } catch { no(); } }",
    ),
    ignored(
      "a catch that throws on",
      "setTimeout(async () => { try { await go(); } catch (e) { throw e; } });",
      "setTimeout",
      [],
      "async () => { try { await go(); } catch (e) { throw e; } }",
    ),
    ignored(
      "a finally that throws",
      "setTimeout(async () => { try { await go(); } catch { no(); } finally { throw 1; } });",
      "setTimeout",
      [],
      "async () => { try { await go(); } catch { no(); } finally { throw 1; } }",
    ),
    ...[
      "filter",
      "some",
      "every",
      "find",
      "findIndex",
      "findLast",
      "findLastIndex",
    ]
      .map((name) => predicate(`predicate .${name}`, name)),
    wrong(
      "a self-handled predicate is wrong all the same",
      "xs.filter(async (x) => { try { return await ok(x); } catch { return no; } });",
      (code) => [
        error(
          code,
          "async (x) => { try { return await ok(x); } catch { return no; } }",
          "predicate",
          { callee: ".filter" },
        ),
      ],
    ),
    loop(
      "forEach in an async place: a loop is suggested",
      "xs.forEach(async (x) => { await go(x); })",
      "for (const x of xs) { await go(x); }",
    ),
    loop(
      "the loop with an index",
      "xs.forEach(async (x, i) => { await go(x, i); })",
      "for (const [i, x] of xs.entries()) { await go(x, i); }",
    ),
    loop(
      "the loop of a concise callback awaits",
      "list.xs.forEach(async ({ a }) => go(a))",
      "for (const { a } of list.xs) { await go(a); }",
    ),
    ignored(
      "no loop where await is impossible",
      "function f() { xs.forEach(async (x) => { await go(x); }); }",
      ".forEach",
      [],
      "async (x) => { await go(x); }",
    ),
    ignored(
      "no loop for a callback that returns early",
      "xs.forEach(async (x) => { if (!x) return; await go(x); });",
      ".forEach",
      [],
      "async (x) => { if (!x) return; await go(x); }",
    ),
    ignored(
      "no loop for a list that may be missing",
      "xs?.forEach(async (x) => { await go(x); });",
      ".forEach",
      [],
      "async (x) => { await go(x); }",
    ),
    wrong(
      "checkJsxAttributes: true reports a JSX attribute",
      `<A onClick={${GO}} />;`,
      (code) => [error(code, GO, "attribute", { callee: "onClick" })],
      { ...JSX, options: [{ checkJsxAttributes: true }] },
    ),
    ignored(
      "with a tracker of @mdc/tasks in scope",
      `import { TaskTracker } from "@mdc/tasks";
const tracker = new TaskTracker();
emitter.on('x', ${GO});`,
      ".on",
      [["spawn", `() => tracker.spawn(${GO})`, { owner: "tracker" }]],
    ),
    ignored(
      "not for a callback with parameters",
      `import { TaskTracker } from "@mdc/tasks";
const tracker = new TaskTracker();
emitter.on('x', async (x) => { await go(x); });`,
      ".on",
      [],
      "async (x) => { await go(x); }",
    ),
    ignored(
      "an abort listener of an event's signal",
      `import { AsyncEvent } from "@mdc/tasks";
const event = new AsyncEvent();
event.signal.addEventListener('abort', ${GO});`,
      ".addEventListener",
    ),
  ],
});
