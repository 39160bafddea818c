// So many at a time, and so many in a time, each in order of arrival.
import { all, createTask, map, sleep } from "../mod.ts";
import { KeyedLimiter, Lock, RateLimiter, Semaphore } from "../flow.ts";

// Two connections for three queries.
const connections = new Semaphore(2);
const query = (name: string) => () =>
  connections.use(async () => {
    console.log(`${name} begins, ${connections.waiting} wait`);
    await sleep(5);
  });
await all([query("first"), query("second"), query("third")]);

// Who gives up takes no place with them.
const lock = new Lock();
const permit = await lock.acquire();
const impatient = createTask(() => lock.use(() => console.log("never")));
impatient.cancel("no time");
console.log(String(await impatient.catch((error) => error)), lock.waiting);
permit.release();
console.log(await lock.use(() => "the lock is free"));

// At most one a host at a time, at most three in 30 ms.
const hosts = new KeyedLimiter<string>(1);
const rate = new RateLimiter({ limit: 3, interval: 30 });
const urls = ["a/1", "a/2", "b/1", "b/2"];
const started = performance.now();
await map(urls, (url) => hosts.use(url.slice(0, 1), () => rate.use(() => url)));
console.log(
  performance.now() - started >= 29 ? "in two intervals" : "too fast",
);

// Output:
// first begins, 1 wait
// second begins, 1 wait
// third begins, 0 wait
// AbortError: cancelled: no time 0
// the lock is free
// in two intervals
