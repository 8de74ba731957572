// One exchange: verification, recovered values, request, reply.

import { asItIs, hexadecimal, laidOut, pairs } from "./body.js";
import { checkTable } from "./checks.js";
import { bytes, element, fill, foldable, milliseconds, plural, timeOfDay } from "./dom.js";
import { statusOf } from "./list.js";
import { chosenBy, status, verdict } from "./words.js";

/** `actions` are the handlers `curl`, `download`, `replay` and `copy(text)`. */
export function showExchange(pane, exchange, actions) {
  const { request, reply } = exchange;
  fill(pane,
    heading(exchange),
    buttons(exchange, actions),
    facts(exchange),
    verification(exchange),
    recovered(exchange.recovered),
    element("div", { class: "messages" },
      message("Request", "request", request, actions, query(exchange.target)),
      reply ? message(`Reply ${status(exchange.status)}`, "reply", reply, actions) : noReply(exchange)),
    masked(exchange.masked));
}

export function showProblem(pane, title, text) {
  fill(pane, back(), element("h2", { tabindex: "-1" }, title), element("p", { class: "problem" }, text));
}

const LONG_TARGET = 240;

const back = () => element("a", { class: "back button", href: "#/" }, "← All exchanges");

function heading(exchange) {
  const { symbol } = verdict(exchange.verdict);
  return [
    back(),
    element("h2", { class: "title", tabindex: "-1" },
      element("span", { class: "method" }, exchange.method), " ", element("bdi", { class: "target" }, foldable(exchange.target, LONG_TARGET))),
    element("p", { class: "verdict-line", "data-verdict": exchange.verdict },
      element("span", { class: "mark", "aria-hidden": "true" }, symbol),
      element("span", {}, summary(exchange)),
      element("span", { class: "number" }, `No. ${exchange.id}`)),
  ];
}

function summary(exchange) {
  if (exchange.verdict === "matches") return "Matches the spec";
  if (exchange.verdict === "unmatched") return "No action has this address";
  if (exchange.verdict !== "differs") return exchange.verdict;
  return `Differs from the spec in ${plural(exchange.differences, "place")}`;
}

function buttons(exchange, actions) {
  const button = (text, action, more) => element("button", { type: "button", click: () => action(exchange), ...more }, text);
  return element("div", { class: "buttons", role: "group", "aria-label": "This exchange" },
    button("Copy as curl", actions.curl, { "aria-keyshortcuts": "c" }),
    button("Download case", actions.download, { title: "This exchange as a case of the spec, in TOML" }),
    button("Replay…", actions.replay, { title: "Send this request to another URL" }));
}

function facts(exchange) {
  const fact = (name, ...value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  const from = exchange.file && exchange.file !== exchange.spec ? element("span", { class: "quiet" }, ` ${exchange.file}`) : null;
  const why = exchange.chosen_by ? element("span", { class: "quiet" }, ` ${chosenBy(exchange.chosen_by)}`) : null;
  return element("dl", { class: "facts" },
    exchange.spec ? fact("Spec", element("bdi", {}, exchange.spec), from) : null,
    exchange.case ? fact("Case", element("bdi", {}, exchange.case), why) : null,
    exchange.purpose === "token" ? fact("Purpose", "token request") : null,
    fact("Status", exchange.status === null ? "none" : statusOf(exchange)),
    exchange.fault ? fact("Fault", exchange.fault) : null,
    fact("Took", milliseconds(exchange.duration_ms)),
    fact("At", element("time", { datetime: exchange.at, title: exchange.at }, timeOfDay(exchange.at, true))),
    fact("Size", `${bytes(exchange.request_bytes)} in, ${bytes(exchange.reply_bytes)} out`));
}

function section(title, ...content) {
  return element("section", {}, element("h3", {}, title), content);
}

function verification(exchange) {
  if (exchange.verdict === "unmatched") return nearest(exchange.nearest ?? []);
  const checks = exchange.checks ?? [];
  if (checks.length === 0) return section("Verification", element("p", { class: "quiet" }, unchecked(exchange)));
  const varies = checks.some((row) => row.verdict === "varies");
  return section("Verification", checkTable(checks, "What the spec expects and what came"),
    varies ? element("p", { class: "quiet" }, "“Varies” means: not the case's own value, as other data gives another. It is no fault.") : null);
}

function unchecked(exchange) {
  return exchange.verdict === "matches" ? "The request is exactly what the case sends." : "Nothing was compared.";
}

function nearest(candidates) {
  if (candidates.length === 0) {
    return section("Nearest actions", element("p", {}, "No action comes close. ", element("a", { href: "#/actions" }, "See the URLs of all actions"), "."));
  }
  return section("Nearest actions", candidates.map((candidate) => element("section", { class: "candidate" },
    element("h4", {}, element("bdi", {}, [candidate.spec, candidate.case].filter(Boolean).join(" · "))),
    checkTable(candidate.checks ?? [], `What ${candidate.spec} expects and what came`))));
}

function recovered(values) {
  const rows = Object.entries(values ?? {}).map(([name, value]) => [name, JSON.stringify(value)]);
  return rows.length > 0 ? section("Recovered values", pairs(rows, "Values read from the request", ["Name", "Value"])) : null;
}

function query(target) {
  const text = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  return [...new URLSearchParams(text)];
}

function message(title, kind, part, actions, parameters = []) {
  const type = part.headers?.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const over = part.version ? element("span", { class: "quiet" }, ` ${part.version}, ${part.scheme ?? ""}`) : null;
  return element("section", { class: "message" },
    element("h3", {}, title, over),
    parameters.length > 0 ? folded(`Query (${parameters.length})`, pairs(parameters, "Query parameters", ["Name", "Value"]), true) : null,
    folded(`Headers (${part.headers?.length ?? 0})`, pairs(part.headers ?? [], `Headers of the ${kind}`, ["Header", "Value"]), true),
    body(kind, part, type, actions));
}

function noReply(exchange) {
  const why = exchange.fault ? `The fault “${exchange.fault}” stood in its place.` : "The connection ended before one was sent.";
  return element("section", { class: "message" }, element("h3", {}, "No reply"), element("p", { class: "quiet" }, why));
}

function folded(title, content, isOpen) {
  return element("details", { open: isOpen }, element("summary", {}, element("h4", {}, title)), content);
}

function body(kind, part, type, actions) {
  const cut = part.cut ? element("p", { class: "problem" }, "The body was longer than the log keeps; this is its beginning.") : null;
  if (part.body_base64) {
    return element("div", { class: "body" }, bodyBar("Body, not text", type, part.body_base64, kind, actions), cut, hexadecimal(part.body_base64));
  }
  if (!part.body) return element("p", { class: "quiet body" }, "No body.");
  const pretty = laidOut(part.body, type);
  const raw = asItIs(part.body);
  const place = element("div", {}, pretty ?? raw);
  const toggle = pretty ? rawToggle(place, pretty, raw, kind) : null;
  return element("div", { class: "body" }, bodyBar("Body", type, part.body, kind, actions, toggle), cut, place);
}

function bodyBar(title, type, text, kind, actions, toggle = null) {
  return element("div", { class: "body-bar" },
    element("h4", {}, title, type ? element("span", { class: "quiet" }, " ", element("bdi", {}, type)) : null),
    toggle,
    element("button", { type: "button", class: "small", "aria-label": `Copy the body of the ${kind}`, click: () => actions.copy(text, `The body of the ${kind}`) }, "Copy"));
}

function rawToggle(place, pretty, raw, kind) {
  const toggle = element("button", { type: "button", class: "small", "aria-pressed": "false", "aria-label": `Raw body of the ${kind}` }, "Raw");
  toggle.addEventListener("click", () => {
    const isRaw = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(isRaw));
    place.replaceChildren(isRaw ? raw : pretty);
  });
  return toggle;
}

function masked(places) {
  if (!places || places.length === 0) return null;
  return section("Masked",
    element("p", { class: "quiet" }, "Secrets are never shown. Masked here: ",
      places.map((place, at) => [at > 0 ? ", " : "", element("code", {}, place)]), "."));
}
