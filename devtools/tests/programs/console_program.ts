/** Shows bars, writes by every way there is, and ends as it is told. */
import { createTask, Progress } from "@mdc/tasks";
import { showProgress } from "@mdc/devtools/console";
import process from "node:process";

const how = process.argv[2];
const progress = new Progress({ total: 6, stage: "work" });
const display = showProgress([{ name: "work", progress }]);
const write = [
  () => console.log("line 1 by console.log"),
  () => process.stdout.write("line 2 "),
  () => process.stdout.write("in two parts\n"),
  () => console.error("line 3 by console.error"),
  () => process.stderr.write(new TextEncoder().encode("line 4 as bytes\n")),
  () => console.log("line 5 %s", "with a format"),
];
for (const each of write) {
  progress.advance();
  each();
  await new Promise((done) => setTimeout(done, 5));
}
const ends: Record<string, () => unknown> = {
  stop: () => display.stop(),
  nothing: () => {},
  exit: () => process.exit(3),
  SIGINT: () => kill("SIGINT"),
  SIGTERM: () => kill("SIGTERM"),
  throws: () => void setTimeout(() => fail(), 1),
  rejects: () => void Promise.reject(new Error("rejected")),
  task: () => void createTask(() => fail(), { name: "failing" }),
};
await ends[how ?? ""]?.();

function fail(): never {
  throw new Error("thrown");
}

async function kill(signal: string): Promise<void> {
  process.kill(process.pid, signal);
  // The signal ends it long before.
  await new Promise((done) => setTimeout(done, 10_000));
}
