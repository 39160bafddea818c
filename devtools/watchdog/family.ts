import type { StartedEvent, TraceEvent } from "@mdc/tasks/trace";
import type { FoundTask } from "./finding.ts";

/** Something that runs, and what belongs to it. */
interface Relative {
  readonly event: StartedEvent;
  readonly children: Set<string>;
}

/** Who belongs to whom, of what runs. */
export class Family {
  readonly #relatives = new Map<string, Relative>();

  add(event: StartedEvent): void {
    this.#relatives.set(event.id, { event, children: new Set() });
    this.#relatives.get(event.owner ?? "")?.children.add(event.id);
  }
  remove({ id }: TraceEvent): void {
    const relative = this.#relatives.get(id);
    this.#relatives.get(relative?.event.owner ?? "")?.children.delete(id);
    this.#relatives.delete(id);
  }

  /** The tasks that belong to something, also by way of scopes and groups. */
  tasksOf(id: string): string[] {
    const found: string[] = [];
    const rest = [...this.#relatives.get(id)?.children ?? []];
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const relative = this.#relatives.get(next);
      if (relative === undefined) continue;
      if (relative.event.kind === "task") found.push(next);
      else rest.push(...relative.children);
    }
    return found;
  }

  /** What a finding says of a task; undefined if it has ended. */
  describe(id: string): FoundTask | undefined {
    const own = this.#relatives.get(id)?.event;
    if (own === undefined) return undefined;
    const path: string[] = [];
    for (
      let at: StartedEvent | undefined = own;
      at !== undefined;
      at = this.#relatives.get(at.owner ?? "")?.event
    ) path.unshift(at.name);
    const { name, place } = own;
    return { id, name, path, ...(place === undefined ? {} : { place }) };
  }
}
