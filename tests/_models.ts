/**
 * What the model-based tests of `@mdc/tasks/flow` share: commands for
 * fast-check that are carried out on the real thing and on a plain model.
 */
import fc from "fast-check";
import process from "node:process";

/** How many random programs each model is compared with in the gate. */
export const RUNS: number = Number(process.env["PROGRAMS"] ?? 10_000);

/** Lets every promise reaction of this tick run: nothing waits longer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 24; turn++) await null;
}

/** One step of a program, on both. */
export class Step<M extends object, R extends object>
  implements fc.AsyncCommand<M, R> {
  readonly #name: string;
  readonly #run: (model: M, real: R) => void | Promise<void>;
  constructor(name: string, run: (model: M, real: R) => void | Promise<void>) {
    this.#name = name;
    this.#run = run;
  }
  check(): boolean {
    return true;
  }
  /** Gives a promise only if there is something to wait for. */
  run(model: M, real: R): Promise<void> {
    return this.#run(model, real) as Promise<void>;
  }
  toString(): string {
    return this.#name;
  }
}

/** Runs random programs; `end` is the last step of each. */
export async function compare<M extends object, R extends object>(
  make: () => { model: M; real: R },
  steps: readonly fc.Arbitrary<Step<M, R>>[],
  end: (model: M, real: R) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([...steps] as fc.Arbitrary<fc.AsyncCommand<M, R>>[], {
        maxCommands: 24,
      }),
      async (commands) => {
        const both = make();
        // By hand: between two steps no reaction runs, unless one settles.
        for (const command of commands) {
          const ends: unknown = command.run(both.model, both.real);
          if (ends instanceof Promise) await ends;
        }
        await end(both.model, both.real);
      },
    ),
    { numRuns: RUNS },
  );
}

/** A step with a number that says which, of those that there are. */
export function numbered<M extends object, R extends object>(
  name: string,
  run: (model: M, real: R, number: number) => void | Promise<void>,
): fc.Arbitrary<Step<M, R>> {
  return fc.nat({ max: 9 }).map((number) =>
    new Step<M, R>(
      `${name}(${number})`,
      (model, real) => run(model, real, number),
    )
  );
}

/** A step without. */
export function plain<M extends object, R extends object>(
  name: string,
  run: (model: M, real: R) => void | Promise<void>,
): fc.Arbitrary<Step<M, R>> {
  return fc.constant(new Step<M, R>(name, run));
}

/** The one of a list that a number says. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}
