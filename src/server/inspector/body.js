// Bodies made readable. They are laid out from their own text and not from parsed values: a number keeps its digits, a key
// that stands twice is shown twice.

import { element, foldable, visible } from "./dom.js";

/** Longer bodies are shown as they are: laying them out would hold up the page. */
const MAX_LAID_OUT = 200_000;

/** More than this is neither drawn nor read by anyone; the whole stands behind `copy`. */
const MAX_DRAWN = 500_000;

/** A body of more pieces is shown as it is, for the same reason. */
const MAX_PIECES = 10_000;
const MAX_FIELDS = 1_000;

const MAX_HEXADECIMAL = 4_096;

const JSON_TOKEN = /\s+|"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/y;

/** The body laid out, or `null` where it is shown as it is. */
export function laidOut(text, contentType) {
  if (text.length > MAX_LAID_OUT) return null;
  const type = (contentType ?? "").toLowerCase();
  const start = text.trimStart()[0];
  if (type.includes("json") || start === "{" || start === "[") {
    const node = jsonLayout(text);
    if (node) return node;
  }
  if (type.includes("xml") || start === "<") {
    const node = xmlLayout(text);
    if (node) return node;
  }
  return type.includes("x-www-form-urlencoded") ? formLayout(text) : null;
}

export function asItIs(text) {
  return element("pre", { class: "code", tabindex: "0" }, text.slice(0, MAX_DRAWN));
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function jsonLayout(text) {
  if (!isJson(text)) return null;
  const code = element("pre", { class: "code", tabindex: "0" });
  const tokens = jsonTokens(text);
  if (tokens.length > MAX_PIECES) return null;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    const isEmpty = (token === "{" && next === "}") || (token === "[" && next === "]");
    const closesEmpty = (token === "}" && tokens[at - 1] === "{") || (token === "]" && tokens[at - 1] === "[");
    if ((token === "}" || token === "]") && !closesEmpty) code.append(newLine(--depth));
    code.append(jsonPiece(token, next));
    if ((token === "{" || token === "[") && !isEmpty) code.append(newLine(++depth));
    if (token === ",") code.append(newLine(depth));
    if (token === ":") code.append(" ");
  }
  return code;
}

function jsonTokens(text) {
  const tokens = [];
  JSON_TOKEN.lastIndex = 0;
  for (let found = JSON_TOKEN.exec(text); found; found = JSON_TOKEN.exec(text)) {
    if (found[0].trim()) tokens.push(found[0]);
    if (JSON_TOKEN.lastIndex >= text.length || tokens.length > MAX_PIECES) break;
  }
  return tokens;
}

/** Deeper than this is not pushed further to the right. */
const newLine = (depth) => `\n${"  ".repeat(Math.min(depth, 20))}`;

function jsonPiece(token, next) {
  if ("{}[],:".includes(token)) return token;
  let kind = "literal";
  if (token[0] === '"') kind = next === ":" ? "key" : "string";
  else if (/[-\d]/.test(token[0])) kind = "number";
  return element("span", { class: kind }, token);
}

const XML_TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<\/?[^<>]+>|[^<]+/y;

/** `null` where tags do not pair: a layout would hide that. */
function xmlLayout(text) {
  const tokens = xmlTokens(text);
  if (!tokens) return null;
  const code = element("pre", { class: "code", tabindex: "0" });
  const open = [];
  for (const [at, token] of tokens.entries()) {
    const isEnd = token.startsWith("</");
    if (isEnd && open.pop() !== tagName(token)) return null;
    const isInline = at === 0 || !isTag(token) || (isEnd && !isTag(tokens[at - 1])) || (isEnd && isStart(tokens[at - 1]));
    if (!isInline) code.append(newLine(open.length));
    code.append(isTag(token) ? element("span", { class: "key" }, token) : visible(token.trim()));
    if (isStart(token)) open.push(tagName(token));
  }
  return open.length === 0 ? code : null;
}

function xmlTokens(text) {
  const tokens = [];
  XML_TOKEN.lastIndex = 0;
  while (XML_TOKEN.lastIndex < text.length) {
    const found = XML_TOKEN.exec(text);
    if (!found || tokens.length > MAX_PIECES) return null;
    if (found[0].trim()) tokens.push(found[0]);
  }
  return tokens;
}

const isTag = (token) => token[0] === "<" && !token.startsWith("<![CDATA[");
const isStart = (token) => /^<[^/!?]/.test(token) && !token.endsWith("/>");
const tagName = (token) => /^<\/?([^\s/>]+)/.exec(token)[1];

function formLayout(text) {
  const rows = [...new URLSearchParams(text)];
  return rows.length > MAX_FIELDS ? null : pairs(rows, "Form fields", ["Field", "Value"]);
}

/** A table of names and values. */
export function pairs(rows, caption, [name, value]) {
  return element("table", { class: "pairs" },
    element("caption", { class: "hidden" }, caption),
    element("colgroup", {}, element("col"), element("col")),
    element("thead", { class: "hidden" }, element("tr", {}, element("th", { scope: "col" }, name), element("th", { scope: "col" }, value))),
    element("tbody", {}, rows.map(([name, value]) =>
      element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, name)), element("td", {}, element("bdi", {}, foldable(value)))))),
  );
}

/** The bytes of a body that is no text, sixteen a line, as `xxd` shows them. */
export function hexadecimal(base64) {
  let raw;
  try {
    raw = atob(base64);
  } catch {
    return asItIs(base64);
  }
  const lines = [];
  for (let at = 0; at < Math.min(raw.length, MAX_HEXADECIMAL); at += 16) {
    const line = raw.slice(at, at + 16);
    const codes = [...line].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${codes.padEnd(47)}  ${line.replace(/[^ -~]/g, ".")}`);
  }
  if (raw.length > MAX_HEXADECIMAL) lines.push(`… ${raw.length - MAX_HEXADECIMAL} more bytes`);
  return asItIs(lines.join("\n"));
}
