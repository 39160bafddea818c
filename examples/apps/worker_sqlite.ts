// A worker: takes jobs from a table, two at a time, and holds a lease on each
// that it renews. A job is cancelled by whoever writes so into the table. At
// SIGTERM the worker finishes what it can and puts back the rest.
//
//   worker_sqlite.ts jobs.db
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import {
  type AsyncEvent,
  findError,
  isCancellation,
  map,
  moveOnAfter,
  run,
  sleep,
  StuckError,
  type TaskContext,
  TaskGroup,
} from "../../mod.ts";

const LEASE = 1000;

const db = new DatabaseSync(process.argv[2] ?? "jobs.db");
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 1000;
  CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY, kind TEXT, ms INTEGER,
    state TEXT DEFAULT 'queued', result TEXT, cancel TEXT, lease INTEGER
  )`);

interface Job {
  readonly id: number;
  readonly kind: string;
  readonly ms: number;
}

const free = db.prepare(`
  UPDATE jobs SET state = 'running', lease = ? WHERE id = (
    SELECT id FROM jobs WHERE cancel IS NULL AND
      (state = 'queued' OR state = 'running' AND lease < ?) LIMIT 1
  ) RETURNING id, kind, ms`);
const renewal = db.prepare(`
  UPDATE jobs SET lease = ? WHERE id = ? RETURNING cancel`);
const ending = db.prepare(`
  UPDATE jobs SET state = ?, result = ?, lease = NULL WHERE id = ?`);

/** Jobs that nobody has, as long as the worker takes any. */
async function* claims(shutdown: AsyncEvent): AsyncGenerator<Job> {
  while (!shutdown.isSet) {
    const now = Date.now();
    const job = free.get(now + LEASE, now) as unknown as Job | undefined;
    if (job !== undefined) yield job;
    else await moveOnAfter(50, () => shutdown.wait());
  }
}

async function work({ kind, ms }: Job, context: TaskContext): Promise<string> {
  if (kind === "fail") throw new Error("bad input");
  // It ignores whoever asks it to stop.
  if (kind === "never") await Promise.withResolvers<never>().promise;
  await context.sleep(ms);
  return `after ${ms} ms`;
}

/** Renews the lease, and hears there whether the job shall be cancelled. */
async function lease({ id }: Job, group: TaskGroup): Promise<void> {
  for (;;) {
    await sleep(LEASE / 10);
    const row = renewal.get(Date.now() + LEASE, id);
    if (typeof row?.["cancel"] === "string") group.cancel(row["cancel"]);
  }
}

async function carryOut(job: Job, context: TaskContext): Promise<void> {
  const { id, kind } = job;
  const end = (state: string, result: string | null = null) => {
    ending.run(state, result, id);
    console.log(`job ${id}: ${state}`);
  };
  console.log(`job ${id}: begins`);
  try {
    const result = await TaskGroup.run(async (group) => {
      // It ends with the request to cancel: a job that doesn't care loses it.
      group.spawn(() => lease(job, group), { service: "cancel" });
      return await group.spawn((context) => work(job, context), {
        name: `${kind} ${id}`,
      });
    }, { grace: 300, fallback: null });
    if (result === null) end("cancelled");
    else end("done", result);
  } catch (error) {
    if (isCancellation(error)) {
      end("queued");
      throw error;
    }
    // It goes on, whatever it was asked. While the worker lives nobody may take
    // it over; after that, its lease is over too.
    if (findError(error, StuckError) === undefined) {
      end("failed", String(findError(error, Error)));
    } else if (!context.cancelRequested) end("abandoned", String(error));
  }
}

await run(async ({ shutdown }) => {
  console.log("ready");
  await map(claims(shutdown), carryOut, {
    concurrency: 2,
    name: ({ id }) => `job ${id}`,
  });
}, { drain: 500, grace: 1000 });
