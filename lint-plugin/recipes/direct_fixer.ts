import type { Edit, Fixer } from "../host/rule.ts";

const at = (offset: number, text: string): Edit => ({
  range: [offset, offset],
  text,
});

/** What hosts give to a fix, for edits that are made right away. */
export const directFixer: Fixer = {
  insertTextBefore: ({ range }, text) => at(range[0], text),
  insertTextAfter: ({ range }, text) => at(range[1], text),
  insertTextBeforeRange: (range, text) => at(range[0], text),
  insertTextAfterRange: (range, text) => at(range[1], text),
  replaceText: ({ range }, text) => ({ range, text }),
  replaceTextRange: (range, text) => ({ range, text }),
  remove: ({ range }) => ({ range, text: "" }),
  removeRange: (range) => ({ range, text: "" }),
};
