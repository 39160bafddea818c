interface Job {
  stop(): void;
  done: Promise<void>;
}

/** Runs the job until it is done or the server shuts down. */
export async function supervise(
  job: Job,
  shutdownSignal: AbortSignal,
): Promise<void> {
  shutdownSignal.throwIfAborted();
  shutdownSignal.addEventListener("abort", () => job.stop(), { once: true });
  await job.done;
}
