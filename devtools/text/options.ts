/** Options of a call, or a TypeError that names the one that is unknown. */
export function checkOptions<O extends object>(
  options: O | undefined,
  what: string,
  names: readonly (keyof O & string)[],
): O {
  if (options === undefined) return {} as O;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `Cannot use the options of ${what}: expected an object, received ${options}`,
    );
  }
  for (const name of Object.keys(options)) {
    if ((names as readonly string[]).includes(name)) continue;
    throw new TypeError(
      `Cannot use the options of ${what}: unknown option "${name}"; there are ${
        names.map((each) => `"${each}"`).join(", ")
      }`,
    );
  }
  return options;
}

/** A number of at least `least`, or an error that shows what came instead. */
export function numberOption(
  value: unknown,
  name: string,
  { fallback, least }: { fallback: number; least: number },
): number {
  if (value === undefined) return fallback;
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot use ${name}: expected a number, received ${String(value)}`,
    );
  }
  if (!(value >= least)) {
    throw new RangeError(
      `Cannot use ${name}: expected ${least} or more, received ${value}`,
    );
  }
  return value;
}
