/** In place of `@mdc/tasks/flow`, as far as the program of a recipe goes. */
import { sleep } from "../../mod.ts";

/** Attempts until one succeeds. */
export async function retry<T>(
  body: (context: unknown, attempt: number) => T | PromiseLike<T>,
  options: {
    readonly attempts: number;
    readonly delay?: number;
    readonly factor?: number;
    readonly retryIf?: (error: unknown) => boolean;
    readonly onRetry?: (failed: { error: unknown; attempt: number }) => unknown;
  },
): Promise<T> {
  const { attempts, delay = 1000, factor = 2 } = options;
  const { retryIf = () => true, onRetry } = options;
  for (let attempt = 1;; attempt++) {
    try {
      return await body(undefined, attempt);
    } catch (error) {
      if (attempt >= attempts || !retryIf(error)) throw error;
      onRetry?.({ error, attempt });
      await sleep(delay * factor ** (attempt - 1));
    }
  }
}
