// Semaphores and queues side by side, as ratios to a bare promise hand-over in
// the same process. Each row is the median of its rounds.
//   npm install && node --expose-gc flow.mjs [rounds] [hand-overs]
import { Semaphore as MutexSemaphore } from "async-mutex";
import Bottleneck from "bottleneck";
import { Effect, Queue, Semaphore as EffectSemaphore } from "effect";
import pLimit from "p-limit";
import PQueue from "p-queue";
import process from "node:process";
import { createTask } from "../../mod.ts";
import { Channel, Semaphore } from "../../flow.ts";

const rounds = Number(process.argv[2] ?? 7);
const MANY = Number(process.argv[3] ?? 1_000_000);
const called = (body) => body();

function handOver() {
  let resolve;
  const promise = new Promise((done) => resolve = done);
  return { promise, resolve };
}

/** Two sides that wait for each other: a fresh promise for each hand-over. */
async function bare(count) {
  let there = handOver();
  let back = handOver();
  const answer = async () => {
    for (let i = 0; i < count / 2; i++) {
      await there.promise;
      there = handOver();
      back.resolve();
    }
  };
  const ask = async () => {
    for (let i = 0; i < count / 2; i++) {
      there.resolve();
      await back.promise;
      back = handOver();
    }
  };
  await Promise.all([answer(), ask()]);
}

/** Two sides that want the same permit again and again. */
async function contend(count, once, start = called) {
  const side = async () => {
    for (let i = 0; i < count / 2; i++) await once();
  };
  await Promise.all([start(side), start(side)]);
}

const acquiring = (start) => (count) => {
  const semaphore = new Semaphore(1);
  const side = async () => {
    for (let i = 0; i < count / 2; i++) (await semaphore.acquire()).release();
  };
  return Promise.all([start(side), start(side)]);
};

const sending = (capacity, start) => (count) => {
  const channel = new Channel({ capacity });
  const send = async () => {
    for (let i = 0; i < count; i++) await channel.send(i);
  };
  const receive = async () => {
    for (let i = 0; i < count; i++) await channel.receive();
  };
  return Promise.all([start(send), start(receive)]);
};

const SEMAPHORES = {
  "Semaphore": acquiring(called),
  "Semaphore, in tasks": acquiring(createTask),
  "Semaphore.use()": (count) => {
    const semaphore = new Semaphore(1);
    return contend(count, () => semaphore.use(() => {}));
  },
  "async-mutex": (count) => {
    const semaphore = new MutexSemaphore(1);
    const side = async () => {
      for (let i = 0; i < count / 2; i++) (await semaphore.acquire())[1]();
    };
    return Promise.all([side(), side()]);
  },
  "async-mutex runExclusive()": (count) => {
    const semaphore = new MutexSemaphore(1);
    return contend(count, () => semaphore.runExclusive(() => {}));
  },
  "p-limit": (count) => {
    const limit = pLimit(1);
    return contend(count, () => limit(() => {}));
  },
  "p-queue": (count) => {
    const queue = new PQueue({ concurrency: 1 });
    return contend(count, () => queue.add(() => {}));
  },
  "bottleneck": (count) => {
    const limiter = new Bottleneck({ maxConcurrent: 1 });
    return contend(count, () => limiter.schedule(() => Promise.resolve()));
  },
  "Effect Semaphore": (count) => {
    const semaphore = EffectSemaphore.makeUnsafe(1);
    const once = semaphore.withPermits(1)(Effect.yieldNow);
    const side = Effect.gen(function* () {
      for (let i = 0; i < count / 2; i++) yield* once;
    });
    return Effect.runPromise(Effect.all([side, side], { concurrency: 2 }));
  },
};

const effectQueue = (capacity) => (count) => {
  const program = Effect.gen(function* () {
    const queue = yield* Queue.bounded(capacity);
    const send = Effect.gen(function* () {
      for (let i = 0; i < count; i++) yield* Queue.offer(queue, i);
    });
    const receive = Effect.gen(function* () {
      for (let i = 0; i < count; i++) yield* Queue.take(queue);
    });
    yield* Effect.all([send, receive], { concurrency: 2 });
  });
  return Effect.runPromise(program);
};

const CHANNELS = {
  "Channel, capacity 0": sending(0, called),
  "Channel, capacity 16": sending(16, called),
  "Channel, capacity 16, in tasks": sending(16, createTask),
  "Effect Queue, capacity 1": effectQueue(1),
  "Effect Queue, capacity 16": effectQueue(16),
};

/** So many in line at once; then all are served. */
const inLine = (waiters) => async () => {
  const semaphore = new Semaphore(1);
  const permit = await semaphore.acquire();
  const wait = async () => (await semaphore.acquire()).release();
  const waits = Array.from({ length: waiters }, wait);
  permit.release();
  await Promise.all(waits);
};

const LINES = {
  "10,000 waiters": inLine(10_000),
  "100,000 waiters": inLine(100_000),
};

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

async function nanoseconds(run, count) {
  globalThis.gc?.();
  const start = performance.now();
  await run(count);
  return (performance.now() - start) * 1e6 / count;
}

async function measure(title, run, count) {
  const times = [];
  const ratios = [];
  for (let round = -1; round < rounds; round++) {
    const base = await nanoseconds(bare, count);
    const time = await nanoseconds(run, count);
    if (round < 0) continue;
    times.push(time);
    ratios.push(time / base);
  }
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  console.log(
    title.padEnd(32),
    `${median(ratios).toFixed(2)}x (${low.toFixed(2)}-${high.toFixed(2)})`
      .padEnd(26),
    `${median(times).toFixed(0)} ns`,
  );
}

for (const [title, run] of Object.entries({ ...SEMAPHORES, ...CHANNELS })) {
  // The slow ones say the same with less.
  const count = title === "bottleneck" ? MANY / 100 : MANY;
  await measure(title, run, count);
}
for (const [title, run] of Object.entries(LINES)) {
  const waiters = title.startsWith("100") ? 100_000 : 10_000;
  await measure(title, run, waiters);
}
