/**
 * The programs of examples/apps/, run as their users run them: with each
 * runtime, with signals, and with servers and clients around them.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import {
  type ClientRequest,
  createServer,
  request,
  type RequestListener,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "./_harness.ts";
import { type Runtime, runtimes } from "./_run_everywhere.ts";

const PATIENCE = 60_000;

/** A running program. */
export class App {
  readonly lines: string[] = [];
  stderr = "";
  /** Its exit code, when it has ended. */
  readonly code: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  constructor(
    { command, args }: Runtime,
    program: string,
    { args: own = [], env = {} }: AppOptions = {},
  ) {
    const file = fileURLToPath(
      new URL(`../examples/apps/${program}`, import.meta.url),
    );
    const child = this.#child = spawn(command, [...args, file, ...own], {
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
    const tell = () => this.#watchers.forEach((look) => look());
    child.stderr!.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
      tell();
    });
    createInterface(child.stdout!).on("line", (line) => {
      this.lines.push(line);
      tell();
    });
    this.code = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve(code);
        tell();
      });
    });
  }

  /** Waits until it has printed what matches, and gives the match. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    return await this.#match(pattern, () => this.lines.join("\n"));
  }

  /** The same for its standard error. */
  async complains(pattern: RegExp): Promise<RegExpExecArray> {
    return await this.#match(pattern, () => this.stderr);
  }

  signal(name: "SIGINT" | "SIGTERM"): void {
    // child.kill() of Deno takes the child for killed, whatever it does.
    process.kill(this.#child.pid!, name);
  }

  /** Ends it, if it is still there. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.code;
  }

  /** For messages. */
  toString(): string {
    return [...this.lines, "stderr:", this.stderr].join("\n");
  }

  async #match(pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
    const { promise, resolve } = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const match = pattern.exec(text());
      if (match !== null) resolve(match);
    };
    this.#watchers.add(look);
    look();
    try {
      const match = await Promise.race([promise, this.code]);
      if (match !== null && typeof match === "object") return match;
      throw new AssertionError(`It ended without ${pattern}:\n${this}`);
    } finally {
      this.#watchers.delete(look);
    }
  }
}

/** How a program is started. */
interface AppOptions {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** What a test of a program works with. */
export interface Stage {
  /** Starts a program; whatever becomes of the test, it ends with it. */
  start(program: string, options?: AppOptions): App;
  /** Starts a server, and gives its address, which ends with a slash. */
  serve(listener: RequestListener): Promise<string>;
  /** A folder for this test. */
  readonly folder: string;
}

/** A test with each runtime that is around. */
export function appTest(
  title: string,
  body: (stage: Stage) => Promise<void>,
): void {
  test(title, async () => {
    const ends = await Promise.allSettled(
      runtimes.map((runtime) => play(runtime, body)),
    );
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  });
}

async function play(
  runtime: Runtime,
  body: (stage: Stage) => Promise<void>,
): Promise<void> {
  const apps: App[] = [];
  const servers: (() => Promise<void>)[] = [];
  const folder = mkdtempSync(join(tmpdir(), "mdc-app-"));
  try {
    await body({
      folder,
      start: (program, options) => {
        const app = new App(runtime, program, options);
        apps.push(app);
        return app;
      },
      serve: async (listener) => {
        const { address, close } = await open(listener);
        servers.push(close);
        return address;
      },
    });
  } catch (error) {
    throw new Error(`With ${runtime.name}:\n${apps.join("\n")}`, {
      cause: error,
    });
  } finally {
    await Promise.all(apps.map((app) => app.kill()));
    await Promise.all(servers.map((close) => close()));
    rmSync(folder, { recursive: true });
  }
}

function open(
  listener: RequestListener,
): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createServer(listener);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ address: `http://127.0.0.1:${port}/`, close });
    });
  });
}

/** What came back. */
export interface Answer {
  status: number | undefined;
  text: string;
}

/** A request on a connection of its own. */
export class Call {
  readonly answer: Promise<Answer>;
  readonly #request: ClientRequest;

  constructor(url: string | URL, method = "GET") {
    const call = this.#request = request(url, { method, agent: false });
    this.answer = new Promise((resolve, reject) => {
      call.on("error", reject);
      call.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => text += part);
        response.on(
          "end",
          () => resolve({ status: response.statusCode, text }),
        );
        response.on("error", reject);
      });
    });
    this.answer.catch(() => {});
    call.end();
  }

  /** The client goes away. */
  hangUp(): void {
    this.#request.destroy();
  }
}
