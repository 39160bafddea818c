import { inspect } from "node:util";

/** `headline: msg` where the caller gave a message, else `headline.` */
export function sentence(headline: string, msg?: string): string {
  return msg ? `${headline}: ${msg}` : `${headline}.`;
}

/** One readable line (or a few) for a value of any type. */
export function format(value: unknown): string {
  return inspect(value, { depth: 10, sorted: true });
}
