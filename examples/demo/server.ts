import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { AsyncEvent, type TaskContext, TaskTracker } from "../../mod.ts";
import { KIB } from "./output.ts";

/** The server sends this much at once. */
export const CHUNK: number = 64 * KIB;

/** Options of {@linkcode FileServer.offer}. */
export interface OfferOptions {
  /** How long the file is, in bytes. */
  size: number;
  /** How much of it may be sent so far; the default is all of it. */
  allowed?: number;
}

/** A file that is sent only as far as it is allowed: the demo's clock. */
export class RemoteFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly #url: URL;
  readonly #more = new AsyncEvent();
  #allowed: number;

  constructor(url: URL, { size, allowed = size }: OfferOptions) {
    this.#url = url;
    this.name = url.pathname.slice(1);
    this.content = Buffer.alloc(size, `The content of ${this.name}. `);
    this.sha256 = createHash("sha256").update(this.content).digest("hex");
    this.#allowed = allowed;
  }

  get url(): URL {
    return this.#url;
  }
  get size(): number {
    return this.content.byteLength;
  }

  /** Lets `bytes` more through. */
  allow(bytes: number): void {
    this.#allowed = Math.min(this.size, this.#allowed + bytes);
    // A pulse wakes every request that waits at this moment.
    this.#more.set();
    this.#more.clear();
  }

  /** The file in chunks, each as soon as it is allowed. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < this.size;) {
      if (sent === this.#allowed) await this.#more.wait();
      const end = Math.min(sent + CHUNK, this.#allowed);
      yield this.content.subarray(sent, end);
      sent = end;
    }
  }
}

/** Serves files over HTTP. Each request is a task that the server tracks. */
export class FileServer implements AsyncDisposable {
  readonly #http: Server;
  readonly #origin: string;
  readonly #files = new Map<string, RemoteFile>();
  readonly #requests = new TaskTracker();

  static async start(): Promise<FileServer> {
    const http = createServer();
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    return new FileServer(http);
  }

  private constructor(http: Server) {
    this.#http = http;
    this.#origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    http.on("request", (request, response) => {
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      this.#requests.spawn(
        (context) => this.#respond(request, response, context),
        { name: `GET ${request.url}`, signal: gone, detached: true },
      );
    });
  }

  /** How many requests are being served. */
  get requests(): number {
    return this.#requests.size;
  }

  /** Where a file is, or would be. */
  locate(name: string): URL {
    return new URL(name, this.#origin);
  }

  /** Makes a file available. */
  offer(name: string, options: OfferOptions): RemoteFile {
    const file = new RemoteFile(this.locate(name), options);
    this.#files.set(file.url.pathname, file);
    return file;
  }

  /** Waits until no request is being served, at most `ms` milliseconds. */
  async quiet(ms: number): Promise<boolean> {
    const signal = AbortSignal.timeout(ms);
    try {
      await this.#requests.drain({ signal });
      return true;
    } catch (error) {
      if (error !== signal.reason) throw error;
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#http, "close");
    this.#http.close();
    await this.#requests[Symbol.asyncDispose]();
    this.#http.closeAllConnections();
    await closed;
  }

  async #respond(
    request: IncomingMessage,
    response: ServerResponse,
    { signal }: TaskContext,
  ): Promise<void> {
    const file = this.#files.get(request.url ?? "");
    if (file === undefined) {
      response.writeHead(404, "Not Found").end();
      return;
    }
    response.writeHead(200, {
      "content-length": file.size,
      "etag": `"${file.sha256}"`,
    });
    for await (const chunk of file.chunks()) {
      signal.throwIfAborted();
      if (!response.write(chunk)) await once(response, "drain", { signal });
    }
    response.end();
  }
}
