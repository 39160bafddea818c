// What a class of the usual kind becomes. It was:
//
//   class Uploads {
//     controller = new AbortController();
//     start(files) {
//       this.timer = setInterval(() => this.report(), 50);
//       return Promise.all(files.map((file) => this.send(file)))
//         .finally(() => clearInterval(this.timer));
//     }
//     send(file) {
//       const { signal } = this.controller;
//       const late = new Promise((_, reject) =>
//         setTimeout(() => reject(new Error("timeout")), 300));
//       return Promise.race([put(file, signal), late])
//         .then(() => this.uploaded++, () => this.failed++);
//     }
//     stop() {
//       this.controller.abort();
//     }
//   }
//
// There the request that lost the race went on, its timer too; an abort counted
// as a failed file; stop() came back while everything still ran; nobody knew
// which file was waited for; and all of them were sent at once.
import { parseArgs } from "node:util";
import {
  failAfter,
  map,
  rethrowCancellation,
  run,
  sleep,
  type Task,
  TaskGroup,
  TaskTracker,
} from "../../mod.ts";

async function put(url: URL, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: "PUT", body: "…", signal });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`status ${response.status}`);
}

class Uploads {
  uploaded = 0;
  failed = 0;
  readonly #tasks = new TaskTracker();
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  /** Uploads the files; the task ends when the last of them has ended. */
  start(files: readonly string[]): Task<void> {
    return this.#tasks.spawn(async () => {
      await TaskGroup.run(async (group) => {
        // The interval ends with what it reports on.
        group.spawn(() => this.#report(), { service: true });
        await map(files, (file) => this.#send(file), {
          concurrency: 3,
          name: (file) => `upload of ${file}`,
        });
      });
    }, { name: "uploads" });
  }

  /** Stops what runs, and comes back when it has ended. */
  async stop(reason: string): Promise<void> {
    await this.#tasks.cancelAll({ reason });
  }

  async #send(file: string): Promise<void> {
    try {
      const url = new URL(file, this.#server);
      await failAfter(Number(limit), ({ signal }) => put(url, signal));
      this.uploaded++;
    } catch (error) {
      // Being stopped is no failure of the file.
      rethrowCancellation(error);
      this.failed++;
      console.log(`${file}: ${error}`);
    }
  }

  async #report(): Promise<void> {
    for (;;) {
      await sleep(50);
      console.log(String(this));
    }
  }

  toString(): string {
    return `uploaded ${this.uploaded}, failed ${this.failed}`;
  }
}

const { values: { limit }, positionals } = parseArgs({
  allowPositionals: true,
  options: { limit: { type: "string", default: "300" } },
});
const [server = "http://localhost:8000", ...files] = positionals;

await run(async () => {
  const uploads = new Uploads(server);
  try {
    await uploads.start(files);
  } finally {
    await uploads.stop("the program ends");
    console.log(`at the end: ${uploads}`);
  }
});
