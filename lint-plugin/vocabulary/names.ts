/**
 * Names by which code tells what a thing is: the one place where the rules look
 * that up.
 */
import { SIGNAL_KEYS } from "../host/types.ts";

/** Names of an options object's member that holds the signal. */
export const SIGNAL_KEY: RegExp = new RegExp(
  `^(?:${SIGNAL_KEYS.join("|")})$`,
  "i",
);

/** Parameters and fields that usually carry a signal among other things. */
export const CARRIER: RegExp =
  /^[#_]?(?:options|opts|init|ctx|context|params|config|args|request|req)$/;

/** Objects of options, of which a caller may leave each out. */
export const OPTIONS: RegExp =
  /^[#_]?(?:options|opts|init|config|params|args|settings|props)$/i;

/** Types of options objects. */
export const OPTIONS_TYPE: RegExp =
  /(?:Options|Opts|Init|Config|Params|Args|Settings|Props|Context)$/;

/** Controllers that nothing else tells to be one. */
export const CONTROLLER: RegExp = /^[#_]?(?:\w*controller|ac|aborter)$/i;

/** Objects that write logs. */
export const LOGGER: RegExp = /^[#_]?(?:console|log|logger|\w+Logger)$/;

/** Methods that put a value into a collection. */
export const COLLECTS: RegExp = /^(?:push|unshift|add|set|append|enqueue)$/;

/** Words for cancellations in names of classes and functions. */
export const CANCELLATION: RegExp = /abort|cancel/i;

/** Modules that ask people, who may cancel their answer. */
export const PROMPTS: RegExp = /prompts|inquirer|enquirer/;

/** Classes that hold for any error. */
export const GENERAL_ERROR: RegExp = /^(?:Error|DOMException)$/;

/** Globals that arm a timer or queue a callback. */
export const TIMERS: RegExp =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask)$/;

/** Functions, also of one's own, that only let time pass. */
export const SLEEPS: RegExp =
  /^(?:sleep|delay|wait|pause|nap|timeout|tick|nextTick|setTimeout|setImmediate|yieldToMain|msleep|sleepMs|delayMs)$/;

/** Methods that register a listener. */
export const LISTENS: RegExp =
  /^(?:on|once|addListener|prependListener|addEventListener)$/;

/** Effects of UI libraries. */
export const EFFECTS: RegExp = /^use(?:Layout)?Effect$/;

/** Links of a promise chain. */
export const LINK: RegExp = /^(?:then|catch|finally)$/;
