// The filters. They are asked of the server, which knows more exchanges than the page; what comes live is told by itself, but
// for the search.

import { byId } from "./dom.js";
import { offer } from "./list.js";

const FIELDS = ["verdict", "spec", "method", "status"];
const SEARCH_PAUSE = 200;

export class Filters {
  #changed;
  #timer = 0;

  constructor(changed) {
    this.#changed = changed;
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("search").addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(changed, SEARCH_PAUSE);
    });
    for (const field of FIELDS) this.#select(field).addEventListener("change", changed);
    byId("more-filters").addEventListener("click", () => this.#unfold());
    byId("reset-filters").addEventListener("click", () => this.reset());
  }

  get search() {
    return byId("search").value.trim();
  }

  get isActive() {
    return this.search !== "" || FIELDS.some((field) => this.#value(field) !== "");
  }

  /** What the server is asked for, `null` where the newest are enough. */
  get query() {
    const query = Object.fromEntries(FIELDS.map((field) => [field, this.#value(field)]));
    query.search = this.search;
    if (query.status) query.status = query.status === "0" ? "none" : `${query.status}xx`;
    const given = Object.entries(query).filter(([, value]) => value !== "");
    return given.length > 0 ? Object.fromEntries(given) : null;
  }

  /** Whether an exchange passes all but the search. */
  lets(item) {
    const [verdict, spec, method, status] = FIELDS.map((field) => this.#value(field));
    if (verdict && item.verdict !== verdict) return false;
    if (spec && item.spec !== spec) return false;
    if (method && item.method !== method) return false;
    return !status || statusClass(item) === status;
  }

  /** Offers the specs and methods that were seen. */
  learn(items) {
    offer(this.#select("spec"), items.map((item) => item.spec).filter(Boolean));
    offer(this.#select("method"), items.map((item) => item.method).filter(Boolean));
  }

  reset() {
    byId("search").value = "";
    for (const field of FIELDS) this.#select(field).value = "";
    this.#changed();
  }

  #unfold() {
    const button = byId("more-filters");
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  }

  #select(field) {
    return byId(`filter-${field}`);
  }

  #value(field) {
    return this.#select(field).value;
  }
}

const statusClass = (item) => (item.status === null ? "0" : String(item.status)[0]);
