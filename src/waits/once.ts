import type { Cancellation } from "../core/cancellation.ts";
import { rememberCheckpoint } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { follow } from "../core/follow.ts";
import { optionsOf } from "../core/options.ts";
import { quiet } from "../core/quiet.ts";
import { recordOf } from "../core/source.ts";
import { afterTick } from "../core/tick.ts";
import { callable, can, unexpected } from "../core/validate.ts";
import { givenOrCaller, type WaitOptions } from "../core/waiter.ts";

/** What `once()` asks of an event emitter. */
export interface EmitterLike {
  /** Adds a listener. */
  // deno-lint-ignore no-explicit-any -- emitters have types of their own for it
  on(type: any, listener: (...args: any[]) => void): unknown;
  /** Takes it away. */
  // deno-lint-ignore no-explicit-any -- as above
  removeListener(type: any, listener: (...args: any[]) => void): unknown;
}

/** Options of {@linkcode once} for an `EventTarget`. */
export interface OnceEventOptions<E extends Event = Event> extends WaitOptions {
  /** Which event to wait for: the first for which it is true. */
  filter?: ((event: E) => boolean) | undefined;
}

/** Options of {@linkcode once} for an event emitter. */
export interface OnceOptions<A extends unknown[] = unknown[]>
  extends WaitOptions {
  /** Which event to wait for: the first for whose arguments it is true. */
  filter?: ((...args: A) => boolean) | undefined;
}

type AnyListener = (...args: unknown[]) => void;

/** How to listen to something, and whether that is an emitter. */
interface Listening {
  readonly emits: boolean;
  /** Adds a listener and gives what removes it. */
  listen(type: string | symbol, listener: AnyListener): () => void;
}

/**
 * What is both dispatches (a message port), or else emits: an emitter with an
 * `addEventListener()` of its own knows only some of its events there.
 */
function listeningTo(target: unknown): Listening {
  const dispatches = can(target, "addEventListener", "removeEventListener");
  const emits = can(target, "on", "removeListener") &&
    !(dispatches && can(target, "dispatchEvent"));
  if (!emits && !dispatches) {
    throw unexpected(
      "use once()",
      "an EventTarget or an event emitter",
      target,
    );
  }
  const [add, remove] = emits
    ? ["on", "removeListener"]
    : ["addEventListener", "removeEventListener"];
  const methods = target as Record<string, (...args: unknown[]) => void>;
  return {
    emits,
    listen(type, listener) {
      methods[add!]!(type, listener);
      return () => methods[remove!]!(type, listener);
    },
  };
}

/**
 * Waits for one event, and stops waiting when cancelled. However it ends, its
 * listeners are removed.
 *
 * @example
 * A socket that opens
 * ```ts
 * import { once } from "@mdc/tasks";
 *
 * const socket = new EventTarget();
 * setTimeout(() => socket.dispatchEvent(new Event("open")), 1);
 * const event = await once(socket, "open");
 * console.log(event.type); // "open"
 * ```
 *
 * @typeParam E The event.
 * @param target Where the event is dispatched.
 * @param type Its type.
 * @param options Whose cancellation ends the wait, and which event it is.
 * @returns A promise for the event. It rejects with what `filter` throws, and
 * with the cancellation of the signal (or of the current task).
 * @throws {TypeError} If `target` has no events, or an option is unknown or of
 * the wrong type.
 */
export function once<E extends Event = Event>(
  target: EventTarget,
  type: string,
  options?: OnceEventOptions<E>,
): Promise<E>;
/**
 * Waits for one event of an event emitter. An `"error"` event that comes first
 * is what it rejects with, unless that is the event to wait for.
 *
 * @example
 * A process that ends
 * ```ts
 * import { once } from "@mdc/tasks";
 *
 * // What `spawn()` gives; here it exits after a millisecond.
 * const child = {
 *   on(type: string, listener: (...args: unknown[]) => void) {
 *     if (type === "exit") setTimeout(() => listener(0, null), 1);
 *   },
 *   removeListener() {},
 * };
 * const [code] = await once(child, "exit");
 * console.log(code); // 0
 * ```
 *
 * @typeParam A The arguments of the event.
 * @param emitter What emits the event.
 * @param type Its name.
 * @param options Whose cancellation ends the wait, and which event it is.
 * @returns A promise for the arguments of the event. It rejects with the error
 * of an `"error"` event, with what `filter` throws, and with the cancellation
 * of the signal (or of the current task).
 * @throws {TypeError} If `emitter` has no events, or an option is unknown or
 * of the wrong type.
 */
export function once<A extends unknown[] = unknown[]>(
  emitter: EmitterLike,
  type: string | symbol,
  options?: OnceOptions<A>,
): Promise<A>;
export function once(
  target: EventTarget | EmitterLike,
  type: string | symbol,
  options?: OnceOptions | OnceEventOptions,
): Promise<unknown> {
  const { emits, listen } = listeningTo(target);
  if (typeof type !== "string" && !(emits && typeof type === "symbol")) {
    throw unexpected("use the type of once()", "the name of an event", type);
  }
  const { signal, filter } = optionsOf<OnceOptions>(
    options as OnceOptions,
    "once()",
    ["signal", "filter"],
  );
  if (filter !== undefined) callable(filter, "the filter of once()");
  const source = givenOrCaller(signal, "once()");
  const record = recordOf(source);
  if (record !== undefined) return atDoor(source!, record);
  const resumed = rememberCheckpoint(source, `once("${String(type)}")`);
  const wait: Promise<unknown> = new Promise((resolve, reject) => {
    const releases: (() => void)[] = [];
    let over = false;
    const end = () => {
      over = true;
      resumed?.();
      for (const release of releases.splice(0)) release();
    };
    const attempt = (step: () => void) => {
      if (over) return;
      try {
        step();
      } catch (error) {
        end();
        reject(error);
      }
    };
    const hear = (type: string | symbol, listener: AnyListener) =>
      attempt(() => {
        releases.push(
          listen(type, (...args) => attempt(() => listener(...args))),
        );
        if (over) end();
      });
    hear(type, (...args) => {
      if (filter?.(...args) === false) return;
      end();
      resolve(emits ? args : args[0]);
    });
    const fail = (error: unknown) => {
      throw error;
    };
    if (emits && type !== "error") hear("error", fail);
    if (over) return;
    const cancelled = ({ error }: Cancellation) =>
      // An event of this tick is delivered.
      afterTick(() =>
        attempt(() => {
          quiet(wait);
          fail(error);
        })
      );
    releases.push(follow(source, cancelled));
  });
  return wait;
}
