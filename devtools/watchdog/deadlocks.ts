import type { WaitEvent } from "@mdc/tasks/trace";
import type { Family } from "./family.ts";

/** Finds tasks that wait for each other, when the last of them begins to. */
export class Deadlocks {
  readonly #family: Family;
  /** The waits of each task that aren't over, by their number. */
  readonly #waits = new Map<string, Map<number, WaitEvent>>();

  constructor(family: Family) {
    this.#family = family;
  }

  begin(event: WaitEvent): void {
    const waits = this.#waits.get(event.id);
    if (waits === undefined) {
      this.#waits.set(event.id, new Map([[event.wait, event]]));
    } else waits.set(event.wait, event);
  }
  end({ id, wait }: WaitEvent): void {
    const waits = this.#waits.get(id);
    waits?.delete(wait);
    if (waits?.size === 0) this.#waits.delete(id);
  }
  forget(id: string): void {
    this.#waits.delete(id);
  }

  /**
   * The circle of tasks that one is part of, each waiting for the next.
   *
   * A task that waits for several things at once may go on after the first of
   * them, so it is in no circle.
   */
  circleOf(id: string): string[] | undefined {
    const from = new Map<string, string | undefined>([[id, undefined]]);
    const rest = [id];
    for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
      for (const next of this.#mustEndBefore(at)) {
        if (next === id) return this.#way(from, at);
        if (from.has(next)) continue;
        from.set(next, at);
        rest.push(next);
      }
    }
    return undefined;
  }

  #way(from: ReadonlyMap<string, string | undefined>, end: string): string[] {
    const way: string[] = [];
    for (
      let at: string | undefined = end;
      at !== undefined;
      at = from.get(at)
    ) {
      way.unshift(at);
    }
    return way;
  }

  #mustEndBefore(id: string): string[] {
    const waits = [...this.#waits.get(id)?.values() ?? []];
    const target = waits.length === 1 ? waits[0]!.for : undefined;
    if (target?.id === undefined) return [];
    return target.kind === "task"
      ? [target.id]
      : this.#family.tasksOf(target.id);
  }
}
