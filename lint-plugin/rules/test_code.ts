/** Which rules hold for test code, and how. */
import type { RuleEntry } from "../host/rule.ts";

/**
 * What loses the result of a test, or outlives it, stays. What tests do on
 * purpose is off: they pass signals that nobody aborts, catch cancellations to
 * look at them, poll, and end with the process.
 */
export const TEST_CODE: { readonly [rule: string]: RuleEntry } = {
  "no-async-void-callback": "error",
  "no-misused-task": "error",
  "no-unawaited-promise-in-try": "error",
  "no-untracked-promise": "error",
  "require-tracker-disposal": "error",
  "no-swallowed-cancellation": ["warn", { explicitBranches: false }],
  "no-uncleared-race-timer": "warn",
  "require-completion-in-finally": "warn",
};
