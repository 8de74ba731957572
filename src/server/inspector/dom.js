// Elements made from texts. Whatever comes from a request goes through here and becomes a text node, never markup.

// Characters that change what a reader sees without being seen: controls, and those that turn or hide text (Trojan Source,
// CVE-2021-42574). The joiners U+200C and U+200D stay, since words and emoji need them.
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text with what is invisible spelled out. */
export function visible(text) {
  return String(text).replace(INVISIBLE, (found) => `\\u{${found.codePointAt(0).toString(16)}}`);
}

/** An element with attributes and children. A function is a listener; `null`, `undefined` and `false` are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(attribute, value);
    else made.setAttribute(attribute, value === true ? "" : value);
  }
  add(made, children);
  return made;
}

/** Appends children: elements as they are, everything else as text. */
export function add(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : visible(child));
  }
}

/** Puts children in the place of those that are there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
}

/** Text for screen readers alone. */
export const unseen = (text) => element("span", { class: "hidden" }, text);

/** Longer texts would push everything else off the page. */
const LONG = 600;

/** A text, folded where it is very long. */
export function foldable(text, most = LONG) {
  if (typeof text !== "string" || text.length <= most) return text;
  const rest = text.length - most;
  const more = element("button", { type: "button", class: "plain" }, `… ${plural(rest, "more character")}`);
  more.addEventListener("click", () => more.replaceWith(visible(text.slice(most))));
  return [text.slice(0, most), more];
}

export const byId = (id) => document.getElementById(id);

export function bytes(count) {
  if (count === null || count === undefined) return "–";
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(count < 1e4 ? 1 : 0)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

export function milliseconds(value) {
  if (value === null || value === undefined) return "–";
  if (value < 10) return `${Number(value).toFixed(2)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${(value / 1000).toFixed(1)} s`;
}

/** The local time of day of an RFC 3339 timestamp. */
export function timeOfDay(at, withMilliseconds = false) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return String(at);
  const two = (number) => String(number).padStart(2, "0");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return withMilliseconds ? `${clock}.${String(time.getMilliseconds()).padStart(3, "0")}` : clock;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
