// The exchanges that the page knows: newest first, never more than MAX_KEPT.

export const MAX_KEPT = 1_000;

export class Log {
  #items = [];
  #known = new Map();
  #waiting = [];
  #since = [];

  /** Newest first. */
  get items() {
    return this.#items;
  }

  get waiting() {
    return this.#waiting.length;
  }

  /** A list is asked for: what is taken in from now on may be missing in it. */
  expect() {
    this.#since = [];
  }

  /** Puts the list that was asked for in the place of what was known before. */
  replace(items) {
    this.#known = new Map([...items, ...this.#since].map((item) => [item.id, item]));
    this.#since = [];
    this.#sort();
  }

  /** Remembers a new exchange until `take` is called: a page in the background draws nothing for hours. */
  push(item) {
    this.#waiting.push(item);
    if (this.#waiting.length >= 2 * MAX_KEPT) this.#waiting = this.#waiting.slice(-MAX_KEPT);
  }

  /** Takes in what waits, and gives it back. */
  take() {
    const taken = this.#waiting;
    this.#waiting = [];
    for (const item of taken) this.#known.set(item.id, item);
    this.#since = [...this.#since, ...taken].slice(-MAX_KEPT);
    if (taken.length > 0) this.#sort();
    return taken;
  }

  clear() {
    this.#known.clear();
    this.#waiting = [];
    this.#since = [];
    this.#items = [];
  }

  get(id) {
    return this.#known.get(id);
  }

  /** Whether an id is missing above `id`, so that events were lost. */
  hasGapAbove(id) {
    const above = this.#items.filter((item) => item.id > id);
    return above.length > 0 && above.length < MAX_KEPT && above[0].id - id !== above.length;
  }

  #sort() {
    this.#items = [...this.#known.values()].sort((one, other) => other.id - one.id);
    for (const dropped of this.#items.splice(MAX_KEPT)) this.#known.delete(dropped.id);
  }
}
