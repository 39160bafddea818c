import { timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

/** Whether a request may be answered, or with which status it is refused. */
export type Access =
  | { readonly status: "granted"; readonly path: string }
  | {
    readonly status: "refused";
    readonly code: 403 | 404;
    readonly why: string;
  };

/** Who may see the inspector. */
export interface AccessRule {
  /** The first part of every path. */
  readonly token: string;
  readonly port: number;
}

/** A secret that can't be guessed, fit for an address. */
export function makeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_");
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Decides on a request. A page of another site can't get in by a name that it
 * has led to this address (the host is compared), nor make the user's browser
 * ask (the origin is compared); whoever doesn't know the token sees nothing.
 */
export function accessOf(
  { url = "/", headers }: IncomingMessage,
  { token, port }: AccessRule,
): Access {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host)) {
    return { status: "refused", code: 403, why: "another host" };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: "refused", code: 403, why: "another origin" };
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: "refused", code: 403, why: "another site" };
  }
  const { pathname } = new URL(url, `http://${host}`);
  const [, given = "", ...path] = pathname.split("/");
  if (!isSame(given, token)) {
    return { status: "refused", code: 404, why: "no token" };
  }
  return { status: "granted", path: path.join("/") };
}
