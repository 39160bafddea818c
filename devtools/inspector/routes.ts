import { allTasks } from "@mdc/tasks";
import { formatTaskTree, taskTree } from "@mdc/tasks/trace";
import type { IncomingMessage, ServerResponse } from "node:http";
import { accessOf, type AccessRule } from "./access.ts";
import { inspectorHtml } from "./inspector_html.ts";
import type { Viewers } from "./viewers.ts";

/** What the inspector answers with. */
export interface Answering extends AccessRule {
  readonly viewers: Viewers;
  readonly allowCancel: boolean;
  readonly title: string;
}

/** How long the body of a request may be, in bytes. */
const LONGEST_BODY = 10_000;

const HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Resource-Policy": "same-origin",
};

function send(
  response: ServerResponse,
  code: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, {
    "Content-Type": "text/plain; charset=utf-8",
    ...HEADERS,
    ...headers,
  });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > LONGEST_BODY) return undefined;
    parts.push(part);
  }
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join("") +
    decoder.decode();
}

interface Order {
  readonly id: string;
  readonly reason: string | undefined;
}

function orderOf(text: string | undefined): Order | undefined {
  try {
    const { id, reason } = JSON.parse(text ?? "");
    const isText = (value: unknown) => typeof value === "string";
    return isText(id) && (reason === undefined || isText(reason))
      ? { id, reason }
      : undefined;
  } catch {
    return undefined;
  }
}

async function cancel(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A form of another page can't send this type.
  if (request.headers["content-type"] !== "application/json") {
    return send(response, 415, "Send application/json\n");
  }
  const order = orderOf(await bodyOf(request));
  if (order === undefined) {
    return send(response, 400, 'Send { "id": "…", "reason": "…" }\n');
  }
  const task = allTasks().find(({ id }) => String(id) === order.id);
  if (task === undefined) return send(response, 404, "No such task runs\n");
  task.cancel(order.reason ?? "cancelled in the inspector");
  send(response, 200, "Asked\n");
}

/** Answers a request, or refuses it. Never throws. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
): Promise<void> {
  const access = accessOf(request, answering);
  if (access.status === "refused") {
    return send(response, access.code, `Refused: ${access.why}\n`);
  }
  const { path } = access;
  const { method } = request;
  if (path === "cancel" && answering.allowCancel) {
    if (method === "POST") return await cancel(request, response);
    return send(response, 405, "Use POST\n", { Allow: "POST" });
  }
  if (method !== "GET") {
    return send(response, 405, "Use GET\n", { Allow: "GET" });
  }
  switch (path) {
    case "": {
      const { html, policy } = inspectorHtml(answering.title);
      return send(response, 200, html, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
      });
    }
    case "events":
      return answering.viewers.add(response);
    case "tree":
      return send(response, 200, `${formatTaskTree(taskTree())}\n`);
    case "tree.json":
      return send(
        response,
        200,
        formatTaskTree(taskTree(), { format: "json" }),
        { "Content-Type": "application/json" },
      );
    default:
      return send(response, 404, "No such page\n");
  }
}
