import type { ServerResponse } from "node:http";

/** How much may wait to be sent to a viewer, in bytes. */
const MOST_WAITING = 1_000_000;

/** How often viewers are told, at most, in milliseconds. */
const PAUSE = 250;

/** What viewers are told. */
export interface Told {
  /** Everything, for a viewer that is new or has fallen behind. */
  whole(): unknown;
  /** What has changed since it was asked last, or nothing. */
  changes(): unknown;
}

/**
 * Those who watch, each by a stream of server-sent events. They are told of
 * changes a few times a second at most. A viewer that reads slowly misses
 * changes and gets the whole once it has caught up: nothing piles up for it.
 */
export class Viewers {
  readonly #told: Told;
  /** Each viewer, and whether it has fallen behind. */
  readonly #viewers = new Map<ServerResponse, boolean>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(told: Told) {
    this.#told = told;
  }

  get count(): number {
    return this.#viewers.size;
  }

  add(response: ServerResponse): void {
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
    });
    this.#viewers.set(response, true);
    response.on("close", () => this.#viewers.delete(response));
    // A connection that was lost is an end of the viewer, no error of ours.
    response.on("error", () => this.#viewers.delete(response));
    this.#tell(response, () => undefined);
  }

  /**
   * Something has changed: viewers are told soon.
   *
   * @returns Whether there are any.
   */
  changed(): boolean {
    if (this.#viewers.size === 0) return false;
    if (this.#timer !== undefined) return true;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tellAll();
    }, PAUSE);
    (this.#timer as { unref?: () => void }).unref?.();
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const response of this.#viewers.keys()) response.destroy();
    this.#viewers.clear();
  }

  #tellAll(): void {
    let text: string | undefined;
    const changes = this.#told.changes();
    for (const response of this.#viewers.keys()) {
      this.#tell(response, () => text ??= JSON.stringify(changes));
    }
    // Who has fallen behind is told again, though nothing more may change.
    if ([...this.#viewers.values()].some((behind) => behind)) this.changed();
  }

  #tell(response: ServerResponse, changes: () => string | undefined): void {
    const behind = this.#viewers.get(response) === true;
    if (response.writableLength > MOST_WAITING) {
      this.#viewers.set(response, true);
      return;
    }
    const text = behind ? JSON.stringify(this.#told.whole()) : changes();
    const event = behind ? "whole" : "changes";
    response.write(`event: ${event}\ndata: ${text}\n\n`);
    this.#viewers.set(response, false);
  }
}
