/// <reference lib="dom" />

/** What gestures on the bars ask for. */
export interface GestureActions {
  /** By how much, around which point (0 left to 1 right). */
  zoom(factor: number, at: number): void;
  /** By a part of what is shown. */
  pan(part: number): void;
  /** A click, in pixels from the top left. */
  click(x: number, y: number): void;
  /** A double click. */
  open(x: number, y: number): void;
}

/** How far a pointer moves before it drags, in pixels. */
const SLACK = 4;

/**
 * Mouse, pen and touch on the bars: drag pans, two fingers or the wheel with
 * Ctrl zoom, the wheel sideways (or with Shift) pans. The wheel alone scrolls.
 */
export function listenToGestures(
  target: HTMLElement,
  actions: GestureActions,
): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = false;
  const widthOf = () => Math.max(1, target.clientWidth);
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.max(1, Math.abs(a!.x - b!.x));
  };

  target.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    moved = pointers.size > 1;
    target.setPointerCapture(event.pointerId);
  });
  target.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (last === undefined) return;
    const { offsetX: x, offsetY: y } = event;
    if (!moved && Math.abs(x - last.x) < SLACK) return;
    moved = true;
    if (pointers.size === 2) {
      const before = spread();
      pointers.set(event.pointerId, { x, y });
      const [a, b] = [...pointers.values()];
      actions.zoom(before / spread(), (a!.x + b!.x) / 2 / widthOf());
      return;
    }
    pointers.set(event.pointerId, { x, y });
    actions.pan((last.x - x) / widthOf());
  });
  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
  };
  target.addEventListener("pointerup", (event) => {
    release(event);
    if (!moved) actions.click(event.offsetX, event.offsetY);
  });
  target.addEventListener("pointercancel", release);
  target.addEventListener("dblclick", (event) => {
    actions.open(event.offsetX, event.offsetY);
  });
  target.addEventListener("wheel", (event) => {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      actions.zoom(2 ** (event.deltaY / 200), event.offsetX / widthOf());
    } else if (sideways !== 0) {
      event.preventDefault();
      actions.pan(sideways / widthOf());
    }
  }, { passive: false });
}
