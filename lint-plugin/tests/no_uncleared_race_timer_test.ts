import rule from "../rules/no-uncleared-race-timer.ts";
import { error, fine, wrong } from "./_cases.ts";
import { type InvalidCase, testRule } from "./_tester.ts";

const ANONYMOUS = "new Promise((_, reject) => setTimeout(reject, 5000))";
const NAMED =
  "new Promise((_, reject) => { timer = setTimeout(reject, 5000); })";

/** `code` as the body of an async function, with a variable for the timer. */
function inAsync(code: string): string {
  return `async function f() {\n  let timer;\n  ${code}\n}`;
}

function armed(
  name: string,
  code: string,
  at: string,
  { timer = "setTimeout", race = "Promise.race" } = {},
): InvalidCase {
  return wrong(name, code, (code) => [
    error(code, at, "armed", { timer, race }),
  ]);
}

testRule("no-uncleared-race-timer", rule, {
  valid: [
    fine(
      "a literal timer of at most a second",
      "await Promise.race([a(), new Promise((r) => setTimeout(r, 1000))]);",
    ),
    fine(
      "a helper that is given at most a second",
      "const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); await Promise.race([a(), sleep(100)]);",
    ),
    fine(
      "a brief sleep of a library, by a constant",
      'import { setTimeout as sleep } from "node:timers/promises"; const GRACE = 500; await Promise.race([a(), sleep(GRACE)]);',
    ),

    fine(
      "a sleep of a package that ends with a signal",
      'import pause from "delay"; await Promise.race([a(), pause(ms, { signal })]);',
    ),

    fine("a race without timer", "await Promise.race([a(), b]);"),
    fine(
      "a combinator that waits for all",
      `await Promise.all([a(), ${ANONYMOUS}]);`,
    ),
    fine("a list that is unknown", "await Promise.race(promises);"),
    fine(
      "an element that is unknown",
      "await Promise.race([a(), timeout(5000)]);",
    ),
    fine(
      "cleared in an enclosing finally",
      inAsync(
        `try { await Promise.race([a(), ${NAMED}]); } finally { clearTimeout(timer); }`,
      ),
    ),
    fine(
      "cleared in the finally of an outer try",
      inAsync(
        `try { try { await Promise.race([a(), ${NAMED}]); } catch (e) { log(e); } } finally { clearTimeout(timer); }`,
      ),
    ),
    fine(
      "cleared by a local function that the finally calls",
      inAsync(
        `const stop = () => clearTimeout(timer);
  try { await Promise.race([a(), ${NAMED}]); } finally { stop(); }`,
      ),
    ),
    fine(
      "cleared in a .finally of the race",
      inAsync(
        `return Promise.race([a(), ${NAMED}]).finally(() => clearTimeout(timer));`,
      ),
    ),
    fine(
      "cleared in a .finally of another promise of the function",
      inAsync(
        `const work = a().finally(() => { clearTimeout(timer); });
  return Promise.race([work, ${NAMED}]);`,
      ),
    ),
    fine(
      "cleared by a named function given to .finally",
      inAsync(
        `function stop() { clearTimeout(timer); }
  return Promise.race([a(), ${NAMED}]).finally(stop);`,
      ),
    ),
    fine(
      "cleared on both the try and the catch path",
      inAsync(
        `try { const x = await Promise.race([a(), ${NAMED}]); clearTimeout(timer); return x; }
  catch (e) { clearTimeout(timer); throw e; }`,
      ),
    ),
    fine(
      "cleared in the catch and after the try",
      inAsync(
        `try { await Promise.race([a(), ${NAMED}]); } catch (e) { clearTimeout(timer); }
  clearTimeout(timer);`,
      ),
    ),
    fine(
      "cleared by the executor itself",
      `await Promise.race([a(), new Promise((resolve, reject) => {
  const t = setTimeout(reject, 5000);
  signal.addEventListener("abort", () => { clearTimeout(t); reject(signal.reason); });
})]);`,
    ),
    fine(
      "a timer in a field, cleared in finally",
      `class A { async m() {
  try { await Promise.race([a(), new Promise((r) => { this.t = setTimeout(r, 5000); })]); }
  finally { clearTimeout(this.t); }
} }`,
    ),
    fine(
      ".unref() on the timer",
      "await Promise.race([a(), new Promise((r) => { setTimeout(r, 5000).unref(); })]);",
    ),
    fine(
      ".unref() on the handle",
      inAsync(
        `const t = ${NAMED}; timer.unref?.(); await Promise.race([a(), t]);`,
      ),
    ),
    fine(
      "Deno.unrefTimer",
      inAsync(
        `const t = ${NAMED}; Deno.unrefTimer(timer); await Promise.race([a(), t]);`,
      ),
    ),
    fine(
      "a sleep with a signal",
      `import { setTimeout as sleep } from "node:timers/promises";
await Promise.race([a(), sleep(5000, undefined, { signal })]);`,
    ),
    fine(
      "a sleep with options that are unknown",
      `import { setTimeout as sleep } from "node:timers/promises";
await Promise.race([a(), sleep(5000, undefined, options)]);`,
    ),
    fine(
      "a sleep that does not keep the program alive",
      `import { setTimeout as sleep } from "node:timers/promises";
await Promise.race([a(), sleep(5000, undefined, { ref: false })]);`,
    ),
    fine(
      "a delay of @std/async with a signal",
      `import { delay } from "@std/async/delay";
await Promise.race([a(), delay(5000, { signal: own.signal })]);`,
    ),
    fine(
      "a sleep of another library",
      `import { sleep } from "./sleep.ts"; await Promise.race([a(), sleep(5000)]);`,
    ),
    fine(
      "a helper that gets a signal",
      `function sleep(ms, signal) { return new Promise((r) => setTimeout(r, ms)); }
await Promise.race([a(), sleep(5000, own.signal)]);`,
    ),
    fine(
      "a helper that clears its timer",
      `function sleep(ms, event) { return new Promise((r) => {
  const t = setTimeout(r, ms);
  event.once("stop", () => clearTimeout(t));
}); }
await Promise.race([a(), sleep(5000, event)]);`,
    ),
    fine(
      "the timer promise is used again after the race",
      `const deadline = ${ANONYMOUS};
await Promise.race([a(), deadline]);
await Promise.race([b(), deadline]).catch(no);
await deadline;`,
    ),
    fine(
      "the timer promise serves the races of a loop",
      `const deadline = ${ANONYMOUS};
for (const x of xs) await Promise.race([x, deadline]);`,
    ),
    fine(
      "a shadowed setTimeout",
      `function f(setTimeout) { return Promise.race([a(), ${ANONYMOUS}]); }`,
    ),
    fine(
      "a timer in a callback of the executor is armed by something else",
      "await Promise.race([a(), new Promise((r) => { button.onclick = () => setTimeout(r, 5000); })]);",
    ),
    fine(
      "race and any of @mdc/tasks cancel and join their losers",
      `import { any, race, sleep } from "@mdc/tasks";
await race([a, (ctx) => ctx.sleep(5000)]); await any([a, () => sleep(5000)]);`,
    ),
    fine(
      "a sleep of @mdc/tasks with a signal",
      `import { sleep } from "@mdc/tasks";
await Promise.race([a(), sleep(5000, { signal })]);`,
    ),
    fine(
      "a shadowed Promise",
      `function f(Promise) { return Promise.race([a(), ${ANONYMOUS}]); }`,
    ),
  ],
  invalid: [
    armed(
      "a helper that is given more than a second",
      "const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); await Promise.race([a(), sleep(1001)]);",
      "sleep(1001)",
    ),

    armed(
      "a sleep of a package",
      'import pause from "delay"; await Promise.race([a(), pause(ms)]);',
      "pause(ms)",
      { timer: "pause" },
    ),

    armed(
      "a timer in the array",
      `await Promise.race([a(), ${ANONYMOUS}]);`,
      ANONYMOUS,
    ),
    armed("Promise.any", `await Promise.any([a(), ${ANONYMOUS}]);`, ANONYMOUS, {
      race: "Promise.any",
    }),
    armed(
      "an interval",
      "await Promise.race([a(), new Promise((r) => { setInterval(r, 5); })]);",
      "new Promise((r) => { setInterval(r, 5); })",
      { timer: "setInterval" },
    ),
    armed(
      "through a variable",
      `const late = ${ANONYMOUS}; await Promise.race([a(), late]);`,
      "a(), «late»]",
    ),
    armed(
      "through a spread local array",
      `const extra = [${ANONYMOUS}]; await Promise.race([a(), ...extra]);`,
      "a(), «...extra»]",
    ),
    armed(
      "through a local array",
      `const all = [a(), ${ANONYMOUS}]; await Promise.race(all);`,
      "race(«all»)",
    ),
    armed(
      ".then on it",
      `await Promise.race([a(), ${ANONYMOUS}.then(() => { throw late; })]);`,
      `${ANONYMOUS}.then(() => { throw late; })`,
    ),
    armed(
      "a local helper function",
      `function sleep(ms) { return new Promise((r) => setTimeout(r, ms)); }
await Promise.race([a(), sleep(5000)]);`,
      "sleep(5000)",
    ),
    armed(
      "a local helper arrow",
      `const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
await Promise.race([a(), sleep(5000)]);`,
      "sleep(5000)",
    ),
    armed(
      "a local async helper that sleeps",
      `import { delay } from "jsr:@std/async@1/delay";
async function late(ms) { await delay(ms); throw new Error("late"); }
await Promise.race([a(), late(5000)]);`,
      "late(5000)",
      { timer: "delay" },
    ),
    armed(
      "one arm of a condition",
      `await Promise.race([a(), slow ? ${ANONYMOUS} : b()]);`,
      `slow ? ${ANONYMOUS} : b()`,
    ),
    armed(
      "a sleep of node:timers/promises",
      `import { setTimeout as sleep } from "node:timers/promises";
await Promise.race([a(), sleep(5000)]);`,
      "sleep(5000)",
    ),
    armed(
      "a member of a namespace, without node:",
      `import * as timers from "timers/promises";
await Promise.race([a(), timers.setTimeout(5000, "late")]);`,
      'timers.setTimeout(5000, "late")',
    ),
    armed(
      "delay of @std/async",
      `import { delay } from "@std/async"; await Promise.race([a(), delay(5000)]);`,
      "delay(5000)",
      { timer: "delay" },
    ),
    armed(
      "delay with options but no signal",
      `import { delay } from "@std/async"; await Promise.race([a(), delay(5000, {})]);`,
      "delay(5000, {})",
      { timer: "delay" },
    ),
    armed(
      "sleep of @mdc/tasks without a signal",
      `import { sleep } from "@mdc/tasks"; await Promise.race([a(), sleep(5000)]);`,
      "sleep(5000)",
      { timer: "sleep" },
    ),
    armed(
      "ctx.sleep: the task's signal does not end it when the other wins",
      `import { createTask } from "@mdc/tasks";
await createTask(async (ctx) => { await Promise.race([a(), ctx.sleep(5000)]); });`,
      "ctx.sleep(5000)",
      { timer: "sleep" },
    ),
    armed(
      "a timer of node:timers",
      `import { setTimeout } from "node:timers"; await Promise.race([a(), ${ANONYMOUS}]);`,
      ANONYMOUS,
    ),
    armed(
      "cleared on the success path only",
      inAsync(
        `const x = await Promise.race([a(), ${NAMED}]); clearTimeout(timer); return x;`,
      ),
      NAMED,
    ),
    armed(
      "cleared on the catch path only",
      inAsync(
        `try { const x = await Promise.race([a(), ${NAMED}]); return x; } catch (e) { clearTimeout(timer); throw e; }`,
      ),
      NAMED,
    ),
    armed(
      "another timer is cleared",
      inAsync(
        `try { const x = await Promise.race([a(), ${NAMED}]); } finally { clearTimeout(other); }`,
      ),
      NAMED,
    ),
    armed(
      "another timer is weak",
      inAsync(`other.unref(); const x = await Promise.race([a(), ${NAMED}]);`),
      NAMED,
    ),
    armed(
      "a finally that is not around the race",
      inAsync(
        `try { b(); } finally { clearTimeout(timer); }
  const x = await Promise.race([a(), ${NAMED}]);`,
      ),
      NAMED,
    ),
    wrong(
      "two timers",
      `await Promise.race([${ANONYMOUS}, new Promise((r) => setTimeout(r, 5000))]);`,
      (code) =>
        [ANONYMOUS, "new Promise((r) => setTimeout(r, 5000))"].map((at) =>
          error(code, at, "armed", {
            timer: "setTimeout",
            race: "Promise.race",
          })
        ),
    ),
    {
      name: "a returned race with a named handle: try/finally is suggested",
      code: inAsync(`return await Promise.race([a(), ${NAMED}]);`),
      errors: [{
        messageId: "armed",
        data: { timer: "setTimeout", race: "Promise.race" },
        at: NAMED,
        suggestions: [{
          messageId: "clear",
          output: inAsync(`try {
    return await Promise.race([a(), ${NAMED}]);
  } finally {
    clearTimeout(timer);
  }`),
        }],
      }],
    },
    {
      name: "an awaited race as a statement, with an interval",
      code: inAsync(
        "await Promise.race([a(), new Promise((r) => { timer = setInterval(r, 5); })]);",
      ),
      errors: [{
        messageId: "armed",
        data: { timer: "setInterval", race: "Promise.race" },
        at: "new Promise((r) => { timer = setInterval(r, 5); })",
        suggestions: [{
          messageId: "clear",
          output: inAsync(`try {
    await Promise.race([a(), new Promise((r) => { timer = setInterval(r, 5); })]);
  } finally {
    clearInterval(timer);
  }`),
        }],
      }],
    },
    {
      name: "a race that is returned without await gets a .finally",
      code: inAsync(`return Promise.race([a(), ${NAMED}]);`),
      errors: [{
        messageId: "armed",
        data: { timer: "setTimeout", race: "Promise.race" },
        at: NAMED,
        suggestions: [{
          messageId: "clear",
          output: inAsync(
            `return Promise.race([a(), ${NAMED}]).finally(() => clearTimeout(timer));`,
          ),
        }],
      }],
    },
    armed(
      "a handle that is not visible at the race",
      `await Promise.race([a(), new Promise((r) => { const t = setTimeout(r, 5000); })]);`,
      "new Promise((r) => { const t = setTimeout(r, 5000); })",
    ),
    armed(
      "a variable that is read only before the race",
      `const late = ${ANONYMOUS}; late.catch(no); const w = Promise.race([a(), late]); await w;`,
      "a(), «late»]",
    ),
  ],
});
