// Loops over what knows no cancellation end with their scope.
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { abortable, AsyncEvent, map, moveOnAfter, once } from "../mod.ts";

// A response that stops in the middle. Its stream is cancelled for you.
const response = new ReadableStream<string>({
  start: (controller) => controller.enqueue("first chunk"),
  cancel: () => console.log("the connection is free"),
});
await moveOnAfter(10, async () => {
  for await (const chunk of abortable(response)) console.log(chunk);
});

// The items of a stream, two at a time; a stuck one would be known by name.
const lines = Readable.from(["a", "b", "c"]);
const upper = await map(lines, (line: string) => line.toUpperCase(), {
  concurrency: 2,
  name: (line) => `line ${line}`,
});
console.log(upper.join(" "));

// One event, or nothing when the time is over.
const child = new EventEmitter();
setTimeout(() => child.emit("exit", 0), 1);
const [code] = await once(child, "exit");
console.log("exit code", code);

// Whoever is first says why.
const request = new AbortController();
const stop = AsyncEvent.any([new AsyncEvent(), request]);
request.abort(new Error("client left"));
console.log(stop.signal.reason.message);

// Output:
// first chunk
// the connection is free
// A B C
// exit code 0
// client left
