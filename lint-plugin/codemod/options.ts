import { parseArgs } from "node:util";
import type { Risk, Tier } from "../host/rule.ts";
import { BASELINE } from "./baseline.ts";
import type { TypesOption } from "./type_guard/type_guard.ts";

/** How findings can be told. */
export const FORMATS = ["text", "json", "github", "sarif"] as const;

/** A format's name. */
export type Format = (typeof FORMATS)[number];

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "recipes" }
  | {
    readonly kind: "run";
    readonly paths: readonly string[];
    readonly rules: readonly string[];
    readonly tier?: Tier;
    readonly recipes?: readonly string[];
    readonly mode: "dry" | "write" | "interactive";
    readonly risk?: Risk;
    readonly ignore: readonly string[];
    readonly includeTests: boolean;
    readonly types: TypesOption;
    readonly format: Format;
    readonly baseline: {
      readonly location: string;
      readonly change?: "suppress" | "prune";
    };
    readonly config?: string;
  };

/** Says that a command line can't be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  rule: { type: "string", multiple: true },
  tier: { type: "string" },
  recipe: { type: "string", multiple: true },
  "list-recipes": { type: "boolean" },
  dry: { type: "boolean" },
  write: { type: "boolean" },
  interactive: { type: "boolean" },
  format: { type: "string" },
  risk: { type: "string" },
  ignore: { type: "string", multiple: true },
  "include-tests": { type: "boolean" },
  config: { type: "string" },
  types: { type: "string" },
  suppress: { type: "boolean" },
  "prune-suppressions": { type: "boolean" },
  "suppressions-location": { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/** What is about rules, and says nothing to a recipe. */
const OTHERS = [
  "rule",
  "tier",
  "risk",
  "config",
  "suppress",
  "prune-suppressions",
] as const;

/**
 * Reads a command line.
 *
 * @throws {UsageError} if it can't be understood
 */
export function readOptions(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  if (values["list-recipes"]) return { kind: "recipes" };
  const other = values.recipe && OTHERS.find((name) => values[name]);
  if (other) throw new UsageError(`Cannot combine --recipe and --${other}`);
  const mode = one(["dry", "write", "interactive"], values) ?? "dry";
  const change = one(["suppress", "prune-suppressions"], values);
  if (change === "suppress" && mode === "interactive") {
    throw new UsageError("Cannot combine --suppress and --interactive");
  }
  const { tier, format = "text", config, risk } = values;
  if (tier !== undefined && !/^[123]$/.test(tier)) {
    throw new UsageError(
      `Cannot use --tier: expected 1, 2 or 3, received "${tier}"`,
    );
  }
  if (tier !== undefined && values.rule) {
    throw new UsageError("Cannot combine --rule and --tier");
  }
  const isRisk = (name?: string): name is Risk | undefined =>
    name === undefined || name === "safe" || name === "review";
  if (!isRisk(risk)) {
    throw new UsageError(
      `Cannot use --risk: expected safe or review, received "${risk}"`,
    );
  }
  const isFormat = (name: string): name is Format =>
    (FORMATS as readonly string[]).includes(name);
  if (!isFormat(format)) {
    throw new UsageError(
      `Cannot use --format: expected one of ${FORMATS.join(", ")}, ` +
        `received "${format}"`,
    );
  }
  return {
    kind: "run",
    paths: positionals.length > 0 ? positionals : ["."],
    rules: values.rule ?? [],
    ...(tier !== undefined && { tier: Number(tier) as Tier }),
    ...(values.recipe && { recipes: values.recipe }),
    mode,
    ...(risk !== undefined && { risk }),
    ignore: values.ignore ?? [],
    includeTests: values["include-tests"] === true,
    types: toTypesOption(values.types),
    format,
    baseline: {
      location: values["suppressions-location"] ?? BASELINE,
      ...(change &&
        { change: change === "suppress" ? "suppress" : "prune" }),
    },
    ...(config !== undefined && { config }),
  };
}

function toTypesOption(given = "auto"): TypesOption {
  return given === "auto" || given === "off" ? given : { tsconfig: given };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** The only option of these that is given. */
function one<Name extends string>(
  names: readonly Name[],
  values: { readonly [name: string]: unknown },
): Name | undefined {
  const given = names.filter((name) => values[name] === true);
  if (given.length > 1) {
    throw new UsageError(
      `Cannot combine ${given.map((name) => `--${name}`).join(" and ")}`,
    );
  }
  return given[0];
}
