import { createTask, failAfter, run, sleep, type Task } from "../../mod.ts";

await run(async () => {
  const jobs: Task[] = [];
  await failAfter(10_000, async () => {
    const fail = async () => {
      await sleep(1);
      throw new Error("disk full");
    };
    jobs.push(createTask(fail, { name: "job" }));
    await sleep(5);
  });
  for (const job of jobs) {
    await job.catch((error: Error) => console.log("handled:", error.message));
  }
});
