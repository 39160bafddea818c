/**
 * For Bun: resolves the names of the workspace's packages and of the
 * stand-ins as Deno does, from deno.json.
 *
 *     bun test --preload ./tools/bun_hook.ts ./tests/
 *
 * @module
 */
import { workspaceEntries } from "./workspace.ts";

/** The part of Bun's plugin interface that is used here. */
declare const Bun: {
  plugin(options: {
    name: string;
    setup(build: {
      module(
        specifier: string,
        load: () => Promise<{ loader: "object"; exports: object }>,
      ): void;
    }): void;
  }): void;
};

Bun.plugin({
  name: "workspace",
  setup(build) {
    for (const [specifier, url] of workspaceEntries()) {
      build.module(specifier, async () => ({
        loader: "object",
        exports: await import(url),
      }));
    }
  },
});
