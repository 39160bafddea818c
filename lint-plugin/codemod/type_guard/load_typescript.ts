/** The project's own TypeScript: its types are what that version says. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";

/** The API of TypeScript 5 and 6. */
export type TypeScript = typeof ts;

/** The API, or why there is none. */
export type LoadedTypeScript =
  | { readonly status: "loaded"; readonly api: TypeScript }
  | { readonly status: "absent"; readonly why: string };

/** Loads the TypeScript that a module in the folder would import. */
export function loadTypeScript(folder: string): LoadedTypeScript {
  const require = createRequire(join(folder, "module.js"));
  let api: Partial<TypeScript>;
  try {
    api = require("typescript");
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const isMissing = code === "MODULE_NOT_FOUND" ||
      code === "ERR_MODULE_NOT_FOUND";
    const why = isMissing
      ? `the project has no TypeScript: npm install --save-dev typescript@6`
      : `the project's TypeScript can't be loaded: ${message.split("\n")[0]}`;
    return { status: "absent", why };
  }
  return typeof api.createLanguageService === "function"
    ? { status: "loaded", api: api as TypeScript }
    : {
      status: "absent",
      why: `the project's TypeScript ${api.version ?? ""} has no API, which ` +
        "5 and 6 have: run tsc afterwards",
    };
}
