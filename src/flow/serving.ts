import type { AsyncEvent, TaskTracker } from "../../mod.ts";
import type { HandleRequestsOptions } from "./request_task.ts";

/** What is known where requests are accepted. */
export interface Accepting {
  /** The tasks of the requests. */
  readonly requests: TaskTracker;
  readonly timeout: number;
  readonly grace: number;
  readonly onError: HandleRequestsOptions["onError"];
  /** Whether requests are refused. */
  readonly isDraining: () => boolean;
  /** Is set when the server was closed by somebody else. */
  readonly ended: AsyncEvent;
}

/** A server that accepts requests. */
export interface Serving {
  /** Takes no new connections; resolves when the last has ended. */
  close(): Promise<void>;
  /** Lets go of the server, and of what is still connected. */
  leave(): void;
}
