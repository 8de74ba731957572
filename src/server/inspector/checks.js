// The near-miss table: what differs first, in symbols and words.

import { element, foldable, unseen } from "./dom.js";
import { CHECKS, check } from "./words.js";

const ORDER = Object.keys(CHECKS);

const rank = (row) => (ORDER.indexOf(row.verdict) + 1 || ORDER.length + 1);

/** More words than this are not compared one by one: the table of the comparison grows with the square. */
const MAX_WORDS = 300;

/** Roles are said outright: on narrow screens rows are laid out as blocks, which takes them from a table. */
export function checkTable(checks, caption) {
  const rows = [...checks].sort((one, other) => rank(one) - rank(other));
  return element("table", { class: "checks", role: "table" },
    element("caption", { class: "hidden" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" },
      ["Verdict", "Part", "Expected", "Got"].map((name) => element("th", { scope: "col", role: "columnheader" }, name)))),
    element("tbody", { role: "rowgroup" }, rows.map(checkRow)),
  );
}

function checkRow(row) {
  const { symbol, word } = check(row.verdict);
  const [expected, got] = row.verdict === "differs" ? marked(row.expected, row.got) : [row.expected, row.got];
  const main = element("tr", { role: "row", "data-verdict": row.verdict },
    element("td", { role: "cell", class: "verdict" }, element("span", { class: "mark", "aria-hidden": "true" }, symbol), " ", word),
    element("th", { scope: "row", role: "rowheader" },
      element("span", { class: "part" }, String(row.part).replaceAll("-", " ")),
      row.place ? [" ", element("code", {}, element("bdi", {}, row.place))] : null),
    cell("Expected", row.expected, expected, "nothing"),
    cell("Got", row.got, got, "missing"),
  );
  return row.note ? [main, note(row)] : main;
}

function note(row) {
  return element("tr", { role: "row", class: "note", "data-verdict": row.verdict },
    element("td", { role: "cell", class: "indent" }),
    element("td", { role: "cell", colspan: "3" }, element("bdi", {}, row.note)));
}

function cell(label, text, shown, absent) {
  const isThere = text !== null && text !== undefined;
  return element("td", { role: "cell", class: "value" },
    element("span", { class: "label", "aria-hidden": "true" }, label),
    isThere ? element("code", {}, element("bdi", {}, text === "" ? unseen("empty text") : foldable(shown))) : element("i", {}, absent));
}

/** Two texts, each with the words marked that the other does not have, unless they have little in common. */
export function marked(expected, got) {
  if (typeof expected !== "string" || typeof got !== "string") return [expected, got];
  const [one, other] = [words(expected), words(got)];
  if (one.length > MAX_WORDS || other.length > MAX_WORDS) return [expected, got];
  const common = longestCommon(one, other);
  const shared = common.reduce((sum, [at]) => sum + one[at].length, 0);
  if (shared * 3 < Math.max(expected.length, got.length)) return [expected, got];
  return [pieces(one, new Set(common.map(([at]) => at))), pieces(other, new Set(common.map(([, at]) => at)))];
}

const words = (text) => text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu) ?? [];

/** The pairs of places of the longest common subsequence. */
function longestCommon(one, other) {
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = one[i] === other[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

function pieces(parts, common) {
  return parts.map((part, at) => (common.has(at) ? part : element("mark", {}, part)));
}
