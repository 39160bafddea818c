// Attempts with a growing delay, each with a limit of its own.
import { failAfter, sleep } from "../mod.ts";
import { earlierErrors, retry } from "../flow.ts";

// A service that hangs at first, then is busy, then answers.
async function ask(attempt: number): Promise<string> {
  if (attempt === 1) await sleep(60_000);
  if (attempt === 2) throw new Error("busy");
  return "here you are";
}

const answer = await retry((_, attempt) => failAfter(20, () => ask(attempt)), {
  attempts: 5,
  delay: 1,
  timeout: 10_000,
  onRetry: ({ error, attempt }) => console.log(`attempt ${attempt}: ${error}`),
});
console.log(answer);

// The last error is thrown as it is; the others are known by it.
try {
  await retry((_, attempt) => {
    throw new Error(`no ${attempt}`);
  }, { delay: 1, retryIf: (error) => String(error) !== "Error: no 2" });
} catch (error) {
  console.log(String(error), "after", earlierErrors(error).map(String).join());
}

// Output:
// attempt 1: TimeoutError: Timed out after 20 ms
// attempt 2: Error: busy
// here you are
// Error: no 2 after Error: no 1
