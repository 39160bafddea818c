/**
 * One `test` for the runtimes that the suite runs on: `Deno.test` with its
 * sanitizers under Deno, `node:test` elsewhere.
 *
 * Tests get a name and a body and nothing else; steps and skipping differ
 * between the runners.
 *
 * @module
 */

/** Registers a test. */
export type Register = (name: string, body: () => void | Promise<void>) => void;

/** Where a worker puts its register, as no runner has tests in workers. */
const REGISTER = Symbol.for("mdc.tests.register");

const own = Reflect.get(globalThis, REGISTER) as Register | undefined;

/** Registers a test with the runner of the current runtime. */
export const test: Register = own ??
  ("Deno" in globalThis
    ? (name, body) =>
      Deno.test({
        name,
        fn: body,
        sanitizeOps: true,
        sanitizeResources: true,
        sanitizeExit: true,
      })
    : await nodeTest());

async function nodeTest(): Promise<Register> {
  const runner = await import("node:test");
  return (name, body) => void runner.test(name, () => body());
}
