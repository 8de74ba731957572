// The rows. They are drawn once per animation frame at most, and seldom and few in a flood.

import { element, fill, milliseconds, timeOfDay, unseen, visible } from "./dom.js";
import { MAX_KEPT } from "./log.js";
import { verdict } from "./words.js";

/** So many new rows in one frame are a flood: nobody can read them. */
const FLOOD = 40;
const FLOOD_ROWS = 100;
const FLOOD_PAUSE = 250;

/** A long list is drawn over several frames. */
const ROWS_A_FRAME = 200;

export class List {
  #list;
  #rows = new Map();
  #items = () => [];
  #scheduled = false;
  #floodUntil = 0;
  #chosen = null;
  #reached = null;
  #drawn = () => {};

  /** `items()` gives what is to be shown, newest first; `drawn(isFlood)` is called after each drawing. */
  constructor(list, items, drawn) {
    this.#list = list;
    this.#items = items;
    this.#drawn = drawn;
    list.addEventListener("focusin", (event) => this.#reach(idOf(event.target.closest("a"))));
  }

  /** Draws soon. */
  refresh() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = this.#floodUntil - performance.now();
    if (wait > 0) setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
    else requestAnimationFrame(() => this.#draw());
  }

  choose(id) {
    if (this.#chosen !== null) this.#rows.get(this.#chosen)?.firstChild.removeAttribute("aria-current");
    this.#chosen = id;
    const link = this.#rows.get(id)?.firstChild;
    link?.setAttribute("aria-current", "true");
    if (link) this.#reach(id);
  }

  /** Puts the focus on the chosen row, or on the first; `false` where there is none. */
  focus() {
    const row = this.#rows.get(this.#chosen) ?? this.#rows.get(this.#reached) ?? this.#list.firstElementChild;
    focusOn(row);
    return row !== null;
  }

  /** Moves to the row so many places away, and gives its id; `null` where there is none. */
  move(steps) {
    const from = this.#list.contains(document.activeElement) ? document.activeElement.closest("li") : this.#rows.get(this.#chosen);
    let row = this.#list.firstElementChild;
    if (from) row = (steps > 0 ? from.nextElementSibling : from.previousElementSibling) ?? from;
    if (!row) return null;
    focusOn(row);
    return idOf(row.firstChild);
  }

  #reach(id) {
    if (id === null || id === this.#reached) return;
    const before = this.#rows.get(this.#reached)?.firstChild;
    if (before) before.tabIndex = -1;
    this.#reached = id;
    const link = this.#rows.get(id)?.firstChild;
    if (link) link.tabIndex = 0;
  }

  #draw() {
    this.#scheduled = false;
    const items = this.#items();
    const fresh = items.findIndex((item) => this.#rows.has(item.id));
    const isFlood = this.#rows.size > 0 && (fresh === -1 ? items.length : fresh) > FLOOD;
    const most = isFlood ? FLOOD_ROWS : Math.min(this.#rows.size + ROWS_A_FRAME, MAX_KEPT);
    this.#put(items.slice(0, most));
    this.#floodUntil = isFlood ? performance.now() + FLOOD_PAUSE : 0;
    if (this.#rows.size < Math.min(items.length, MAX_KEPT)) this.refresh();
    this.#drawn(isFlood);
  }

  #put(shown) {
    const wanted = new Set(shown.map((item) => item.id));
    const hadFocus = this.#list.contains(document.activeElement);
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    let next = this.#list.firstElementChild;
    for (const item of shown) {
      const row = this.#rows.get(item.id) ?? this.#make(item);
      if (row === next) next = next.nextElementSibling;
      else this.#list.insertBefore(row, next);
    }
    this.#keepReachable(hadFocus);
  }

  /** One row can be reached with the tab key, whatever went. */
  #keepReachable(hadFocus) {
    if (!this.#rows.has(this.#reached)) {
      this.#reached = null;
      this.#reach(this.#rows.has(this.#chosen) ? this.#chosen : idOf(this.#list.firstElementChild?.firstChild));
    }
    if (hadFocus && !this.#list.contains(document.activeElement)) this.#rows.get(this.#reached)?.firstChild.focus();
  }

  #make(item) {
    const made = element("li", {}, link(item));
    this.#rows.set(item.id, made);
    if (item.id === this.#chosen) made.firstChild.setAttribute("aria-current", "true");
    if (item.id === this.#reached) made.firstChild.tabIndex = 0;
    return made;
  }
}

const idOf = (link) => (link?.dataset.id ? Number(link.dataset.id) : null);

function focusOn(row) {
  row?.firstChild.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function link(item) {
  const { symbol, word } = verdict(item.verdict);
  const many = item.differences > 1 ? ` in ${item.differences}` : "";
  return element(
    "a",
    { class: "row", href: `#/requests/${item.id}`, "data-id": item.id, "data-verdict": item.verdict, tabindex: -1 },
    element("span", { class: "mark", "aria-hidden": "true" }, symbol),
    element("span", { class: "first" },
      element("span", { class: "method" }, item.method),
      " ",
      element("bdi", { class: "target", title: visible(item.target) }, item.target),
      unseen(", "),
      statusOf(item),
    ),
    element("span", { class: "second" },
      element("span", { class: "verdict" }, `${word}${many}`),
      unseen(", "),
      element("bdi", { class: "about" }, about(item)),
      element("span", { class: "when" }, element("span", { class: "took" }, `${milliseconds(item.duration_ms)} · `), element("time", { datetime: item.at }, timeOfDay(item.at))),
    ),
  );
}

function about(item) {
  if (item.purpose === "token") return [item.spec, "token"].filter(Boolean).join(" · ");
  return [item.spec, item.case].filter(Boolean).join(" · ");
}

export function statusOf(item) {
  if (item.fault) return element("span", { class: "status", "data-class": "0" }, item.fault);
  if (item.status === null) return element("span", { class: "status", "data-class": "0" }, "no reply");
  return element("span", { class: "status", "data-class": String(item.status)[0] }, item.status);
}

/** Whoever sends requests can make up methods without end. */
const MAX_OPTIONS = 200;

/** Options of a choice, the chosen one kept. */
export function offer(select, values) {
  const known = [...select.options].map((option) => option.value).filter(Boolean);
  const all = [...new Set([...known, ...values])].slice(0, MAX_OPTIONS).sort();
  if (all.length === known.length) return;
  const chosen = select.value;
  fill(select, element("option", { value: "" }, select.options[0].textContent), all.map((value) => element("option", { value }, value)));
  select.value = chosen;
}
