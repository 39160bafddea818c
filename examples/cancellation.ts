// A cancellation says who asked and why, and nobody swallows it by accident.
import {
  createTask,
  formatReason,
  isCancellation,
  rethrowCancellation,
} from "../mod.ts";

const task = createTask(async ({ signal, sleep }) => {
  try {
    await sleep(60_000);
  } catch (error) {
    // First line of a catch block: what follows is for real errors only.
    rethrowCancellation(error);
    console.log("never printed: no real error happened");
  } finally {
    console.log("cleaning up, aborted:", signal.aborted);
  }
}, { name: "patient" });

task.cancel("the user closed the tab");
console.log("right after cancel():", task.status);
const error = await task.catch((error) => error);
console.log("in the end:", task.status, isCancellation(error));
if (task.reason) console.log("why:", formatReason(task.reason));
console.log("a second cancel() changes nothing:", task.cancel("too late"));

// Output:
// right after cancel(): cancelling
// cleaning up, aborted: true
// in the end: cancelled true
// why: cancelled: the user closed the tab
// a second cancel() changes nothing: false
