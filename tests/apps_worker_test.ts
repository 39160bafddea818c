import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type App, appTest, type Stage } from "./_apps.ts";

// The worker

interface Row {
  state: string;
  result: string | null;
}

/** The table of jobs, as other processes see it. */
class Jobs implements Disposable {
  readonly file: string;
  readonly #db: DatabaseSync;

  constructor(folder: string) {
    this.file = join(folder, "jobs.db");
    this.#db = new DatabaseSync(this.file);
    this.#db.exec("PRAGMA busy_timeout = 5000");
  }
  add(kind: string, ms: number): void {
    this.#db.prepare("INSERT INTO jobs (kind, ms) VALUES (?, ?)")
      .run(kind, ms);
  }
  cancel(id: number, reason: string): void {
    this.#db.prepare("UPDATE jobs SET cancel = ? WHERE id = ?")
      .run(reason, id);
  }
  row(id: number): Row {
    return this.#db.prepare("SELECT state, result FROM jobs WHERE id = ?")
      .get(id) as unknown as Row;
  }
  [Symbol.dispose](): void {
    this.#db.close();
  }
}

async function worker(
  { start, folder }: Stage,
): Promise<{ app: App; jobs: Jobs }> {
  const app = start("worker_sqlite.ts", { args: [join(folder, "jobs.db")] });
  await app.prints(/^ready$/m);
  return { app, jobs: new Jobs(folder) };
}

appTest(
  "worker_sqlite.ts carries jobs out, and says which failed",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 1);
    jobs.add("fail", 1);
    jobs.add("sleep", 2);
    await app.prints(/^job 1: done$/m);
    await app.prints(/^job 2: failed$/m);
    await app.prints(/^job 3: done$/m);
    const rows = [1, 2, 3].map((id) => ({ ...jobs.row(id) }));
    assertEquals(rows, [
      { state: "done", result: "after 1 ms" },
      { state: "failed", result: "Error: bad input" },
      { state: "done", result: "after 2 ms" },
    ]);
    app.signal("SIGINT");
    assertEquals(await app.code, 130);
  },
);

appTest(
  "worker_sqlite.ts cancels a job through the table, and abandons one that ignores it",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    jobs.add("never", 0);
    await app.prints(/^job 2: begins$/m);
    jobs.cancel(1, "asked by operator");
    await app.prints(/^job 1: cancelled$/m);
    jobs.cancel(2, "asked by operator");
    await app.prints(/^job 2: abandoned$/m);
    // It has room for others all the same.
    jobs.add("sleep", 1);
    await app.prints(/^job 3: done$/m);
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertEquals(jobs.row(1).state, "cancelled");
    assertMatch(jobs.row(2).result ?? "", /never 2/);
    assertMatch(app.stderr, /1 task has not ended .*\n {2}task "never 2": /);
  },
);

appTest(
  "worker_sqlite.ts puts a job back at SIGTERM, and another worker takes it",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    await app.prints(/^job 1: begins$/m);
    app.signal("SIGTERM");
    assertEquals(await app.code, 143);
    assertEquals(app.lines.at(-1), "job 1: queued");
    assertEquals(jobs.row(1).state, "queued");
    const { app: other } = await worker(stage);
    await other.prints(/^job 1: begins$/m);
  },
);

appTest(
  "worker_sqlite.ts takes a job over whose worker was killed",
  async (stage) => {
    const { app, jobs } = await worker(stage);
    using _ = jobs;
    jobs.add("sleep", 60_000);
    await app.prints(/^job 1: begins$/m);
    await app.kill();
    assertEquals(jobs.row(1).state, "running");
    const { app: other } = await worker(stage);
    await other.prints(/^job 1: begins$/m);
  },
);
