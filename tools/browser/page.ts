import { registered } from "./platform.ts";
import { obstacles } from "./tests.ts";

/** How a test ended: without an obstacle or a message it has passed. */
export interface PageResult {
  name: string;
  /** Why it didn't run. */
  obstacle?: string | undefined;
  /** Why it failed. */
  message?: string;
}

const LIMIT = 30_000;

/** Runs the registered tests, one after the other. */
export async function runTests(): Promise<PageResult[]> {
  const results: PageResult[] = [];
  for (const { name, body } of registered) {
    const obstacle = obstacles[name];
    results.push(
      obstacle === undefined
        ? { name, ...await verdict(body) }
        : { name, obstacle },
    );
  }
  return results;
}

async function verdict(
  body: () => void | Promise<void>,
): Promise<{ message?: string }> {
  const late = Promise.withResolvers<never>();
  // The test may have replaced the clock of the library, not the platform's.
  const timer = setTimeout(() => late.reject(new Error("stopped")), LIMIT);
  try {
    await Promise.race([body(), late.promise]);
    return {};
  } catch (error) {
    const { stack } = error as Partial<Error>;
    return { message: `${error}\n${stack ?? ""}` };
  } finally {
    clearTimeout(timer);
  }
}
