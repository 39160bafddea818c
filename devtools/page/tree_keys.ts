import type { Model, Row } from "./model.ts";

/** Where a key leads from a row of the tree: as in every tree of the platform. */
export function rowAfterKey(
  key: string,
  model: Model,
  row: Row | undefined,
  page: number,
): Row | undefined {
  const { visible } = model;
  const at = row === undefined ? -1 : model.indexOf(row);
  const clamp = (index: number) =>
    visible[Math.min(Math.max(index, 0), visible.length - 1)];
  switch (key) {
    case "ArrowDown":
      return clamp(at + 1);
    case "ArrowUp":
      return clamp(at - 1);
    case "PageDown":
      return clamp(at + page);
    case "PageUp":
      return clamp(at - page);
    case "Home":
      return clamp(0);
    case "End":
      return clamp(visible.length - 1);
    case "ArrowRight":
      return row?.children[0];
    case "ArrowLeft":
      return row?.owner;
    default:
      return undefined;
  }
}
