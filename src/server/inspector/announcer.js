// What a screen reader is told of new exchanges: one sentence now and then, however many come.

import { byId, plural, visible } from "./dom.js";

const PAUSE = 4_000;

let waiting = [];
let count = 0;
let timer = 0;
let last = -PAUSE;

export function announce(items) {
  count += items.length;
  waiting = items.slice(-1);
  if (timer || items.length === 0) return;
  timer = setTimeout(speak, Math.max(300, last + PAUSE - performance.now()));
}

function speak() {
  timer = 0;
  last = performance.now();
  const [item] = waiting;
  const text = count === 1 ? `New: ${item.method} ${item.target}, ${item.status ?? "no reply"}, ${item.verdict}` : `${plural(count, "new exchange")}`;
  byId("announcements").textContent = visible(text);
  count = 0;
}

let fading = 0;

/** Says what was done, or that it could not be. */
export function toast(text, isProblem = false) {
  const place = byId("toast");
  place.textContent = visible(text);
  place.dataset.state = isProblem ? "problem" : "shown";
  clearTimeout(fading);
  fading = setTimeout(() => { place.dataset.state = ""; }, isProblem ? 8_000 : 2_500);
}
