import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkOptions, numberOption } from "../text/options.ts";
import { makeToken } from "./access.ts";
import { LiveRecording } from "./live_recording.ts";
import { answer } from "./routes.ts";
import { Viewers } from "./viewers.ts";

/** Options of {@linkcode inspect}. */
export interface InspectOptions {
  /** The port on the loopback address. Default: 0, a free one. */
  port?: number | undefined;
  /** Whether the page can cancel tasks. Default: `false`, it only shows. */
  allowCancel?: boolean | undefined;
  /**
   * How many tasks, scopes and groups that have ended are kept.
   * Default: 5,000.
   */
  maxSpans?: number | undefined;
  /** The title of the page. Default: `Tasks`. */
  title?: string | undefined;
}

/** A running inspector. */
export interface Inspector extends AsyncDisposable {
  /** Where its page is. The address holds a secret: don't publish it. */
  readonly url: string;
  /** How many pages watch. */
  readonly viewers: number;
  /** Ends it; nothing is recorded any more. */
  close(): Promise<void>;
}

/**
 * Serves a page that shows the tasks of this process live: their tree, their
 * timeline, failures that nobody looked at, and tasks that don't stop.
 *
 * It listens on the loopback address only. Every address holds a random token;
 * requests by another host name or from another site are refused. It doesn't
 * keep the program alive.
 *
 * @example
 * Watching a program
 * ```ts
 * import { inspect } from "@mdc/devtools/inspector";
 * import { assertMatch } from "@std/assert";
 *
 * const inspector = await inspect();
 * assertMatch(inspector.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/$/);
 * await inspector.close();
 * ```
 *
 * @param options The port, and whether the page may cancel.
 * @returns The inspector, once it listens; it is disposable. Rejects if the
 * port is in use.
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {RangeError} If the port or the limit is out of range.
 */
export function inspect(options?: InspectOptions): Promise<Inspector> {
  const { port, allowCancel = false, maxSpans, title = "Tasks" } = checkOptions(
    options,
    "inspect()",
    ["port", "allowCancel", "maxSpans", "title"],
  );
  const wanted = numberOption(port, "port", { fallback: 0, least: 0 });
  if (wanted > 65_535) {
    throw new RangeError(
      `Cannot use port: expected at most 65535, received ${port}`,
    );
  }
  if (typeof allowCancel !== "boolean") {
    throw new TypeError(
      `Cannot use allowCancel: expected a boolean, received ${
        String(allowCancel)
      }`,
    );
  }
  const spans = numberOption(maxSpans, "maxSpans", {
    fallback: 5_000,
    least: 1,
  });
  return open({ wanted, allowCancel, spans, title: String(title) });
}

interface Checked {
  readonly wanted: number;
  readonly allowCancel: boolean;
  readonly spans: number;
  readonly title: string;
}

async function open(
  { wanted, allowCancel, spans, title }: Checked,
): Promise<Inspector> {
  const token = makeToken();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.unref();
  server.on("connection", (socket) => socket.unref());
  const { port } = server.address() as AddressInfo;
  // What runs already is told of while the recording is made.
  let viewers: Viewers | undefined = undefined as Viewers | undefined;
  const recording = new LiveRecording({
    maxSpans: spans,
    allowCancel,
    onChange: () => viewers?.changed() ?? false,
  });
  const watching = viewers = new Viewers(recording);
  const answering = { token, port, viewers: watching, allowCancel, title };
  server.on("request", (request, response) => {
    answer(request, response, answering).catch(() => response.destroy());
  });
  let closing: Promise<void> | undefined;
  const close = () =>
    closing ??= new Promise<void>((resolve) => {
      recording.stop();
      watching.close();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    get viewers() {
      return watching.count;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
