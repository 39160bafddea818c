/** The part of the time that is shown, in milliseconds. */
export class TimeWindow {
  from = 0;
  to = 1;
  #all = 1;

  get width(): number {
    return this.to - this.from;
  }
  /** Whether everything is shown. */
  get isFit(): boolean {
    return this.from <= 0 && this.to >= this.#all;
  }

  /** Says how long the whole is; who sees the whole goes on seeing it. */
  setAll(ms: number): void {
    const wasFit = this.isFit;
    this.#all = ms;
    if (wasFit) this.fit();
  }
  fit(): void {
    this.from = 0;
    this.to = this.#all;
  }
  /** Shows a part, with some room around it. */
  show(from: number, to: number): void {
    const room = Math.max((to - from) * 0.2, 0.05);
    this.#set(from - room, to - from + 2 * room);
  }
  /** Zooms by a factor; `at` (0 to 1) is the point that stays where it is. */
  zoom(factor: number, at = 0.5): void {
    const width = this.width * factor;
    this.#set(this.from + (this.width - width) * at, width);
  }
  /** Moves by a part of what is shown. */
  pan(part: number): void {
    this.#set(this.from + this.width * part, this.width);
  }

  #set(from: number, width: number): void {
    const wide = Math.min(Math.max(width, 0.01), this.#all);
    this.from = Math.min(Math.max(from, 0), this.#all - wide);
    this.to = this.from + wide;
  }
}

/** The times at which lines are drawn: round ones, at most `most`. */
export function ticks(from: number, to: number, most: number): number[] {
  const rough = (to - from) / Math.max(most, 1);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * magnitude)
    .find((each) => each >= rough)!;
  const first = Math.ceil(from / step);
  const found: number[] = [];
  for (let i = first; i * step <= to; i++) found.push(i * step);
  return found;
}

/** A time as people read it. */
export function timeText(ms: number): string {
  if (Math.abs(ms) < 1) return `${Number((ms * 1000).toPrecision(3))} µs`;
  if (Math.abs(ms) < 1000) return `${Number(ms.toPrecision(4))} ms`;
  return `${Number((ms / 1000).toPrecision(5))} s`;
}
