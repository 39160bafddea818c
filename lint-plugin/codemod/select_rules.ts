import type { Rule, Tier } from "../host/rule.ts";
import { rules as all } from "../rules/mod.ts";

/** Which rules: those that are named, or all up to a tier. */
export interface RuleSelection {
  /** Names, with or without `mdc/`. */
  readonly rules?: readonly string[];
  /** The highest tier; default 2, as in the config `recommended`. */
  readonly tier?: Tier;
}

/**
 * The selected rules by name.
 *
 * @throws {RangeError} if there is no such rule or tier
 * @throws {TypeError} if both rules and a tier are given
 */
export function selectRules(
  { rules = [], tier }: RuleSelection,
): { readonly [name: string]: Rule } {
  if (rules.length > 0) {
    if (tier !== undefined) {
      throw new TypeError(
        `Cannot select rules: expected names or a tier, received both, ${
          rules.join(", ")
        } and ${tier}`,
      );
    }
    return Object.fromEntries(rules.map(findRule));
  }
  if (tier !== undefined && ![1, 2, 3].includes(tier)) {
    throw new RangeError(
      `Cannot select rules: expected tier 1, 2 or 3, received ${tier}`,
    );
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, { meta }]) => meta.docs.tier <= (tier ?? 2)),
  );
}

function findRule(given: string): [string, Rule] {
  const name = given.replace(/^mdc\//, "");
  const rule = Object.hasOwn(all, name) ? all[name] : undefined;
  if (rule) return [name, rule];
  throw new RangeError(
    `Cannot select rules: expected one of ${
      Object.keys(all).join(", ")
    }; received "${given}"`,
  );
}
