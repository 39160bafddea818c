// A task is a started async function that knows its name, owner and state.
import { allTasks, createTask, currentTask, sleep, Task } from "../mod.ts";

const parent = createTask(async ({ name }) => {
  console.log(name, "runs up to its first await");
  const child = createTask(async () => {
    await sleep(1);
    return `${currentTask()?.name} of ${currentTask()?.parent?.name}`;
  }, { name: "child" });
  console.log("live:", allTasks().map((task) => task.name).join(", "));
  return await child;
}, { name: "parent" });

console.log("status:", parent.status);
console.log("value:", await parent);
console.log("status:", parent.status);

const failing = createTask(() => {
  throw new RangeError("no such page");
});
await Promise.allSettled([failing]);
const outcome = failing.outcome();
if (outcome.status === "failed") console.log("failed:", String(outcome.error));

// A promise from elsewhere becomes a task too.
const adopted = Task.from(Promise.resolve(7), { name: "adopted" });
console.log(adopted.name, await adopted, adopted instanceof Task);

// Output:
// parent runs up to its first await
// live: parent, child
// status: running
// value: child of parent
// status: completed
// failed: RangeError: no such page
// adopted 7 true
