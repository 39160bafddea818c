/** A worker that has tasks, and stops when it is told to. */
import {
  allTasks,
  CancelledError,
  type CancelReason,
  createTask,
  currentTask,
} from "../../mod.ts";
import { hear, post } from "./_port.ts";

const service = createTask(async ({ sleep }) => {
  const names = Array.from({ length: 1_000 }, (_, i) => `unit ${i}`);
  for (const name of names) {
    // They belong to the service, and end with it.
    void createTask(({ sleep }) => sleep(60_000), { name });
  }
  try {
    await sleep(60_000);
  } finally {
    post({ kind: "cleanup", in: currentTask()?.name });
  }
}, { name: "service" });

hear((message) => {
  service.cancel(new CancelledError(message as CancelReason));
});
post({ kind: "ready", tasks: allTasks().length });

try {
  await service;
} catch (error) {
  // The error as it is, and the plain value that says the same.
  post({ kind: "end", error, reason: (error as CancelledError).reason });
}
