/** What npm wants to know of a package and `deno.json` has no place for. */
export interface PackageFacts {
  description: string;
  keywords: readonly string[];
  /**
   * What a user brings who needs it. All are optional: the rules run in oxlint
   * too, and only the code mod reads files by itself.
   */
  peerDependencies?: Readonly<Record<string, string>>;
  /** What every user needs beside it; npm installs it by itself. */
  requiredPeers?: Readonly<Record<string, string>>;
  /** Exported functions `main(args)` that become commands, by their names. */
  commands?: Readonly<Record<string, string>>;
}

/**
 * Where the sources are. Provenance of both registries is tied to it: npm
 * refuses a package whose manifest names another repository.
 */
export const REPOSITORY = "https://github.com/mdc/tasks";

/**
 * The Nodes on which both `import` and `require()` of the packages work: the
 * matrix tries them on both sides of these borders.
 */
export const ENGINES: Readonly<Record<string, string>> = {
  node: "^20.19.0 || >=22.12.0",
};

/** The facts, by the name of the package. */
export const facts: Readonly<Record<string, PackageFacts>> = {
  "@mdc/tasks": {
    description:
      "Tasks that have an owner, can be cancelled with a reason, and never leak",
    keywords: [
      "async",
      "task",
      "cancellation",
      "abortsignal",
      "structured-concurrency",
      "timeout",
      "progress",
    ],
  },
  "@mdc/devtools": {
    description:
      "See what tasks do: progress, a timeline, an inspector, and a watchdog",
    keywords: [
      "async",
      "task",
      "devtools",
      "tracing",
      "timeline",
      "progress",
      "observability",
    ],
    peerDependencies: { "@opentelemetry/api": "^1.9.0" },
    requiredPeers: { "@mdc/tasks": "^0.1.0" },
    commands: { "mdc-ps": "./ps.js" },
  },
  "@mdc/eslint-plugin": {
    description:
      "Lint rules that find code that leaks tasks or loses cancellations",
    keywords: [
      "eslint",
      "eslintplugin",
      "eslint-plugin",
      "async",
      "cancellation",
      "abortsignal",
    ],
    peerDependencies: {
      "eslint": ">=9",
      "@typescript-eslint/parser": ">=8",
      "typescript": ">=5.4 <7",
    },
    commands: { "mdc-codemod": "./codemod.js" },
  },
};
