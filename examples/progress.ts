// Progress is typed, can be watched, adds up, and is final in the end.
import { aggregateProgress, createTask, InvalidStateError } from "../mod.ts";

const copy = (total: number) =>
  createTask(async ({ progress, checkpoint }) => {
    progress.update({ total, stage: "copying" });
    for (let i = 0; i < total; i++) {
      await checkpoint();
      progress.advance();
    }
    return progress;
  });

const tasks = [copy(1), copy(3)];
const whole = aggregateProgress(tasks);
let seen = 0;
whole.subscribe(({ completed, total }) => {
  // Stages and ends of the parts are told as well.
  if (completed > seen) console.log(`${completed} of ${total}`);
  seen = completed;
});
const [, second] = await Promise.all(tasks);
console.log("all:", whole.status, whole.fraction);
console.log("second:", second?.status, second?.stage, second?.completed);

try {
  second?.advance();
} catch (error) {
  if (!(error instanceof InvalidStateError)) throw error;
  console.log(error.message);
}

// Output:
// 1 of 4
// 2 of 4
// 3 of 4
// 4 of 4
// all: completed 1
// second: completed copying 3
// Cannot update progress: it is completed already
