import {
  AsyncEvent,
  createTask,
  run,
  shield,
  sleep,
  type Task,
  TaskGroup,
} from "../../mod.ts";

const deaf = { signal: new AbortController().signal };

await run(async function serve() {
  const left: Task = createTask(async () => {
    await sleep(1);
    await right;
  }, { name: "left" });
  const right: Task = createTask(async () => {
    await left;
  }, { name: "right" });
  const parent: Task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(async () => {
        await sleep(1);
        await parent;
      }, { name: "child" });
    }), { name: "parent" });
  void createTask(async () => {
    await shield(() => new AsyncEvent().wait(deaf), { grace: 5_000 });
  }, { name: "closer" });
  void createTask(async () => {
    for (let i = 0; i < 16; i++) await sleep(60_000).catch(() => {});
    await new Promise(() => {});
  }, { name: "looper" });
  await sleep(20);
  console.log("ready");
  await sleep(60_000);
}, { grace: 200 });
