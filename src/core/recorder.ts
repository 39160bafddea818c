import { now } from "./clock.ts";
import { type Checkpoint, type Known, known } from "./diagnostics.ts";
import type { Recorder } from "./in_force.ts";
import { type CancelNode, isNode } from "./node.ts";
import { Place } from "./place.ts";

class Creation extends Place implements Known {
  readonly created: number = now();
  checkpoint?: Checkpoint;
}

class Waiting extends Place implements Checkpoint {
  readonly at: number = now();
  readonly what: string;
  readonly on: CancelNode | undefined;
  constructor(what: string, on: CancelNode | undefined) {
    super(Waiting);
    this.what = what;
    this.on = on;
  }
}

/** What `configure()` puts in force. */
export const recorder: Recorder = {
  placeOf: (entry) => new Place(entry),
  creation: (task, entry) => void known.set(task, new Creation(entry)),
  checkpoint(source, what, on) {
    const task = isNode(source) ? source.origin : undefined;
    const entry = task === undefined ? undefined : known.get(task);
    if (entry !== undefined) entry.checkpoint = new Waiting(what, on);
  },
  lastWait({ origin }) {
    const wait = origin && known.get(origin)?.checkpoint;
    return wait &&
      `\n  last wait of task "${origin.name}": ${wait.what}\n${wait.place}`;
  },
};
