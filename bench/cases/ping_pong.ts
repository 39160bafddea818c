import { AsyncEvent, createTask } from "../../mod.ts";
import {
  check,
  type Figures,
  nanosecondsEach,
  type Pair,
  timed,
} from "../_measure.ts";

const ROUNDS = 1_000_000;

interface HandOver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function handOver(): HandOver {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A fresh promise and its resolver for every hand-over. */
async function promises(): Promise<number> {
  let there = handOver();
  let back = handOver();
  let hops = 0;
  async function answer(): Promise<void> {
    for (let i = 0; i < ROUNDS; i++) {
      await there.promise;
      there = handOver();
      hops++;
      back.resolve();
    }
  }
  async function ask(): Promise<void> {
    for (let i = 0; i < ROUNDS; i++) {
      there.resolve();
      await back.promise;
      back = handOver();
      hops++;
    }
  }
  await Promise.all([answer(), ask()]);
  return hops;
}

/** Two events, set and cleared again and again. */
async function events(
  spawn: (body: () => Promise<void>) => PromiseLike<void>,
): Promise<number> {
  const there = new AsyncEvent();
  const back = new AsyncEvent();
  let hops = 0;
  async function answer(): Promise<void> {
    for (let i = 0; i < ROUNDS; i++) {
      await there.wait();
      there.clear();
      hops++;
      back.set();
    }
  }
  async function ask(): Promise<void> {
    for (let i = 0; i < ROUNDS; i++) {
      there.set();
      await back.wait();
      back.clear();
      hops++;
    }
  }
  await Promise.all([spawn(answer), spawn(ask)]);
  return hops;
}

function side(run: () => Promise<number>): () => Promise<Figures> {
  return async () => {
    const { ms, value } = await timed(run);
    check(value === 2 * ROUNDS, `${value} hand-overs`);
    return { time: nanosecondsEach(ms, ROUNDS) };
  };
}

/** A million rounds between two events ÷ the same with bare promises. */
export function pingPong(): Pair {
  return { base: side(promises), subject: side(() => events((run) => run())) };
}

/** The same in tasks, whose cancellation would end each wait: no budget. */
export function pingPongInTasks(): Pair {
  return {
    base: side(promises),
    subject: side(() => events((run) => createTask(run))),
  };
}
