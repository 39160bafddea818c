/**
 * For Node: resolves the names of the workspace's packages and of the
 * stand-ins as Deno does, from deno.json.
 *
 *     node --import ./tools/node_hook.ts --test 'tests/*_test.ts'
 *
 * @module
 */
import { registerHooks } from "node:module";
import { workspaceEntries } from "./workspace.ts";

const entries = workspaceEntries();

registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = entries.get(specifier);
    return url === undefined
      ? nextResolve(specifier, context)
      : { url, shortCircuit: true };
  },
});
