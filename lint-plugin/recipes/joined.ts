/** Work that a `Promise.all` starts and joins, under a controller's signal. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isFunctionExpression, unwrap } from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import type { Draft } from "./draft.ts";
import { takesOnly } from "./mapper.ts";
import { getPromiseAllMap, getPromiseArgument } from "./promise_all.ts";

/** The same as `all()` or `map()`; undefined if something isn't started there. */
export function writeJoined(
  context: RuleContext,
  draft: Draft,
  { call, signals, option }: {
    readonly call: ES.CallExpression;
    /** `controller.signal`, wherever it is written. */
    readonly signals: readonly ES.Node[];
    readonly option: string;
  },
): string | undefined {
  const end = option ? `, ${option})` : ")";
  const write = (node: ES.Node): string => {
    const [start] = node.range;
    let text = draft.keepRaw(node);
    const inside = signals.filter(({ range }) =>
      node.range[0] <= range[0] && range[1] <= node.range[1]
    ).toSorted((a, b) => b.range[0] - a.range[0]);
    for (const { range, parent } of inside) {
      const isOption = parent?.type === "Property" &&
        context.sourceCode.getText(parent.key) === "signal";
      const from = isOption ? parent.range[0] : range[0];
      text = text.slice(0, from - start) + "signal" +
        text.slice(range[1] - start);
    }
    return draft.move(node, text);
  };
  const mapping = getPromiseAllMap(context, call);
  if (mapping) {
    const callback = unwrap(mapping.callback);
    if (!isFunctionExpression(callback) || !takesOnly(context, callback, 2)) {
      return undefined;
    }
    const [item, index] = callback.params;
    const text = write(callback);
    if (!item || callback.type !== "ArrowFunctionExpression") return undefined;
    const body = write(callback.body);
    const tail = callback.body.type === "ObjectExpression" ? `(${body})` : body;
    const names = [
      draft.keep(item),
      "{ signal }",
      ...index ? [draft.keep(index)] : [],
    ].join(", ");
    return `${draft.use("map")}(${draft.keep(mapping.items)}, ${
      text.startsWith("async") ? "async " : ""
    }(${names}) => ${tail}${end}`;
  }
  const list = getPromiseArgument(context, call, "all");
  if (list?.type !== "ArrayExpression") return undefined;
  const bodies: string[] = [];
  for (const each of list.elements) {
    const waits = someInFlow(
      context,
      each,
      ({ type }) => type === "AwaitExpression",
    );
    if (each?.type !== "CallExpression" || waits) return undefined;
    const takes = signals.some(({ range }) =>
      each.range[0] <= range[0] && range[1] <= each.range[1]
    );
    bodies.push(`${takes ? "({ signal })" : "()"} => ${write(each)}`);
  }
  return `${draft.use("all")}([${bodies.join(", ")}]${end}`;
}
