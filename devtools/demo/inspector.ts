/**
 * A server with traffic of its own, to be watched live in a browser.
 *
 *     deno task demo:inspector [--seconds N]
 *
 * @module
 */
import { run, shield, sleep, TaskGroup } from "@mdc/tasks";
import { inspect } from "@mdc/devtools/inspector";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "600" } },
});
const time = Number(values.seconds) * 1000;

/** A request that takes a while, and sometimes fails. */
async function request(number: number): Promise<string> {
  await sleep(100 + Math.random() * 900);
  if (number % 17 === 0) throw new Error(`no route for request ${number}`);
  return `answer ${number}`;
}

/** Traffic: about ten requests a second, each in a task of its own. */
async function serve(): Promise<void> {
  await TaskGroup.run(async (group) => {
    for (let number = 1;; number++) {
      group.spawn(() => request(number).catch(() => "503"), {
        name: `GET /users/${number}`,
      });
      await sleep(50 + Math.random() * 100);
    }
  }, { name: "requests" });
}

/** Writes what was gathered, also when it is told to stop. */
async function flush(): Promise<void> {
  for (;;) {
    await sleep(2_000);
    await shield(() => sleep(300), { grace: 1_000 });
  }
}

await run(async () => {
  await using inspector = await inspect({
    allowCancel: true,
    title: "Demo server",
  });
  console.log(`Open in a browser: ${inspector.url}`);
  console.log("Ctrl-C ends it.");
  await TaskGroup.run(async (group) => {
    group.spawn(serve, { name: "server", service: true });
    group.spawn(flush, { name: "flusher", service: true });
    await sleep(time);
  }, { name: "demo" });
});
