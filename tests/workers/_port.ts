/** A worker's side of its channel, the same in every runtime. */
import type { Worker } from "node:worker_threads";

type Port = Pick<Worker, "postMessage"> & {
  on(event: "message", listener: (message: unknown) => void): unknown;
};

// Under Deno a web worker, whose scope is the port.
const port = "WorkerGlobalScope" in globalThis && "Deno" in globalThis
  ? undefined
  : (await import("node:worker_threads")).parentPort as Port;

/** Sends a message to the parent. */
export function post(message: unknown): void {
  if (port) port.postMessage(message);
  else (globalThis as unknown as Port).postMessage(message);
}

/** Hears what the parent sends, for as long as the worker lives. */
export function hear(listener: (message: unknown) => void): void {
  if (port) port.on("message", listener);
  else {
    globalThis.addEventListener(
      "message",
      (event) => listener((event as MessageEvent).data),
    );
  }
}
