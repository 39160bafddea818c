/**
 * Functions of the platform and of packages: where they take a signal, which of
 * them only let time pass, and which give promises. The one place where the
 * rules look that up; `semantics/tasks/api.ts` is the same for `@mdc/tasks`.
 */
import type { SignalSlot } from "../host/rule.ts";

/** What a function is known for. */
export interface KnownCallee {
  /** Where it takes a signal. */
  readonly slot?: SignalSlot;
  /** Whether the slot comes one later if an array stands in its place. */
  readonly skipsArray?: true;
  /** Whether it returns a promise that the caller has to look after. */
  readonly promise?: true;
  /** Whether it only lets time pass. */
  readonly sleeps?: true;
}

interface KnownModule {
  readonly source: RegExp;
  /** By exported name; for a callable default export also by its methods. */
  readonly exports: { readonly [name: string]: KnownCallee };
}

const at = (argument: number, key?: string): KnownCallee => ({
  slot: { argument, form: "options", ...(key !== undefined && { key }) },
});
const promised = (argument: number, key?: string): KnownCallee => ({
  ...at(argument, key),
  promise: true,
});
const sleep = (argument: number): KnownCallee => ({
  ...promised(argument),
  sleeps: true,
});

/** HTTP clients with a function and methods of the same form. */
const http = (request: KnownCallee): KnownModule["exports"] =>
  Object.fromEntries(
    ["default", "get", "post", "put", "patch", "delete", "head"]
      .map((name) => [name, request]),
  );

const run: KnownCallee = { ...promised(1, "cancelSignal"), skipsArray: true };
const generate = promised(0, "abortSignal");

const MODULES: readonly KnownModule[] = [
  // Of the platform.
  {
    source: /^(?:node:)?timers\/promises$/,
    exports: {
      setTimeout: sleep(2),
      setInterval: at(2),
      setImmediate: sleep(1),
    },
  },
  {
    source: /^(?:node:)?events$/,
    exports: { once: promised(2), on: at(2) },
  },
  {
    source: /^(?:node:)?fs\/promises$/,
    exports: {
      readFile: promised(1),
      writeFile: promised(2),
      appendFile: promised(2),
    },
  },
  {
    source: /^(?:node:)?stream\/promises$/,
    exports: { finished: promised(1) },
  },
  {
    source:
      /^(?:jsr:|npm:)?@(?:std\/|jsr\/std__)async(?:[@/]|$)|\/std@[^/]+\/async\//,
    exports: { delay: sleep(1), deadline: promised(2), retry: promised(1) },
  },
  // Of packages.
  { source: /^(?:npm:)?delay(?:@|$)/, exports: { default: sleep(1) } },
  {
    source: /^(?:npm:)?p-event(?:@|$)/,
    exports: {
      default: promised(2),
      pEvent: promised(2),
      pEventMultiple: promised(2),
      pEventIterator: at(2),
    },
  },
  {
    source: /^(?:npm:)?p-(?:retry|timeout|wait-for)(?:@|$)/,
    exports: { default: promised(1) },
  },
  { source: /^(?:npm:)?p-map(?:@|$)/, exports: { default: promised(2) } },
  { source: /^(?:npm:)?(?:ky|got)(?:@|$)/, exports: http(promised(1)) },
  {
    source: /^(?:npm:)?(?:node-fetch|cross-fetch)(?:@|$)/,
    exports: { default: promised(1), fetch: promised(1) },
  },
  {
    source: /^(?:npm:)?undici(?:@|$)/,
    exports: { fetch: promised(1), request: promised(1) },
  },
  {
    source: /^(?:npm:)?ofetch(?:@|$)/,
    exports: { ofetch: promised(1), $fetch: promised(1) },
  },
  {
    source: /^(?:npm:)?axios(?:@|$)/,
    exports: {
      ...http(promised(1)),
      request: promised(0),
      post: promised(2),
      put: promised(2),
      patch: promised(2),
      default: { promise: true },
    },
  },
  {
    source: /^(?:npm:)?execa(?:@|$)/,
    exports: { execa: run, execaCommand: promised(1, "cancelSignal") },
  },
  {
    source: /^(?:npm:)?ai(?:@|$)/,
    exports: {
      generateText: generate,
      generateObject: generate,
      generateImage: generate,
      generateSpeech: generate,
      transcribe: generate,
      embed: generate,
      embedMany: generate,
      rerank: generate,
      streamText: at(0, "abortSignal"),
      streamObject: at(0, "abortSignal"),
    },
  },
];

/** Members of the global `Deno`. */
const DENO: { readonly [name: string]: KnownCallee } = {
  readFile: at(1),
  readTextFile: at(1),
  writeFile: at(2),
  writeTextFile: at(2),
};

/** What the export of the module is known for. */
export function getKnownCallee(
  source: string,
  name: string,
): KnownCallee | undefined {
  const known = MODULES.find((each) => each.source.test(source));
  return known && Object.hasOwn(known.exports, name)
    ? known.exports[name]
    : undefined;
}

/** What the member of `Deno` is known for. */
export function getDenoCallee(name: string): KnownCallee | undefined {
  return Object.hasOwn(DENO, name) ? DENO[name] : undefined;
}

/** Modules whose functions return promises. */
const PROMISES = /^(?:node:)?(?:fs|timers|dns|stream|readline)\/promises$/;
/** Their exports that return something else. */
const NOT_PROMISES = new Set([
  "createInterface",
  "getDefaultResultOrder",
  "getServers",
  "setDefaultResultOrder",
  "setInterval",
  "setServers",
  "watch",
]);

/** Whether a call of the export returns a promise. */
export function givesPromise(source: string, name: string): boolean {
  if (getKnownCallee(source, name)?.promise) return true;
  return PROMISES.test(source) && !NOT_PROMISES.has(name) &&
    // `new Resolver()`, `promises.Interface`: a class is not called.
    !/^[A-Z]/.test(name);
}
