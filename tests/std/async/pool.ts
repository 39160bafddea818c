/**
 * Maps items concurrently, at most `poolLimit` at once, in their order.
 *
 * The work starts at the call and doesn't wait for the reader. After the first
 * error nothing new starts; what runs may finish and is delivered, then the
 * iteration throws an `AggregateError` of all failures.
 */
export function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R> {
  if (!Number.isInteger(poolLimit) || poolLimit < 1) {
    throw new RangeError("'poolLimit' must be a positive integer");
  }
  const started: Promise<R>[] = [];
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  let change = Promise.withResolvers<void>();
  let finished = false;

  const notify = () => {
    change.resolve();
    change = Promise.withResolvers<void>();
  };

  const start = (item: T) => {
    const result = Promise.resolve(item).then(iteratorFn);
    started.push(result);
    const settled: Promise<void> = result.then(
      () => {},
      (error) => void errors.push(error),
    ).finally(() => running.delete(settled));
    running.add(settled);
    notify();
  };

  const produce = async () => {
    try {
      for await (const item of array) {
        start(item);
        if (running.size >= poolLimit) await Promise.race(running);
        if (errors.length > 0) break;
      }
    } catch (error) {
      errors.push(error);
    } finally {
      await Promise.all(running);
      finished = true;
      notify();
    }
  };

  const deliver = async function* (): AsyncGenerator<R> {
    for (let index = 0;; index++) {
      while (index >= started.length && !finished) await change.promise;
      const result = started[index];
      if (result === undefined) break;
      // A failure is in `errors` already.
      const [outcome] = await Promise.allSettled([result]);
      if (outcome.status === "fulfilled") yield outcome.value;
    }
    if (errors.length > 0) {
      throw new AggregateError(
        errors,
        "Cannot complete the mapping as an error was thrown from an item",
      );
    }
  };

  produce();
  return deliver();
}
