/** The rules by name. */
import type { Rule } from "../host/rule.ts";
import noAbortedSignalInCleanup from "./no-aborted-signal-in-cleanup.ts";
import noAsyncVoidCallback from "./no-async-void-callback.ts";
import noBusyWait from "./no-busy-wait.ts";
import noLeakedAbortListener from "./no-leaked-abort-listener.ts";
import noMaskedCancellation from "./no-masked-cancellation.ts";
import noMisusedTask from "./no-misused-task.ts";
import noOuterSignalInScope from "./no-outer-signal-in-scope.ts";
import noSwallowedCancellation from "./no-swallowed-cancellation.ts";
import noTimeoutParameter from "./no-timeout-parameter.ts";
import noUnawaitedPromiseInTry from "./no-unawaited-promise-in-try.ts";
import noUnclearedRaceTimer from "./no-uncleared-race-timer.ts";
import noUnlinkedAbortController from "./no-unlinked-abort-controller.ts";
import noUnscopedPromiseArray from "./no-unscoped-promise-array.ts";
import noUntrackedPromise from "./no-untracked-promise.ts";
import preferThrowIfAborted from "./prefer-throw-if-aborted.ts";
import requireAbortReason from "./require-abort-reason.ts";
import requireAbortedCheck from "./require-aborted-check.ts";
import requireCompletionInFinally from "./require-completion-in-finally.ts";
import requireLoopCancellationCheck from "./require-loop-cancellation-check.ts";
import requireParentSignalLink from "./require-parent-signal-link.ts";
import requireSignalForwarding from "./require-signal-forwarding.ts";
import requireTrackerDisposal from "./require-tracker-disposal.ts";

export const rules: { readonly [name: string]: Rule } = {
  "no-aborted-signal-in-cleanup": noAbortedSignalInCleanup,
  "no-async-void-callback": noAsyncVoidCallback,
  "no-busy-wait": noBusyWait,
  "no-leaked-abort-listener": noLeakedAbortListener,
  "no-masked-cancellation": noMaskedCancellation,
  "no-misused-task": noMisusedTask,
  "no-outer-signal-in-scope": noOuterSignalInScope,
  "no-swallowed-cancellation": noSwallowedCancellation,
  "no-timeout-parameter": noTimeoutParameter,
  "no-unawaited-promise-in-try": noUnawaitedPromiseInTry,
  "no-uncleared-race-timer": noUnclearedRaceTimer,
  "no-unlinked-abort-controller": noUnlinkedAbortController,
  "no-unscoped-promise-array": noUnscopedPromiseArray,
  "no-untracked-promise": noUntrackedPromise,
  "prefer-throw-if-aborted": preferThrowIfAborted,
  "require-abort-reason": requireAbortReason,
  "require-aborted-check": requireAbortedCheck,
  "require-completion-in-finally": requireCompletionInFinally,
  "require-loop-cancellation-check": requireLoopCancellationCheck,
  "require-parent-signal-link": requireParentSignalLink,
  "require-signal-forwarding": requireSignalForwarding,
  "require-tracker-disposal": requireTrackerDisposal,
};
