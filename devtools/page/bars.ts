/// <reference lib="dom" />
import type { Span } from "../recording/span.ts";
import type { Model, Row } from "./model.ts";
import { ticks, timeText, type TimeWindow } from "./time_window.ts";
import { lookOf } from "./words.ts";

/** How high a row is, in pixels. */
export const ROW_HEIGHT = 24;
/** How high the line with the times is. */
export const AXIS_HEIGHT = 24;

/** What is drawn. */
export interface Scene {
  readonly model: Model;
  readonly time: TimeWindow;
  /** How far the rows are scrolled, in pixels. */
  readonly top: number;
  readonly selected: Row | undefined;
}

type Colours = Readonly<Record<string, string>>;

const NAMES = [
  "running",
  "cancelling",
  "completed",
  "failed",
  "cancelled",
  "wait",
  "line",
  "text",
  "selected",
  "arrow",
];

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  );
}

/** The timeline's bars on a canvas: only what is seen is drawn. */
export class Bars {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #width = 0;
  #height = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#context = canvas.getContext("2d")!;
  }

  /** The width in pixels of the page. */
  get width(): number {
    return this.#width;
  }

  resize(width: number, height: number): void {
    const ratio = devicePixelRatio;
    this.#width = width;
    this.#height = height;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw(scene: Scene): void {
    const colours = coloursOf(this.canvas);
    const { model, top, selected } = scene;
    this.#context.clearRect(0, 0, this.#width, this.#height);
    this.#axis(scene, colours);
    const first = Math.floor(top / ROW_HEIGHT);
    const last = Math.ceil((top + this.#height) / ROW_HEIGHT);
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(0, AXIS_HEIGHT, this.#width, this.#height);
    this.#context.clip();
    for (let i = first; i <= last; i++) {
      const row = model.visible[i];
      if (row === undefined) break;
      this.#row(row, i * ROW_HEIGHT - top + AXIS_HEIGHT, scene, colours);
    }
    if (selected !== undefined) this.#arrow(selected, scene, colours);
    this.#context.restore();
  }

  #x(ms: number, { from, width }: TimeWindow): number {
    return (ms - from) / width * this.#width;
  }

  #axis({ time }: Scene, colours: Colours): void {
    const context = this.#context;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    const most = Math.floor(this.#width / 80);
    for (const at of ticks(time.from, time.to, most)) {
      const x = Math.round(this.#x(at, time)) + 0.5;
      context.strokeStyle = colours["line"]!;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, this.#height);
      context.stroke();
      context.fillStyle = colours["text"]!;
      context.fillText(timeText(at), x + 4, AXIS_HEIGHT / 2);
    }
  }

  #row(row: Row, y: number, scene: Scene, colours: Colours): void {
    const { time, model } = scene;
    const { span } = row;
    const context = this.#context;
    if (row === scene.selected) {
      context.fillStyle = colours["selected"]!;
      context.fillRect(0, y, this.#width, ROW_HEIGHT);
    }
    const left = this.#x(span.begin, time);
    const right = this.#x(span.end ?? model.elapsed, time);
    if (right < 0 || left > this.#width) return;
    const x = Math.max(left, -4);
    const width = Math.max(Math.min(right, this.#width + 4) - x, 3);
    const bar = { x, y: y + 4, width, height: ROW_HEIGHT - 8 };
    context.fillStyle = colours[span.status]!;
    context.fillRect(bar.x, bar.y, bar.width, bar.height);
    this.#waits(span, bar, scene, colours);
    this.#pattern(span, bar, colours);
    if (width > 16) {
      context.fillStyle = colours["text"]!;
      context.fillText(lookOf(span).sign, x + 3, y + ROW_HEIGHT / 2);
    }
  }

  /** While it waits, the lower part of the bar is pale. */
  #waits(span: Span, bar: Box, { time, model }: Scene, colours: Colours): void {
    this.#context.fillStyle = colours["wait"]!;
    const end = span.end ?? model.elapsed;
    for (const wait of span.waits) {
      const from = Math.max(this.#x(wait.begin, time), bar.x);
      const to = Math.min(
        this.#x(Math.min(wait.end ?? end, end), time),
        bar.x + bar.width,
      );
      if (to - from < 0.5) continue;
      this.#context.fillRect(from, bar.y + bar.height - 5, to - from, 4);
    }
  }

  /** Strokes that tell the states apart without colours. */
  #pattern({ status, shielded }: Span, bar: Box, colours: Colours): void {
    const context = this.#context;
    context.strokeStyle = colours["text"]!;
    context.lineWidth = 1;
    context.save();
    context.beginPath();
    context.rect(bar.x, bar.y, bar.width, bar.height);
    context.clip();
    context.beginPath();
    if (status === "cancelled") {
      for (let x = bar.x - bar.height; x < bar.x + bar.width; x += 7) {
        context.moveTo(x, bar.y + bar.height);
        context.lineTo(x + bar.height, bar.y);
      }
    } else if (status === "cancelling") {
      for (let x = bar.x + 2; x < bar.x + bar.width; x += 5) {
        context.moveTo(x, bar.y);
        context.lineTo(x, bar.y + bar.height);
      }
    } else if (status === "failed") {
      context.moveTo(bar.x, bar.y + bar.height / 2);
      context.lineTo(bar.x + bar.width, bar.y + bar.height / 2);
    }
    context.stroke();
    context.restore();
    if (!shielded) return;
    context.lineWidth = 2;
    context.strokeRect(bar.x, bar.y, bar.width, bar.height);
    context.lineWidth = 1;
  }

  /** From whoever asked to the selected row, at the time of the request. */
  #arrow(row: Row, { model, time, top }: Scene, colours: Colours): void {
    const { reason, cancelledAt } = row.span;
    const source = model.row(reason?.[0]?.source?.id);
    if (source === undefined || source === row || cancelledAt === undefined) {
      return;
    }
    const middle = (each: Row) =>
      model.indexOf(each) * ROW_HEIGHT - top + AXIS_HEIGHT + ROW_HEIGHT / 2;
    if (model.indexOf(source) < 0) return;
    const x = this.#x(cancelledAt, time);
    const [from, to] = [middle(source), middle(row)];
    const tip = to > from ? -5 : 5;
    const context = this.#context;
    context.strokeStyle = context.fillStyle = colours["arrow"]!;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, from);
    context.lineTo(x, to);
    context.stroke();
    context.beginPath();
    context.moveTo(x, to);
    context.lineTo(x - 4, to + tip);
    context.lineTo(x + 4, to + tip);
    context.fill();
    context.lineWidth = 1;
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
