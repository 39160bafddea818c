// What outlives its owner is known by name and can be ended.
import { allTasks, cleanupLingeringTasks, createTask } from "../mod.ts";

const before = new Set(allTasks());

void createTask(({ sleep }) => sleep(60_000), { name: "forgotten" });
const kept = createTask(({ sleep }) => sleep(60_000), { name: "kept" });
const hanging = new AbortController();
void createTask(
  // It doesn't listen to its own signal: nothing but its own end ends it.
  () =>
    new Promise<void>((resolve) => (hanging.signal.onabort = () => resolve())),
  { name: "stubborn" },
);

const left = allTasks().filter((task) => !before.has(task));
console.log("left behind:", left.map((task) => task.name).join(", "));

const report = await cleanupLingeringTasks({ timeout: 10, exclude: [kept] });
const names = (tasks: readonly { name: string }[]) =>
  tasks.map((task) => task.name).join(", ");
console.log("cancelled:", names(report.cancelled));
console.log("stuck:", names(report.stuck));
console.log("skipped:", names(report.skipped));

hanging.abort();
const later = await cleanupLingeringTasks();
console.log("later:", names([...later.cancelled, ...later.completed]));

// Output:
// left behind: forgotten, kept, stubborn
// cancelled: forgotten
// stuck: stubborn
// skipped: kept
// later: kept, stubborn
