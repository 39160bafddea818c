/**
 * Rewrites code to the practices: makes the suggestions of the lint rules in
 * bulk, by rule or tier, until none is left; by default only those that are safe.
 *
 * The same as a command, which shows what it would do and writes on request:
 *
 * ```sh
 * deno run -A jsr:@mdc/eslint-plugin/codemod src --rule no-untracked-promise
 * npx mdc-codemod src --tier 1 --write
 * ```
 *
 * @example
 * ```ts
 * import { rewrite } from "@mdc/eslint-plugin/codemod";
 *
 * const result = await rewrite(
 *   "async function save(): Promise<void> {}\nexport async function end() {\n  save();\n}\n",
 *   { rules: ["no-untracked-promise"] },
 * );
 * if (result.status === "parsed") {
 *   console.log(result.output.includes("await save();")); // true
 * }
 * ```
 *
 * @module
 */
import process from "node:process";
import { main } from "./codemod/cli.ts";

export type {
  Definition,
  Edit,
  Fix,
  Fixer,
  JsonSchema,
  MessageData,
  Reference,
  Report,
  Risk,
  Rule,
  RuleContext,
  RuleMeta,
  Scope,
  SignalSlot,
  SourceCode,
  Suggestion,
  SyntaxNode,
  Tier,
  TypeService,
  Variable,
  Verdict,
  Visitor,
} from "./host/rule.ts";
export { main, type MainOptions } from "./codemod/cli.ts";
export { MissingPackageError } from "./codemod/eslint_host.ts";
export type {
  CodemodReport,
  FileReport,
  RewrittenFile,
  UncheckedFile,
} from "./codemod/file_report.ts";
export { findingsOf } from "./codemod/file_report.ts";
export { NoFilesError } from "./codemod/find_files.ts";
export type { LeftOut } from "./codemod/left_out.ts";
export { ChangedFileError } from "./codemod/replace_file.ts";
export type { Decide, Decision } from "./codemod/review.ts";
export { rewrite, type RewriteOptions } from "./codemod/rewrite.ts";
export { codemod, type CodemodOptions } from "./codemod/run.ts";
export type { Terminal } from "./codemod/terminal.ts";
export type { RuleSelection } from "./codemod/select_rules.ts";
export {
  TypeGuardError,
  type TypesOption,
} from "./codemod/type_guard/type_guard.ts";
export type {
  DroppedEdit,
  Edits,
  EditSelection,
  Finding,
  ParseProblem,
  Rewrite,
  RewrittenText,
  TextEdit,
} from "./codemod/types.ts";

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
