/**
 * Lint rules that find code which loses tasks, errors or cancellation.
 *
 * @module
 */

/** A plugin in the shape of ESLint's flat configuration. */
export interface Plugin {
  /** How ESLint names the plugin in its cache and its messages. */
  meta: { name: string; version: string; namespace: string };
  /** The rules by name. */
  rules: Record<string, never>;
}

/** The plugin: `meta` and `rules`. */
const plugin: Plugin = {
  meta: { name: "@mdc/eslint-plugin", version: "0.1.0", namespace: "mdc" },
  rules: {},
};

export default plugin;
