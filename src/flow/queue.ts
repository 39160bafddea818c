/** What came first goes first, in constant time. */
export class Queue<T> {
  #items: T[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }
  push(item: T): void {
    this.#items.push(item);
  }
  /** The first item, which leaves. There has to be one. */
  shift(): T {
    const item = this.#items[this.#first]!;
    this.#items[this.#first++] = undefined as T;
    // Moved rarely enough that it costs nothing for each of them.
    if (this.#first >= 32 && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }
}
