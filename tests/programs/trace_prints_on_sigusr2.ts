import { AsyncEvent, cancelAndWait, createTask, sleep } from "@mdc/tasks";
import { printTasksOn } from "@mdc/tasks/trace";
import process from "node:process";

const printed = new AsyncEvent();
const printing = printTasksOn("SIGUSR2", {
  write: (text) => {
    console.log(text.replaceAll(/#\d+/g, "#id").replaceAll(/\d+ ms/g, "n ms"));
    printed.set();
  },
});
const task = createTask(() => sleep(60_000), { name: "poller" });
process.kill(process.pid, "SIGUSR2");
// A handler of a signal doesn't keep every runtime alive; the task does.
await printed.wait();
await cancelAndWait(task);
printing[Symbol.dispose]();
