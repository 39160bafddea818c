import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  AsyncEvent,
  createTask,
  type Progress,
  rethrowCancellation,
  type Task,
  type TaskContext,
  type TaskOptions,
  type TaskTracker,
} from "../../mod.ts";
import { debug } from "./output.ts";

/** What a finished download has written. */
export interface Saved {
  path: string;
  sha256: string;
}

/** A running download, and what others may watch of it. */
export interface Download {
  readonly name: string;
  readonly task: Task<Saved>;
  readonly progress: Progress;
  /** Set when the download has cleaned up, however it ended. */
  readonly finished: AsyncEvent;
  /** Where the bytes are until all of them have arrived. */
  readonly partial: string;
}

/** Options of {@linkcode startDownload}. */
export interface StartOptions extends TaskOptions {
  folder: string;
  tracker?: TaskTracker;
}

/** Starts a task that downloads `url` into a folder. */
export function startDownload(url: URL, options: StartOptions): Download {
  const { folder, tracker, ...taskOptions } = options;
  const name = url.pathname.slice(1);
  const partial = join(folder, `${name}.part`);
  const finished = new AsyncEvent();
  let progress!: Progress;
  const body = (context: TaskContext) => {
    // Runs before createTask() returns: bodies start at once.
    progress = context.progress;
    progress.subscribe(reportStages(name));
    return download(url, { context, partial, finished });
  };
  const named = { name, ...taskOptions };
  const task = tracker === undefined
    ? createTask(body, named)
    : tracker.spawn(body, named);
  return { name, task, progress, finished, partial };
}

interface DownloadOptions {
  context: TaskContext;
  partial: string;
  finished: AsyncEvent;
}

async function download(url: URL, options: DownloadOptions): Promise<Saved> {
  const { context: { name, signal, progress }, partial, finished } = options;
  const path = partial.replace(/\.part$/, "");
  try {
    progress.update({ stage: "connecting" });
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`${response.status} ${response.statusText}`);
    }
    const { headers, body } = response;
    const total = Number(headers.get("content-length"));
    progress.update({ stage: "downloading", total });
    const sha256 = await save(body, { partial, progress });
    progress.update({ stage: "verifying" });
    if (headers.get("etag") !== `"${sha256}"`) throw new Error("wrong hash");
    await rename(partial, path);
    return { path, sha256 };
  } catch (error) {
    rethrowCancellation(error);
    throw new Error(`Cannot download ${name}`, { cause: error });
  } finally {
    try {
      await rm(partial, { force: true });
    } finally {
      finished.set();
    }
  }
}

/** Writes and hashes chunk by chunk; the file is closed in any case. */
async function save(
  body: ReadableStream<Uint8Array>,
  { partial, progress }: { partial: string; progress: Progress },
): Promise<string> {
  await using file = await open(partial, "w");
  const hash = createHash("sha256");
  for await (const chunk of body) {
    await file.appendFile(chunk);
    hash.update(chunk);
    progress.advance(chunk.byteLength);
  }
  return hash.digest("hex");
}

/** Waits until `bytes` have arrived, or the download has ended. */
export async function arrived(
  progress: Progress,
  bytes: number,
): Promise<void> {
  for await (const { completed, status } of progress) {
    if (completed >= bytes || status !== "running") return;
  }
}

function reportStages(name: string): Parameters<Progress["subscribe"]>[0] {
  let last = "";
  return ({ status, stage = "", completed }) => {
    const now = status === "running" ? stage : `${status} while ${stage}`;
    if (now !== last) debug(`${name}: ${now} (${completed} bytes so far)`);
    last = now;
  };
}
