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
  const stop = () => job.stop();
  shutdownSignal.addEventListener("abort", stop);
  try {
    await job.done;
  } finally {
    shutdownSignal.removeEventListener("abort", stop);
  }
}
