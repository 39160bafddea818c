/** Short forms for the cases of a rule whose suggestions replace the report. */
import type { MessageData } from "../host/rule.ts";
import type { ExpectedError, InvalidCase, ValidCase } from "./_tester.ts";

/** A suggestion: message id, the text that replaces `at`, its data. */
export type Edit = readonly [
  messageId: string,
  text: string,
  data?: MessageData,
];

/** A case without reports. */
export function fine(
  name: string,
  code: string,
  extra: Partial<ValidCase> = {},
): ValidCase {
  return { name, code, ...extra };
}

/** One report on the only occurrence of `at`, each edit replaces that text. */
export function error(
  code: string,
  at: string,
  messageId: string,
  data?: MessageData,
  edits: readonly Edit[] = [],
): ExpectedError {
  return {
    messageId,
    at,
    ...(data && { data }),
    ...(edits.length > 0 && {
      suggestions: edits.map(([id, text, values]) => ({
        messageId: id,
        ...(values && { data: values }),
        output: code.replace(at, () => text),
      })),
    }),
  };
}

/** A case with the reports that `errors` makes for its code. */
export function wrong(
  name: string,
  code: string,
  errors: (code: string) => readonly ExpectedError[],
  extra: Partial<ValidCase> = {},
): InvalidCase {
  return { name, code, errors: errors(code), ...extra };
}
