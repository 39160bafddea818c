import type { TaskContext } from "../../mod.ts";
import { callable, count, optionalText, optionsOf, time } from "./arguments.ts";

/**
 * Options of `new Pool()`.
 *
 * @typeParam T The resources.
 */
export interface PoolOptions<T> {
  /** Makes a resource, for whoever waits for one, in that caller's scope. */
  create: (context: TaskContext) => T | PromiseLike<T>;
  /** Closes a resource. Default: there is nothing to close. */
  destroy?: ((resource: T) => unknown) | undefined;
  /** How many resources there are at most. Default: 10. */
  max?: number | undefined;
  /**
   * How long a resource that nobody uses is kept, in milliseconds.
   * Default: `Infinity`.
   */
  idle?: number | undefined;
  /**
   * Whether a resource that was used before is still good. If not, it is closed
   * and another one taken. Default: it is.
   */
  validate?: ((resource: T) => boolean | PromiseLike<boolean>) | undefined;
  /** How long it may take to close a resource, in ms. Default: 1000. */
  grace?: number | undefined;
  /** The name in errors and reports. Default: `"pool"`. */
  name?: string | undefined;
}

/**
 * A resource that is lent, until it is given back.
 *
 * @typeParam T The resource.
 */
export interface Lease<T> {
  /** The resource. */
  readonly value: T;
  /** Gives it back, for the next who waits. To do so twice does nothing. */
  release(): void;
  /** Gives it back as broken: it is closed. */
  discard(): void;
  /** Gives it back, for `using`. */
  [Symbol.dispose](): void;
}

/** The options of a pool with their defaults. */
export interface PoolSettings<T> {
  readonly create: (context: TaskContext) => T | PromiseLike<T>;
  readonly destroy: (resource: T) => unknown;
  readonly validate:
    | ((resource: T) => boolean | PromiseLike<boolean>)
    | undefined;
  readonly max: number;
  readonly idle: number;
  readonly grace: number;
  readonly name: string;
}

/** The options of a pool, or an error that says what is wrong with them. */
export function poolSettings<T>(options: PoolOptions<T>): PoolSettings<T> {
  const given = optionsOf<PoolOptions<T>>(options, "Pool", [
    "create",
    "destroy",
    "max",
    "idle",
    "validate",
    "grace",
    "name",
  ]);
  const { create, destroy = () => {}, max = 10, idle = Infinity } = given;
  const { validate, grace = 1000, name = "pool" } = given;
  callable(create, "create");
  callable(destroy, "destroy");
  if (validate !== undefined) callable(validate, "validate");
  count(max, "max", { endless: true });
  time(idle, "idle");
  time(grace, "grace");
  optionalText(name, "name");
  return { create, destroy, max, idle, validate, grace, name };
}
