// A queue with an end, the first of several, and one loop over many sources.
import { AsyncEvent, sleep, TaskGroup } from "../mod.ts";
import { Channel, merge, pipe, select } from "../flow.ts";

// The producer waits for its consumer, which takes each item once.
const jobs = new Channel<string>({ capacity: 1 });
await TaskGroup.run((group) => {
  group.spawn(async () => {
    for await (const job of jobs) console.log("does", job);
  });
  group.spawn(async () => {
    for (const job of ["a", "b"]) await jobs.send(job);
    jobs.close();
  });
});

// Exactly one of them.
const mail = new Channel<string>({ capacity: 1 });
const stop = new AsyncEvent();
await mail.send("letter");
const chosen = await select({ stop, mail, idle: 5 });
if (chosen.status === "received") console.log(chosen.value);

// From a stream to a channel, at the pace of who reads it.
const text = new Channel<string>();
const lines = new Blob(["to be"]).stream().pipeThrough(new TextDecoderStream());
const piping = pipe(lines, text);
async function* later(): AsyncGenerator<string> {
  await sleep(20);
  yield "or not to be";
}
for await (const line of merge(later(), text)) console.log(line);
await piping;

// Output:
// does a
// does b
// letter
// to be
// or not to be
